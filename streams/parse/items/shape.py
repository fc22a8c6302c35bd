"""JSON of unknown shape, read without surprises: a value of the wrong type is treated as missing."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from streams.exceptions import ParseError


def as_dict(value: object) -> dict[str, Any]:
    """Return an object, or an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    """Return an array; a single thing is an array of one, nothing an empty one."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def as_text(value: object) -> str | None:
    """Return text that is not blank; a number as text, None for anything else."""
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return None


def first_text(*values: object) -> str | None:
    """Return the first of the values that is text."""
    for value in values:
        if text := as_text(value):
            return text
    return None


def is_true(value: object) -> bool:
    """Whether a flag is set; some sources write it as "true", "1" or 1."""
    return value is True or value == 1 or (isinstance(value, str) and value.strip().lower() in ("true", "1", "yes"))


def dig(value: object, *path: str | int) -> Any:
    """Return what stands at a path of keys and indices, or None."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and -len(value) <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def need_dict(value: object, what: str) -> dict[str, Any]:
    """Return an object; raise an error that names `what` if it is something else."""
    if not isinstance(value, dict):
        raise ParseError(f"{what}: expected an object, found {str(value)[:80]!r}")
    return value


def objects_in(value: object, max_depth: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each object that is not empty in a JSON value with its pointer, outermost first.

    It does not recurse, so depth can't hurt; a list of 300,000 empty objects costs what its loop costs.
    """
    waiting: list[tuple[str, object, int]] = [("", value, 0)] if value else []
    while waiting:
        place, found, depth = waiting.pop()
        if depth > max_depth:
            raise ParseError(f"the JSON is nested deeper than {max_depth} levels at {place[:120]}")
        if isinstance(found, dict):
            yield place, found
            waiting += [
                (f"{place}/{key}", child, depth + 1)
                for key, child in reversed(found.items())
                if child and isinstance(child, dict | list)
            ]
        elif isinstance(found, list):
            waiting += [
                (f"{place}/{index}", child, depth + 1)
                for index, child in enumerate(found)
                if child and isinstance(child, dict | list)
            ][::-1]


def text_in(found: Mapping[str, Any], *names: str) -> str | None:
    """Return the first field of these names that has text in it."""
    for name in names:
        if (text := as_text(found.get(name))) is not None:
            return text
    return None


def line_in(found: Mapping[str, Any], *names: str) -> str | None:
    """Return the first of these fields that is text; a number does not count."""
    return next((value for name in names if isinstance(value := found.get(name), str) and value.strip()), None)


def each_object(value: object) -> Iterator[dict[str, Any]]:
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
