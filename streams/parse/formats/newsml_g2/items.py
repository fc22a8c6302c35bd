"""NewsML-G2: news messages, news items and packages, with NITF, XHTML, plain text or pictures in them."""

from collections.abc import Iterator
from datetime import datetime

from schemas.post import Post, Status, Subject
from streams.exceptions import ParseError
from streams.parse.build import build_post
from streams.parse.formats.newsml_g2.content import Body, own_media, read_content
from streams.parse.parsed import Parsed
from streams.parse.payload.payload import Payload
from streams.parse.registry import parser
from streams.parse.wires.agency_text import joined_notes, read_agency_text
from streams.parse.wires.elements import (
    Element,
    attribute,
    child,
    children,
    collect_elements,
    local_name,
    root_name,
    text_at,
    text_in,
)
from streams.parse.wires.iptc import iptc_time, read_embargo, read_status, read_urgency
from streams.parse.wires.own_files import without_own_files
from streams.parse.words.byline import is_name, read_byline

_ITEMS = ("newsItem", "packageItem")
_NO_NEWS = ("planningItem", "conceptItem", "knowledgeItem", "catalogItem")
"""Coverage plans, vocabularies and events: for the newsroom's systems, nothing that is published."""


def _is_newsml_g2(payload: Payload) -> bool:
    root = root_name(payload)
    if root in (*_ITEMS, *_NO_NEWS, "newsMessage", "contentSet"):
        return True
    return bool(
        root and b"newsItem" in payload.document.body and next(children(payload.xml, *_ITEMS), None) is not None
    )


@parser(
    "newsml-g2",
    content_types=("application/vnd.iptc.g2.newsmessage+xml", "application/vnd.iptc.g2.newsitem+xml",
                   "application/vnd.iptc.g2.packageitem+xml"),
    looks_like=_is_newsml_g2,
    rank=32,
)  # fmt: skip
def parse_newsml_g2(payload: Payload) -> Parsed:
    """Read each news item and package that is contained; references in a package are no posts."""
    root = payload.xml
    if not _is_newsml_g2(payload):
        raise ParseError(f"expected a newsMessage or newsItem element, found {local_name(root)}")
    items = [root] if local_name(root) == "contentSet" else list(_items(root))
    posts, bad = collect_elements(payload, items, lambda item: _post(payload, item))
    return Parsed(posts, bad, snapshot=False)


def _items(element: Element) -> Iterator[Element]:
    if local_name(element) in _ITEMS:
        yield element
    elif local_name(element) not in _NO_NEWS:
        for each in children(element):
            yield from _items(each)


def _post(payload: Payload, item: Element) -> Post:
    about, told = child(item, "itemMeta"), child(item, "contentMeta")
    body = read_content(item if local_name(item) == "contentSet" else child(item, "contentSet"), _headline(told))
    created = iptc_time(text_at(about, "firstCreated"))
    version_time = iptc_time(text_at(about, "versionCreated") or text_at(told, "contentModified"))
    status, embargo = _status(payload, about, version_time)
    text = read_agency_text(body.html, dateline=_dateline(told) or body.dateline, notes=_notes(about))
    media_item = own_media(item, told)
    return build_post(
        payload,
        id=attribute(item, "guid"),
        published=created or _published(about, told),
        updated=version_time,
        headline=_headline(told) or body.headline,
        body_html=None if media_item else text.html,
        summary=None if media_item else _description(told) or body.summary,
        authors=_authors(told, body) or text.authors,
        media=tuple(without_own_files(media_item or body.media)),
        status=status,
        embargo_until=embargo,
        version=attribute(item, "version"),
        language=attribute(child(told, "language"), "tag") or attribute(item, "lang"),
        subjects=tuple(_subjects(told)),
        urgency=read_urgency(text_at(told, "urgency")),
        slugline=text_at(told, "slugline"),
        editorial_note=text.editorial_note,
        dateline=None if media_item else text.dateline,
        usage_terms=joined_notes(text_in(each) for each in children(child(item, "rightsInfo"), "usageTerms")),
    )


def _dateline(told: Element | None) -> str | None:
    """Return the dateline, else where the item was written."""
    located = (text_at(each, "name") or attribute(each, "literal") for each in children(told, "located"))
    return text_at(told, "dateline") or next((place for place in located if place), None)


def _notes(about: Element | None) -> Iterator[str | None]:
    """Yield the notes to desks, without dpa's contacts and initials."""
    for each in children(about, "edNote"):
        if not (attribute(each, "role") or "").endswith((":closingline", ":notepad")):
            yield text_in(each)


def _status(payload: Payload, about: Element | None, version_time: str | None) -> tuple[Status, datetime | None]:
    said = child(about, "pubStatus")
    status = read_status(attribute(said, "qcode") or attribute(said, "uri") or attribute(said, "literal"))
    embargoed = child(about, "embargoed")
    if embargoed is None:
        return status, None
    until = read_embargo(iptc_time(text_in(embargoed)), version_time, payload)
    # An empty element is an embargo without an end yet.
    if status is Status.USABLE and (until or text_in(embargoed) is None):
        status = Status.WITHHELD
    return status, until


def _published(about: Element | None, told: Element | None) -> str | None:
    """Return the time of an item that doesn't say when its first version was made."""
    return iptc_time(text_at(about, "versionCreated") or text_at(told, "contentCreated"))


def _headline(told: Element | None) -> str | None:
    """Return the main headline; G2 has sub-headlines in elements of the same name."""
    found = [each for each in children(told, "headline") if text_in(each)]
    best = sorted(found, key=lambda each: (_weight(attribute(each, "role")), _rank(attribute(each, "rank"))))
    return text_in(best[0]) if best else None


def _weight(role: str | None) -> int:
    """Return how far from the main headline a role is: main, none, another, a sub-headline."""
    name = (role or "").lower()
    return 0 if "main" in name else 1 if not name else 3 if "sub" in name else 2


def _rank(rank: str | None) -> int:
    return int(rank) if rank and rank.isascii() and rank.isdigit() else 1


def _description(told: Element | None) -> str | None:
    for each in children(told, "description"):
        if "caption" not in (attribute(each, "role") or "").lower() and (text := text_in(each)):
            return text
    return None


def _authors(told: Element | None, body: Body) -> tuple[str, ...]:
    """Return the byline's names: G2's own, the body's, else the creators who are people."""
    if names := tuple(name for by in children(told, "by") for name in read_byline(text_in(by))):
        return tuple(dict.fromkeys(names))
    if body.authors:
        return body.authors
    creators = ((each, text_at(each, "name")) for each in children(told, "creator"))
    return tuple(
        dict.fromkeys(
            name
            for each, name in creators
            if name
            and (is_name(name) or "person" in (attribute(each, "type") or ""))
            and attribute(each, "literal") is None
        )
    )


def _subjects(told: Element | None) -> Iterator[Subject]:
    for each in children(told, "subject"):
        qcode = attribute(each, "qcode")
        code = qcode or attribute(each, "uri") or attribute(each, "literal")
        name = text_at(each, "name")
        if code or name:
            yield Subject(name=name, code=code, scheme=qcode.partition(":")[0] if qcode and ":" in qcode else None)
