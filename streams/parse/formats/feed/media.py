"""Pictures, videos and sound of a feed's entry, each once and in its largest size, with caption and credit."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from schemas.post import Media, MediaType
from streams.parse.formats.feed.xml import name_of, text_of
from streams.parse.html.safe import html_to_text
from streams.parse.items.media_types import type_of
from streams.parse.words.clean import clean_line

_WORDS: Final = {"media:description": "caption", "media:title": "title", "media:credit": "credit"}


@dataclass(slots=True)
class _Item:
    type: MediaType
    url: str
    width: int = 0
    words: dict[str, str] = field(default_factory=dict)


def read_media(entry: etree._Element) -> list[Media]:
    """Return the entry's media; thumbnails only where there is no picture."""
    shared: dict[str, str] = {}
    items: list[_Item] = []
    thumbnails: list[_Item] = []
    for element in entry:
        name = name_of(element)
        if name == "media:group":
            group = _words(element)
            items += [item for inner in element if name_of(inner) == "media:content" for item in _content(inner, group)]
            thumbnails += [item for inner in element for item in _thumbnail(inner)]
        elif name == "media:content":
            items += _content(element, {})
        elif name == "enclosure" or (name == "link" and element.get("rel") == "enclosure"):
            items += _thing(element, None, {})
        elif name in _WORDS:
            shared.setdefault(_WORDS[name], clean_line(html_to_text(text_of(element))))
        else:
            thumbnails += _thumbnail(element)
    if not any(item.type is MediaType.IMAGE for item in items):
        items += thumbnails
    return [_media(item, shared if place == 0 else {}) for place, item in enumerate(_once(items))]


def _thumbnail(element: etree._Element) -> list[_Item]:
    is_one = name_of(element) in ("media:thumbnail", "itunes:image")
    return _thing(element, MediaType.IMAGE, {}) if is_one else []


def _content(element: etree._Element, group: dict[str, str]) -> list[_Item]:
    return _thing(element, None, {**group, **_words(element)})


def _words(element: etree._Element) -> dict[str, str]:
    return {
        _WORDS[name]: text
        for inner in element
        if (name := name_of(inner)) in _WORDS and (text := clean_line(html_to_text(text_of(inner))))
    }


def _thing(element: etree._Element, kind: MediaType | None, words: dict[str, str]) -> list[_Item]:
    url = (element.get("url") or element.get("href") or "").strip()
    kind = kind or type_of(element.get("type") or element.get("medium") or "", url)
    if not kind or not url.startswith(("http://", "https://")):
        return []
    width = element.get("width") or ""
    return [_Item(kind, url, int(width) if width.isdecimal() and len(width) < 6 else 0, words)]  # noqa: PLR2004


def _once(items: Iterable[_Item]) -> list[_Item]:
    """Return each picture once, in its widest size: feeds list one in several that differ in the query."""
    found: dict[str, _Item] = {}
    for item in items:
        key = item.url.partition("?")[0]
        if key not in found or item.width > found[key].width:
            words = {**found[key].words, **item.words} if key in found else item.words
            found[key] = _Item(item.type, item.url, item.width, words)
    return list(found.values())


def _media(item: _Item, shared: dict[str, str]) -> Media:
    words = {**shared, **item.words}
    return Media(
        type=item.type,
        url=item.url,
        caption=words.get("caption") or words.get("title") or None,
        credit=words.get("credit") or None,
    )
