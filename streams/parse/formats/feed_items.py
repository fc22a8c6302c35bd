"""Lists of feed items as JSON: JSON Feed 1.0 and 1.1, and what feed readers export (`link`, `title`, ...)."""

from collections.abc import Mapping
from typing import Any, Final

from schemas.post import Media, MediaType, Post, Subject
from streams.exceptions import ParseError
from streams.parse.build import build_post
from streams.parse.formats.feed.media import type_of
from streams.parse.html.safe import html_to_text, images_of, is_markup
from streams.parse.items.field_names import fields_of, value
from streams.parse.parsed import Parsed, collect
from streams.parse.payload.payload import Content
from streams.parse.registry import parser
from streams.parse.words.language_tag import language_tag
from streams.parse.words.names import names_in

_LISTS: Final = ("items", "entries", "articles", "posts", "updates")
_VERSION: Final = "https://jsonfeed.org/version/"


def _is_json_feed(content: Content) -> bool:
    return content.looks_like_json and isinstance(content.json, dict) and _says_json_feed(content.json)


def _says_json_feed(found: Mapping[str, Any]) -> bool:
    return str(found.get("version")).startswith(_VERSION) and isinstance(found.get("items"), list)


def _is_item_list(content: Content) -> bool:
    items = _items(content.json) if content.looks_like_json else None
    if not items or not isinstance(items[0], dict):
        return False
    found = fields_of(items[0]).keys()
    return bool(found & {"url", "id"} and "headline" in found and found & {"published", "date"})


@parser("json_feed", content_types=("application/feed+json",), looks_like=_is_json_feed, rank=40)
def parse_json_feed(content: Content) -> Parsed:
    """Read a JSON Feed's items."""
    if not isinstance(content.json, dict) or not _says_json_feed(content.json):
        raise ParseError(f'not a JSON Feed: expected an object with "version": "{_VERSION}1.1" and "items"')
    authors = _names(content.json.get("authors") or content.json.get("author"))
    return _read_list(content, content.json["items"], language_tag(content.json.get("language")), authors)


@parser("feed_items", looks_like=_is_item_list, rank=85)
def parse_feed_items(content: Content) -> Parsed:
    """Read a list of items by the usual names of their fields."""
    items = _items(content.json)
    if items is None:
        raise ParseError(f"expected a list of feed items, or an object with one in {', '.join(_LISTS)}")
    return _read_list(content, items, None, [])


def _items(found: Any) -> list[Any] | None:
    if isinstance(found, dict):
        found = next((found[name] for name in _LISTS if isinstance(found.get(name), list)), None)
    return found if isinstance(found, list) else None


def _read_list(content: Content, items: list[Any], language: str | None, authors: list[str]) -> Parsed:
    if len(items) > content.limits.max_posts:
        raise ParseError(f"the list has {len(items):,} items; at most {content.limits.max_posts:,} are read")
    posts, bad = collect(
        content,
        ((str(place), item) for place, item in enumerate(items)),
        lambda item: _post(item, content, language, authors),
    )
    return Parsed(tuple(posts), tuple(bad))


def _post(item: Any, content: Content, language: str | None, authors: list[str]) -> Post:
    if not isinstance(item, dict):
        raise ParseError(f"expected an item object, found {type(item).__name__}")
    fields = fields_of(item)
    html, text = _text(item, fields, "body_html"), _text(item, fields, "body_text")
    if html is None and text is not None and is_markup(text):
        html, text = text, None
    summary = _text(item, fields, "summary")
    if html is None and text is None:
        text, summary = summary, None
    identity = value(item, fields, "id")
    return build_post(
        content,
        id=str(identity) if isinstance(identity, str | int) else None,
        url=_text(item, fields, "url"),
        published=next((t for name in ("published", "date", "clock") if (t := value(item, fields, name))), None),
        updated=value(item, fields, "updated"),
        headline=_text(item, fields, "headline"),
        body_html=html,
        body_text=html_to_text(html) if html else text or "",  # a feed's description is the body, as it stands
        summary=summary,
        authors=_names(value(item, fields, "authors")) or authors,
        media=_media(item, fields, html),
        subjects=_subjects(value(item, fields, "subjects")),
        language=language_tag(_text(item, fields, "language")) or language,
    )


def _text(item: Mapping[str, Any], fields: Mapping[str, str], field: str) -> str | None:
    found = value(item, fields, field)
    if found is not None and not isinstance(found, str):
        raise ParseError(f"{fields[field]}: expected text, found {str(found)[:80]!r}")
    return found


def _names(found: Any) -> list[str]:
    if isinstance(found, str):
        return names_in(found)
    if isinstance(found, dict):
        found = [found]
    if not isinstance(found, list):
        return []
    names = (author.get("name") if isinstance(author, dict) else author for author in found)
    return [name for name in names if isinstance(name, str)]


def _media(item: Mapping[str, Any], fields: Mapping[str, str], html: str | None) -> list[Media]:
    found: dict[str, Media] = {}
    image = value(item, fields, "image")
    url = image.get("url") if isinstance(image, dict) else image
    if isinstance(url, str) and url.startswith(("http://", "https://")):
        found[url] = Media(type=type_of("", url) or MediaType.IMAGE, url=url)
    attachments = item.get("attachments")
    for attachment in attachments if isinstance(attachments, list) else ():
        url = attachment.get("url") if isinstance(attachment, dict) else None
        if isinstance(url, str) and (kind := type_of(str(attachment.get("mime_type") or ""), url)):
            title = attachment.get("title")
            found[url] = Media(type=kind, url=url, caption=title if isinstance(title, str) else None)
    for told in images_of(html or ""):
        found.setdefault(told["url"], Media.model_validate({"type": MediaType.IMAGE, **told}))
    return list(found.values())


def _subjects(found: Any) -> list[Subject]:
    names = found if isinstance(found, list) else [found] if isinstance(found, str) else []
    return [Subject(name=name.strip()) for name in names if isinstance(name, str) and name.strip()]
