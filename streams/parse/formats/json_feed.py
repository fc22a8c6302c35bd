"""JSON Feed 1.0 and 1.1."""

from collections.abc import Mapping
from typing import Any, Final

from streams.exceptions import ParseError
from streams.parse.items.feed_item import author_names, read_items
from streams.parse.parsed import Parsed
from streams.parse.payload.payload import Payload
from streams.parse.registry import parser
from streams.parse.words.language_tag import language_tag

_VERSION: Final = "https://jsonfeed.org/version/"


def _is_json_feed(payload: Payload) -> bool:
    return payload.looks_like_json and isinstance(payload.json, dict) and _says_json_feed(payload.json)


def _says_json_feed(found: Mapping[str, Any]) -> bool:
    return str(found.get("version")).startswith(_VERSION) and isinstance(found.get("items"), list)


@parser("json-feed", content_types=("application/feed+json",), looks_like=_is_json_feed, rank=40)
def parse_json_feed(payload: Payload) -> Parsed:
    """Read a JSON Feed's items."""
    if not isinstance(payload.json, dict) or not _says_json_feed(payload.json):
        raise ParseError(f'not a JSON Feed: expected an object with "version": "{_VERSION}1.1" and "items"')
    authors = author_names(payload.json.get("authors") or payload.json.get("author"))
    return read_items(payload, payload.json["items"], language_tag(payload.json.get("language")), authors)
