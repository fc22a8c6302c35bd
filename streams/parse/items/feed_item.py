"""Feed items as JSON, read by the usual names of their fields: JSON Feed and feed readers' exports share them."""

from collections.abc import Mapping, Sequence
from typing import Any

from schemas.post import Media, MediaType, Post, Subject
from streams.exceptions import ParseError
from streams.parse.build import build_post
from streams.parse.html.safe import html_to_text, images_of, is_markup
from streams.parse.items.field_names import fields_of, value
from streams.parse.items.media_types import type_of
from streams.parse.parsed import Parsed, collect
from streams.parse.payload.payload import Payload
from streams.parse.words.byline import names_in
from streams.parse.words.language_tag import language_tag


def read_items(payload: Payload, items: list[Any], language: str | None = None, authors: Sequence[str] = ()) -> Parsed:
    """Return a post for each item; `language` and `authors` are the list's, for items that name none."""
    if len(items) > payload.limits.max_posts:
        raise ParseError(f"the list has {len(items):,} items; at most {payload.limits.max_posts:,} are read")
    posts, bad = collect(
        payload,
        ((str(place), item) for place, item in enumerate(items)),
        lambda item: _post(item, payload, language, authors),
    )
    return Parsed(tuple(posts), tuple(bad))


def _post(item: Any, payload: Payload, language: str | None, authors: Sequence[str]) -> Post:
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
        payload,
        id=str(identity) if isinstance(identity, str | int) else None,
        url=_text(item, fields, "url"),
        published=next((t for name in ("published", "date", "clock") if (t := value(item, fields, name))), None),
        updated=value(item, fields, "updated"),
        headline=_text(item, fields, "headline"),
        body_html=html,
        body_text=html_to_text(html) if html else text or "",  # a feed's description is the body, as it stands
        summary=summary,
        authors=author_names(value(item, fields, "authors")) or authors,
        media=_media(item, fields, html),
        subjects=_subjects(value(item, fields, "subjects")),
        language=language_tag(_text(item, fields, "language")) or language,
    )


def _text(item: Mapping[str, Any], fields: Mapping[str, str], field: str) -> str | None:
    found = value(item, fields, field)
    if found is not None and not isinstance(found, str):
        raise ParseError(f"{fields[field]}: expected text, found {str(found)[:80]!r}")
    return found


def author_names(found: Any) -> list[str]:
    """Return names from text, an author object, or a list of either."""
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
