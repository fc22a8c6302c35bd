"""JSON-LD in a page: found, read leniently, and its references by `@id` resolved."""

import json
import re
from functools import lru_cache
from typing import Any, Final

import orjson

from streams.exceptions import ParseError
from streams.parse.items.shape import as_dict, as_list, objects_in
from streams.parse.payload.payload import Payload

_TRAILING_COMMA: Final = re.compile(r",\s*(?=[}\]])")
_OPENING: Final = re.compile(r"\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)")
_CLOSING: Final = re.compile(r"(?:-->|(?://|/\*)?\s*\]\]>(?:\s*\*/)?)$")
_CLOSING_CHARS: Final = 40
"""Only the end of a script is searched for its closing mark: in the whole script a run of blanks costs its square."""


def jsonld_of(payload: Payload, *, holding: str = "") -> list[Any]:
    """Return the JSON-LD values of a document: the document itself, or the scripts of a page with `holding` in them.

    Raises `ParseError` when there are some and none can be read.
    """
    if payload.looks_like_json:
        return [payload.json]
    values: list[Any] = []
    error: ParseError | None = None
    for script in payload.html.css('script[type*="ld+json"]'):
        text = script.text() or ""
        if holding in text:
            try:
                values.append(_read(text))
            except ParseError as problem:
                error = problem
    if error and not values:
        raise error
    return values


def has_type(node: object, *types: str) -> bool:
    """Whether a node is of one of the types, however it writes them (`schema:X`, a full address, a list)."""
    stated = as_dict(node)
    named = as_list(stated.get("@type") or stated.get("type"))
    return any(isinstance(name, str) and _last_part(name) in types for name in named)


@lru_cache(maxsize=1024)
def _last_part(name: str) -> str:
    return re.split(r"[/#:]", name)[-1]


class Graph:
    """The nodes of a page's JSON-LD, with a look-up for references."""

    def __init__(self, values: list[Any], max_depth: int) -> None:
        self.objects: list[tuple[str, dict[str, Any]]] = [
            found for value in values for found in objects_in(value, max_depth)
        ]
        self._by_id = {
            name: node
            for _, node in reversed(self.objects)
            if isinstance(name := node.get("@id"), str) and len(node) > 1
        }

    def resolve(self, node: object) -> Any:
        """Return the node that a bare reference points to; other values are returned as they are."""
        if isinstance(node, dict) and node.keys() <= {"@id", "@type"} and isinstance(name := node.get("@id"), str):
            return self._by_id.get(name, node)
        return node


def _read(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        pass
    bare = _unwrapped(text).rstrip(";")
    error: ValueError | None = None
    for mend in (str, _without_trailing_commas):  # the scans cost more than reading does: only where they are needed
        attempt = mend(bare)
        try:
            return orjson.loads(attempt)
        except orjson.JSONDecodeError:
            pass
        try:  # line breaks inside strings are common where templates write JSON
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError) as problem:
            error = error or ValueError(str(problem))
    raise ParseError(f"the page's JSON-LD can't be read: {error}")


def _unwrapped(text: str) -> str:
    """Return a script without the comment or CDATA section that it is wrapped in."""
    opening = _OPENING.match(text)
    text = text[opening.end() :].strip() if opening else text.strip()
    closing = _CLOSING.search(text, max(0, len(text) - _CLOSING_CHARS))
    return text[: closing.start()].strip() if closing else text


def _without_trailing_commas(text: str) -> str:
    return _TRAILING_COMMA.sub("", text)
