"""Pictures, videos and sound of a feed's entry, each once and in its largest size, with caption and credit."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from lxml import etree

from schemas.post import Media, MediaType
from streams.parse.feed.xml import name_of, text_of
from streams.parse.html import html_to_text
from streams.parse.text import clean_line

_SUFFIXES: Final = {
    "jpg": MediaType.IMAGE, "jpeg": MediaType.IMAGE, "png": MediaType.IMAGE, "gif": MediaType.IMAGE,
    "webp": MediaType.IMAGE, "avif": MediaType.IMAGE, "mp4": MediaType.VIDEO, "webm": MediaType.VIDEO,
    "m3u8": MediaType.VIDEO, "mov": MediaType.VIDEO, "mp3": MediaType.AUDIO, "m4a": MediaType.AUDIO,
    "ogg": MediaType.AUDIO, "wav": MediaType.AUDIO,
}  # fmt: skip
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
        match name_of(element):
            case "media:content":
                items += _content(element, {})
            case "media:group":
                group = _words(element)
                for inner in element:
                    if name_of(inner) == "media:content":
                        items += _content(inner, group)
                    elif name_of(inner) == "media:thumbnail":
                        thumbnails += _thing(inner, "url", MediaType.IMAGE, group)
            case "media:thumbnail":
                thumbnails += _thing(element, "url", MediaType.IMAGE, {})
            case "itunes:image":
                thumbnails += _thing(element, "href", MediaType.IMAGE, {})
            case "enclosure":
                items += _thing(element, "url", None, {})
            case "link" if element.get("rel") == "enclosure":
                items += _thing(element, "href", None, {})
            case "media:description" | "media:title" | "media:credit" as name:
                shared.setdefault(_WORDS[name], clean_line(html_to_text(text_of(element))))
            case _:
                pass
    if not any(item.type is MediaType.IMAGE for item in items):
        items += thumbnails
    return [_media(item, shared if place == 0 else {}) for place, item in enumerate(_once(items))]


def _content(element: etree._Element, group: dict[str, str]) -> list[_Item]:
    return _thing(element, "url", None, {**group, **_words(element)})


def _words(element: etree._Element) -> dict[str, str]:
    return {
        _WORDS[name]: text
        for inner in element
        if (name := name_of(inner)) in _WORDS and (text := clean_line(html_to_text(text_of(inner))))
    }


def _thing(element: etree._Element, attribute: str, kind: MediaType | None, words: dict[str, str]) -> list[_Item]:
    url = (element.get(attribute) or "").strip()
    kind = kind or type_of(element.get("type") or element.get("medium") or "", url)
    if not kind or not url.startswith(("http://", "https://")):
        return []
    width = element.get("width") or ""
    return [_Item(kind, url, int(width) if width.isdecimal() and len(width) < 6 else 0, words)]  # noqa: PLR2004


def type_of(told: str, url: str) -> MediaType | None:
    """Return what a thing is by its media type, else by its address's suffix; None for a page or a player."""
    general = told.partition("/")[0].strip().lower()
    if general in list(MediaType):
        return MediaType(general)
    return _SUFFIXES.get(urlsplit(url).path.rpartition(".")[2].lower())


def _once(items: Iterable[_Item]) -> list[_Item]:
    """Return each picture once, in its widest size: feeds list the same one in several, told apart by the query."""
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
