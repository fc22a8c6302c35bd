"""What lists of posts call their fields: feed items as JSON, tables of posts."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

_SYNONYMS: Final[dict[str, tuple[str, ...]]] = {
    "id": ("id", "guid", "postid", "entryid", "uid", "uuid", "uri", "blockid", "itemid"),
    "url": ("url", "link", "permalink", "href", "sourceurl", "externalurl"),
    "published": (
        "publishedat", "datepublished", "published", "pubdate", "publicationdate", "publishdate", "firstpublished",
        "firstpublishedat", "createdat", "created", "datetime", "timestamp", "isodate", "postedat", "posted",
    ),
    "date": ("date", "day"),
    "clock": ("time", "clock", "hour", "clockintext"),
    "updated": ("updatedat", "updated", "datemodified", "modified", "modifiedat", "lastupdated", "lastmodified"),
    "headline": ("headline", "title", "heading", "header", "titre", "titel", "titulo"),
    "body_html": ("bodyhtml", "contenthtml", "html", "contentencoded"),
    "body_text": (
        "bodytext", "contenttext", "body", "text", "content", "post", "message", "update", "articlebody",
        "description",
    ),
    "summary": ("summary", "standfirst", "abstract", "excerpt", "description", "subtitle"),
    "authors": ("authors", "author", "byline", "by", "creator", "writer", "reporter", "dccreator"),
    "image": ("image", "imageurl", "picture", "photo", "thumbnail", "media", "enclosure", "bannerimage"),
    "caption": ("caption", "imagecaption", "photocaption"),
    "credit": ("credit", "imagecredit", "photocredit", "photographer", "copyright"),
    "language": ("language", "lang"),
    "subjects": ("tags", "categories", "subjects", "keywords", "topics", "category", "section"),
    "key_event": ("keyevent", "iskeyevent", "highlight", "key"),
    "pinned": ("pinned", "sticky", "ispinned"),
    "breaking": ("breaking", "isbreaking", "breakingnews"),
    "status": ("status", "pubstatus"),
    "version": ("version", "revision"),
    "urgency": ("urgency", "priority"),
    "kind": ("kind",),
}  # fmt: skip
_YES: Final = frozenset({"true", "yes", "y", "1", "x", "on"})


def fields_of(names: Iterable[str]) -> dict[str, str]:
    """Return the name that an item uses for each of our fields; the first synonym wins."""
    return dict(_fields_of(tuple(names)))


@lru_cache(maxsize=32)  # the items of a list have the same few sets of names
def _fields_of(names: tuple[str, ...]) -> dict[str, str]:
    folded: dict[str, str] = {}
    for name in names:
        folded.setdefault(re.sub(r"[\W_]+", "", name).lower(), name)
    found: dict[str, str] = {}
    taken: set[str] = set()
    for field, synonyms in _SYNONYMS.items():
        name = next((folded[synonym] for synonym in synonyms if synonym in folded), "")
        if name and name not in taken:
            found[field] = name
            taken.add(name)
    return found


def value(item: Mapping[str, Any], fields: Mapping[str, str], field: str) -> Any:
    """Return the value of one of our fields in an item, or None."""
    name = fields.get(field)
    found = item.get(name) if name is not None else None
    return None if isinstance(found, str) and not found.strip() else found


def is_true(found: object) -> bool:
    """Whether a flag is set, as JSON or as a word."""
    return found is True or str(found).strip().lower() in _YES
