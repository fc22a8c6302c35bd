"""Which of two versions of a post is older: by the source's version number, its update time, or its arrival."""

import re
from typing import Final

from schemas.post import Post
from streams.dedupe.memory.remembered import Remembered, State
from streams.dedupe.notation.canonical import displayed
from streams.dedupe.notation.instant import at, micros

_NUMBERS: Final = re.compile(r"\d+")
_NUMBERED: Final = re.compile(r"v?\d+(?:[.:_-]\d+)*", re.IGNORECASE)


def has_order(version: str | None) -> bool:
    """Whether a version is numbered, so that two of them have an order."""
    return bool(version and _NUMBERED.fullmatch(version))


def compare_versions(old: str | None, new: str | None) -> int:
    """Return -1 if `new` is older, 1 if it is newer, 0 if the two are equal or not both numbered."""
    if not old or not new or old == new or not (has_order(old) and has_order(new)):
        return 0
    a, b = ([int(number) for number in _NUMBERS.findall(version)] for version in (old, new))
    return (b > a) - (b < a)


def is_stale(known: Remembered, post: Post, received: int) -> bool:
    """Whether the post is an older version than the one in memory.

    The source decides: by its version, otherwise by its update time. If it gives neither, the version that was received
    earlier is older, so that a replay of documents changes nothing.
    """
    if order := compare_versions(known.version, post.version):
        return order < 0
    updated = micros(post.updated_at)
    if updated is not None and known.updated is not None and updated != known.updated:
        return updated < known.updated
    if received < known.received:
        return updated is None or known.updated is None or updated <= known.updated
    if known.state is State.CANCELED and known.revision == 0 and not post.gone:
        return _written(post) is not None and (_written(post) or 0) <= (known.updated or known.received)
    return False


def is_newer(known: Remembered, post: Post) -> bool:
    """Whether the source itself says that this version is newer, by its version or its update time."""
    if order := compare_versions(known.version, post.version):
        return order > 0
    updated = micros(post.updated_at)
    return updated is not None and updated > (known.received if known.updated is None else known.updated)


def _written(post: Post) -> int | None:
    """Return when this version was written, if the source says so."""
    if post.updated_at is not None:
        return at(post.updated_at)
    return micros(displayed(post))
