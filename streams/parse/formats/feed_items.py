"""Lists of feed items as JSON, as feed readers export them (`link`, `title`, ...)."""

from typing import Any, Final

from streams.exceptions import ParseError
from streams.parse.items.feed_item import read_items
from streams.parse.items.field_names import fields_of
from streams.parse.parsed import Parsed
from streams.parse.payload.payload import Payload
from streams.parse.registry import parser

_LISTS: Final = ("items", "entries", "articles", "posts", "updates")


def _is_item_list(payload: Payload) -> bool:
    items = _items(payload.json) if payload.looks_like_json else None
    if not items or not isinstance(items[0], dict):
        return False
    found = fields_of(items[0]).keys()
    return bool(found & {"url", "id"} and "headline" in found and found & {"published", "date"})


@parser("feed-items", looks_like=_is_item_list, rank=85)
def parse_feed_items(payload: Payload) -> Parsed:
    """Read a list of items by the usual names of their fields."""
    items = _items(payload.json)
    if items is None:
        raise ParseError(f"expected a list of feed items, or an object with one in {', '.join(_LISTS)}")
    return read_items(payload, items)


def _items(found: Any) -> list[Any] | None:
    if isinstance(found, dict):
        found = next((found[name] for name in _LISTS if isinstance(found.get(name), list)), None)
    return found if isinstance(found, list) else None
