"""Where a document can grow, by its kind: at each of its places one unit is repeated, and nothing else changes."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from tests.growth.units import CSV, INSIDE_TAG, JSON, MARKUP, TEXT, grown

_MARK: Final = "\ue001"
_AFTER_TAG: Final = re.compile(r"<([a-zA-Z][\w:.-]*)([^<>]*)>")
_ATTRIBUTE: Final = re.compile(r'([\w:-]+)="([^"<>]*)"')
_CLASS: Final = re.compile(r'class="([^"]*)"')


@dataclass(frozen=True)
class Place:
    """A place of a document: what stands before and after it, and what may grow there."""

    name: str
    before: str
    after: str
    units: tuple[str, ...]
    write: Callable[[str], str] = str
    """How text is written there: escaped in JSON and XML."""

    def filled(self, unit: str, size: int) -> bytes:
        """Return the document with the unit repeated to a size at this place."""
        return (self.before + self.write(grown(unit, size)) + self.after).encode(errors="surrogatepass")


def places_of(suffix: str, body: bytes) -> Iterator[Place]:
    """Yield the places of a document at which it can grow, each kind of place once."""
    text = body.decode("utf-8", errors="replace")
    yield Place("nothing else", "", "", _of_kind(suffix))
    match suffix:
        case ".json":
            yield from _json_places(json.loads(text))
        case ".xml" | ".html":
            yield from _markup_places(text, xml=suffix == ".xml")
        case _:
            yield from _line_places(text, _of_kind(suffix))


def _of_kind(suffix: str) -> tuple[str, ...]:
    match suffix:
        case ".json":
            return JSON
        case ".xml" | ".html":
            return MARKUP + INSIDE_TAG
        case ".csv":
            return TEXT + CSV
    return TEXT + MARKUP[:40]


def _json_places(value: Any) -> Iterator[Place]:
    seen: set[str] = set()
    for path in _paths(value):
        kind = "/".join("*" if isinstance(step, int) else step for step in path)
        if kind in seen:
            continue
        seen.add(kind)
        found = _at(value, path)
        if isinstance(found, str):
            before, after = _split(value, path, _MARK)
            yield Place(kind, before, after, TEXT + MARKUP, _json_escaped)
        elif isinstance(found, list | dict):
            before, after = _split(value, path, found, inside=True)
            glue = "," if found else ""
            if isinstance(found, list):
                own = f"{json.dumps(found[0])}," if found else "1,"
                yield Place(f"{kind}[]", f"{before}[", f"0{glue}{json.dumps(found)[1:]}{after}", (*JSON, own))
            else:
                units = ('"a":1,', '"\ue000":1,', '"title\ue000":"x",', '"a\ue000":{},', '"a\ue000":[],')
                yield Place(f"{kind}{{}}", f"{before}{{", f'"z":0{glue}{json.dumps(found)[1:]}{after}', units)


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _paths(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _paths(inner, (*path, index))


def _at(value: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def _split(value: Any, path: tuple[str | int, ...], mark: Any, *, inside: bool = False) -> tuple[str, str]:
    """Return the JSON before and after the value at a path, without the value (`inside`: with its quotes)."""
    if not path:
        return "", ""
    copy = json.loads(json.dumps(value))
    _at(copy, path[:-1])[path[-1]] = _MARK
    before, _, after = json.dumps(copy, ensure_ascii=False).partition(f'"{_MARK}"' if inside else _MARK)
    return before, after


def _json_escaped(text: str) -> str:
    return json.dumps(text)[1:-1]


def _xml_escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _markup_places(text: str, *, xml: bool) -> Iterator[Place]:
    seen: set[str] = set()
    for tag in _AFTER_TAG.finditer(text):
        named = _CLASS.search(tag[2])
        kind = f"<{tag[1]}{f'.{named[1]}' if named else ''}>"
        if kind in seen:
            continue
        seen.add(kind)
        before, after = text[: tag.end()], text[tag.end() :]
        script = tag[1] == "script"
        yield Place(kind, before, after, TEXT + MARKUP + (JSON if script else ()))
        if xml:
            yield Place(f"{kind} escaped", before, after, TEXT + MARKUP, _xml_escaped)
            yield Place(f"{kind} CDATA", f"{before}<![CDATA[", f"]]>{after}", TEXT + MARKUP)
        inner = tag.end(1)
        yield Place(f"{kind} attributes", text[:inner], text[inner:], INSIDE_TAG)
        for attribute in _ATTRIBUTE.finditer(text, tag.start(), tag.end()):
            if (name := f"{kind}@{attribute[1]}") not in seen:
                seen.add(name)
                yield Place(
                    name, text[: attribute.start(2)], text[attribute.end(2) :], ("x", "x ", " ", "12:34 ", "&", "/")
                )
        if (end := _end_of(text, tag)) is not None:
            whole = text[tag.start() : end]
            yield Place(f"{kind} again", text[:end], text[end:], (whole,))


def _end_of(text: str, tag: re.Match[str]) -> int | None:
    depth = 0
    for found in re.finditer(rf"<(/?){re.escape(tag[1])}(?![\w:.-])[^<>]*?(/?)>", text[tag.start() :]):
        depth += -1 if found[1] else 0 if found[2] else 1
        if depth <= 0:
            return tag.start() + found.end()
    return None


def _line_places(text: str, units: tuple[str, ...]) -> Iterator[Place]:
    at = 0
    for number, line in enumerate(text.splitlines(keepends=True)):
        if number < 12:
            yield Place(f"before line {number}", text[:at], text[at:], units)
            middle = at + len(line) // 2
            yield Place(f"in line {number}", text[:middle], text[middle:], units)
        at += len(line)
    yield Place("at the end", text, "", (*units, text))
    yield Place("instead", "", "", units)
