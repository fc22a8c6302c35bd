"""A parser's result: the posts, and the parts that it could not read."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

import orjson

from schemas.post import Post
from streams.exceptions import ParseError
from streams.parse.payload.payload import Payload

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class BadPart:
    """A post that can't be read, in a document whose other posts can."""

    place: str
    """Its place in the document: an index, a JSON pointer, or a line."""
    error: str
    value: bytes
    """The part's bytes, or the nearest representation of it."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document's posts in the order they stand in it."""

    posts: tuple[Post, ...]
    bad: tuple[BadPart, ...] = ()
    snapshot: bool = True
    """Whether the document is all that the source shows now (a page, a feed) rather than a single update."""
    format: str = ""
    """The parser's name; set by the registry."""
    version: int = 0
    """The version of the parsers; set by the registry."""


def collect(
    payload: Payload, items: Iterable[tuple[str, Item]], read: Callable[[Item], Post | None]
) -> tuple[list[Post], list[BadPart]]:
    """Read each item at its place; one that raises `ParseError` is bad and the others go on, None is left out.

    Raises `ParseError` as soon as there are more than a document may have: a list of 200,000 nulls has no post, and
    would be as many dead letters.
    """
    posts: list[Post] = []
    bad: list[BadPart] = []
    for place, item in items:
        try:
            post = read(item)
        except ParseError as error:
            bad.append(BadPart(place, str(error), _as_bytes(item)))
        except (OverflowError, UnicodeError) as error:
            bad.append(BadPart(place, f"a time or a character in it is out of range: {error}", _as_bytes(item)))
        else:
            if post is not None:
                posts.append(post)
        if len(posts) + len(bad) > payload.limits.max_posts:
            raise too_many_posts(payload)
    return posts, bad


def too_many_posts(payload: Payload) -> ParseError:
    """Return the refusal of a document that has more posts than it may have."""
    return ParseError(f"the document has more than {payload.limits.max_posts:,} posts; so many are read at most")


def _as_bytes(item: object) -> bytes:
    if isinstance(item, bytes):
        return item
    if isinstance(item, str):
        return item.encode(errors="replace")
    try:
        return orjson.dumps(item, default=str)
    except (TypeError, ValueError):  # half a character, a number beyond 64 bits
        return json.dumps(item, default=str).encode()
