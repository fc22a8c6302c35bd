"""Liveline's own Post as JSON (`application/vnd.liveline.post+json`): one object or an array of them."""

from typing import Any

from schemas.post import Post, Status
from streams.exceptions import ParseError
from streams.parse.build import build_post
from streams.parse.parsed import Parsed, collect
from streams.parse.payload.payload import Payload
from streams.parse.registry import parser

_FIELDS = frozenset(Post.model_fields) - {"published_at", "updated_at", "time_basis"}
_TEXTS = ("body_html", "body_text", "summary")


def _is_post(payload: Payload) -> bool:
    if not payload.looks_like_json:
        return False
    found = payload.json[0] if isinstance(payload.json, list) and payload.json else payload.json
    return (
        isinstance(found, dict)
        and bool(found.keys() & {"body_text", "body_html", "headline", "status"})
        and found.keys() <= Post.model_fields.keys()
    )


@parser("post", content_types=("application/vnd.liveline.post+json",), looks_like=_is_post, rank=80)
def parse_post_json(payload: Payload) -> Parsed:
    """Read one post or an array of them; unknown fields are ignored, a wrong type is an error that names it."""
    found = payload.json
    if isinstance(found, dict):
        return Parsed((_post(payload, found),), snapshot=False)
    if not isinstance(found, list):
        raise ParseError(f"expected a post object or an array of them, found {type(found).__name__}")
    posts, bad = collect(
        payload, ((str(place), item) for place, item in enumerate(found)), lambda item: _post(payload, item)
    )
    return Parsed(tuple(posts), tuple(bad), snapshot=False)


def _post(payload: Payload, found: Any) -> Post:
    if not isinstance(found, dict):
        raise ParseError(f"expected a post object, found {type(found).__name__}")
    for name in ("published_at", "updated_at", *_TEXTS):
        if not isinstance(found.get(name), str | None):
            raise ParseError(f"{name}: expected text, found {str(found[name])[:80]!r}")
    for name in ("authors", "media", "embeds", "links", "subjects"):
        if not isinstance(found.get(name), list | None):
            raise ParseError(f"{name}: expected a list, found {str(found[name])[:80]!r}")
    for place, author in enumerate(found.get("authors") or ()):
        if not isinstance(author, str):
            raise ParseError(f"authors.{place}: expected text, found {str(author)[:80]!r}")
    try:
        status = Status(found.get("status") or Status.USABLE)
    except ValueError as error:
        raise ParseError(f"status: expected usable, withheld or canceled, found {found['status']!r}") from error
    fields = {name: value for name, value in found.items() if name in _FIELDS and value not in (None, "", [])}
    return build_post(
        payload,
        **{**fields, "status": status},
        verbatim=True,
        published=found.get("published_at"),
        updated=found.get("updated_at"),
    )
