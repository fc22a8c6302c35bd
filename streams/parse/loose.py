"""JSON whose shape nobody guarantees, read without surprises: a wrong type is the same as nothing."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any


def text_of(value: object) -> str | None:
    """Return text that has something in it, a number as its digits, else None."""
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return None


def first_text(found: Mapping[str, Any], *names: str) -> str | None:
    """Return the first field of these names that has text in it."""
    for name in names:
        if (text := text_of(found.get(name))) is not None:
            return text
    return None


def first_line(found: Mapping[str, Any], *names: str) -> str | None:
    """Return the first field of these names that is text; a number is none."""
    return next((value for name in names if isinstance(value := found.get(name), str) and value.strip()), None)


def objects(value: object) -> Iterator[dict[str, Any]]:
    """Yield the objects in a list, an object's own values when they are objects, or the object itself alone.

    So `[{...}]`, `{"main": {...}}` read the same; entries of other types are passed over.
    """
    items: Iterable[object] = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for item in items:
        if isinstance(item, dict):
            yield item
        elif isinstance(item, list):
            yield from (each for each in item if isinstance(each, dict))


def whole_number(value: object) -> int | None:
    """Return a whole number, also one written as text."""
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit() and len(value) < 20:  # noqa: PLR2004
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
