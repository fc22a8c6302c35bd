"""JSON that a page carries in its scripts: state for its own JavaScript, where the posts stand in full."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import orjson

from streams.parse.payload.payload import Payload

_ASSIGNED: Final = re.compile(
    r"""(?:window\s*(?:\.\s*[\w$]+|\[\s*["'][^"']+["']\s*\])+|\b(?:var|let|const)\s+[\w$]+)\s*=\s*(?=[{\["']|JSON\.parse)"""
    r"""|\.setPayload\(\s*["'][^"']*["']\s*,\s*(?=[{\[])|self\.__next_f\.push\(\s*(?=\[)"""
)
_PARSED: Final = re.compile(r"JSON\.parse\(\s*")
# `undefined` is JavaScript, not JSON; only where a value may stand, not inside text.
_UNDEFINED: Final = re.compile(r"(?<=[:\[,])\s*undefined\s*(?=[,}\]])")
_DECODER: Final = json.JSONDecoder(strict=False)


def embedded_json(payload: Payload, holding: tuple[str, ...]) -> Iterator[Any]:
    """Yield the JSON values of a page's scripts that hold all the words; what can't be read is passed over."""
    if payload.looks_like_json:
        yield payload.json
        return
    for script in payload.html.css("script"):
        text = script.text() or ""
        if all(word in text for word in holding):
            yield from _values(text, (script.attributes.get("type") or "").endswith("json"))
    for island in payload.html.css("gu-island[props], [data-props], [data-state]"):
        for name in ("props", "data-props", "data-state"):
            text = island.attributes.get(name) or ""
            if text and all(word in text for word in holding):
                yield from _values(text, plain=True)


def _values(text: str, plain: bool) -> Iterator[Any]:  # noqa: FBT001
    if plain:
        yield from _unpacked(text.strip())
        return
    text = _UNDEFINED.sub("null", text) if "undefined" in text else text
    place = 0
    while found := _ASSIGNED.search(text, place):
        start = found.end()
        if parsed := _PARSED.match(text, start):
            start = parsed.end()
        if text[start : start + 1] == "'":
            value, place = _single_quoted(text, start)
        else:
            try:
                value, place = _DECODER.raw_decode(text, start)
            except (ValueError, RecursionError):
                place = start
                continue
        yield from _unpacked(value) if isinstance(value, str) else (value,)


def _unpacked(text: str) -> Iterator[Any]:
    """Read JSON that is itself text: state is often written as one quoted string."""
    if text[:1] in ("{", "["):
        try:
            value = orjson.loads(text)
        except orjson.JSONDecodeError:
            try:
                value = _DECODER.decode(text)
            except (ValueError, RecursionError):
                return
        yield value
    elif text[:1] == '"':
        try:
            inner = _DECODER.decode(text)
        except (ValueError, RecursionError):
            return
        if isinstance(inner, str) and inner[:1] in ("{", "["):
            yield from _unpacked(inner)


def _single_quoted(text: str, start: int) -> tuple[str, int]:
    end = start + 1
    while end < len(text) and text[end] != "'":
        end += 2 if text[end] == "\\" else 1
    inner = re.sub(r"\\(['/])", r"\1", text[start + 1 : end])
    return inner.replace('\\\\"', '\\"'), end + 1
