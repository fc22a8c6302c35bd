"""One entry of a feed as a post."""

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from lxml import etree

from schemas.post import Media, Post, Status, Subject
from streams.parse.build import build_post
from streams.parse.formats.feed.media import read_media
from streams.parse.formats.feed.xml import name_of, text_of
from streams.parse.html.safe import html_to_text, images_of, is_markup
from streams.parse.payload.payload import Payload
from streams.parse.times.moment import Moment, read_time
from streams.parse.words.byline import names_in
from streams.parse.words.clean import clean_line
from streams.parse.words.language_tag import language_tag

_PUBLISHED: Final = (
    "pubDate",
    "published",
    "issued",
    "dc:date",
    "dcterms:issued",
    "dcterms:created",
    "created",
    "date",
)
_UPDATED: Final = ("updated", "modified", "dcterms:modified")
_CONTENT: Final = ("content:encoded", "content", "xhtml:body", "fullcontent")
_DESCRIPTION: Final = ("description", "summary", "itunes:summary", "subtitle", "dc:description")
_EMAIL: Final = re.compile(r"^\S+@\S+\s*(?:\((?P<name>[^()]+)\))?$")


@dataclass(frozen=True, slots=True)
class Fields:
    """An entry's elements by name."""

    elements: dict[str, list[etree._Element]]

    def all(self, *names: str) -> list[etree._Element]:
        """Return the elements of these names."""
        return [element for name in names for element in self.elements.get(name, ())]

    def text(self, *names: str) -> str | None:
        """Return the first text that is not blank."""
        return next((text for element in self.all(*names) if (text := text_of(element).strip())), None)


def read_entry(entry: etree._Element, payload: Payload, language: str | None) -> Post:
    """Return the entry as a post; raises `ParseError` for one with nothing in it."""
    elements: defaultdict[str, list[etree._Element]] = defaultdict(list)
    for element in entry:
        elements[name_of(element)].append(element)
    fields = Fields(dict(elements))
    if name_of(entry) == "tombstone:deleted-entry":
        return build_post(
            payload, id=entry.get("ref"), updated=entry.get("when"), published=None, status=Status.CANCELED
        )
    published, updated = _first_time(fields, _PUBLISHED, payload), _first_time(fields, _UPDATED, payload)
    body, summary = _body(fields)
    html = body if body and is_markup(body) else None
    media = read_media(entry) or [Media.model_validate({"type": "image", **image}) for image in images_of(html or "")]
    guid = fields.text("guid", "id")
    return build_post(
        payload,
        id=guid or entry.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"),
        url=_url(fields, guid),
        published=published or updated,
        updated=updated,
        headline=_headline(fields),
        body_html=html,
        body_text=html_to_text(html) if html else body or "",  # a feed's description is the body, as it stands
        summary=summary,
        authors=_authors(fields),
        media=media,
        subjects=_subjects(fields),
        language=language_tag(entry.get("{http://www.w3.org/XML/1998/namespace}lang") or fields.text("dc:language"))
        or language,
    )


def _first_time(fields: Fields, names: tuple[str, ...], payload: Payload) -> Moment | None:
    return next((m for element in fields.all(*names) if (m := read_time(text_of(element), payload))), None)


def _body(fields: Fields) -> tuple[str | None, str | None]:
    """Return body and summary: a description is the body where there is no content."""
    full, short = fields.text(*_CONTENT), fields.text(*_DESCRIPTION)
    if full is None:
        return short, None
    if short is None or short == full:
        return full, None
    return full, html_to_text(short) if is_markup(short) else short


def _headline(fields: Fields) -> str | None:
    for element in fields.all("title", "dc:title"):
        text = text_of(element)
        if text.strip():
            plain = element.get("type") == "text" or not is_markup(text)
            return text if plain else clean_line(html_to_text(text))
    return None


def _url(fields: Fields, guid: str | None) -> str | None:
    links = fields.all("link")
    for link in links:
        if link.get("rel", "alternate") == "alternate" and (url := (link.get("href") or text_of(link)).strip()):
            return url
    permanent = any(element.get("isPermaLink", "true").lower() != "false" for element in fields.all("guid", "id"))
    return guid if guid and permanent and guid.startswith(("http://", "https://")) else None


def _authors(fields: Fields) -> list[str]:
    names: list[str] = []
    for element in fields.all("dc:creator", "author", "itunes:author", "contributor"):
        inner = [child for child in element if name_of(child) == "name"]
        text = clean_line(text_of(inner[0]) if inner else "" if len(element) else text_of(element))
        if email := _EMAIL.match(text):
            text = email["name"] or ""
        names += names_in(text)
    return names


def _subjects(fields: Fields) -> list[Subject]:
    found: dict[str, Subject] = {}
    for element in fields.all("category", "dc:subject", "media:category"):
        code = element.get("term")
        name = clean_line(element.get("label") or (element.text or "") or code or "")
        if name:
            scheme = element.get("scheme") or element.get("domain")
            found.setdefault(
                name, Subject(name=name, code=code if code and code != name else None, scheme=scheme or None)
            )
    return list(found.values())
