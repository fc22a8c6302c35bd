"""IPTC ninjs 1.x to 3.x, Superdesk's variant and AP's Media API: news items as JSON."""

import re
from collections.abc import Iterator
from typing import Any

from schemas.post import MediaType, Post, Status, Subject
from streams.exceptions import ParseError
from streams.parse.build import build_post
from streams.parse.formats.ninjs.body import read_body, read_descriptions
from streams.parse.formats.ninjs.media import MEDIA_TYPES, associated_media, own_media
from streams.parse.html.safe import html_to_text
from streams.parse.items.shape import as_text, each_object, line_in, text_in
from streams.parse.parsed import Parsed, collect
from streams.parse.payload.payload import Payload
from streams.parse.registry import parser
from streams.parse.wires.agency_text import AgencyText, joined_notes, read_agency_text
from streams.parse.wires.dateline import best_dateline
from streams.parse.wires.desk_lines import part_plain_desk_lines
from streams.parse.wires.iptc import read_embargo, read_status, read_urgency
from streams.parse.words.byline import read_byline

Item = dict[str, Any]

_IDS = ("uri", "guid", "_id", "altids", "altIds")
_MARKS = frozenset(
    {"versioncreated", "versionCreated", "firstcreated", "firstCreated", "pubstatus", "pubStatus", "headlines",
     "bodies", "descriptions", "body_xhtml", "description_text", "description_caption", "eventDetails",
     "contentcreated", "contentCreated", "renditions"}
)  # fmt: skip
_OTHERS = frozenset({"groups", "post_status", "blog", "@context", "liveBlogUpdate", "lb_highlight"})
"""Live Blog keeps its posts in Superdesk as well; they are another format's."""
_ENVELOPES = ("data", "item", "items", "_items", "newsItems", "results", "hits", "docs", "content", "response")
_MOST_LEVELS = 6
_TAG = re.compile(r"</?(?:p|b|i|em|strong|span|br|h\d|div)\b[^<>]*>", re.IGNORECASE)


def _is_item(found: object) -> bool:
    return (
        isinstance(found, dict)
        and any(found.get(name) for name in _IDS)
        and not found.keys().isdisjoint(_MARKS)
        and found.keys().isdisjoint(_OTHERS)
    )


def _find(found: Any, place: str, depth: int = 0) -> Iterator[tuple[str, Item]]:
    """Yield items with their JSON pointers: one object, an array, or wrapped in an answer's envelope."""
    if _is_item(found):
        yield place, found
    elif isinstance(found, list) and depth < _MOST_LEVELS:
        for index, each in enumerate(found):
            inner = list(_find(each, f"{place}/{index}", depth + 1))
            # In a list with items, anything else is a bad part: reported, not ignored.
            yield from inner or [(f"{place}/{index}", each)]
    elif isinstance(found, dict) and depth < _MOST_LEVELS:
        for name in _ENVELOPES:
            if isinstance(found.get(name), dict | list):
                yield from (
                    (where, _with_fetched(found, item))
                    for where, item in _find(found[name], f"{place}/{name}", depth + 1)
                )


def _with_fetched(envelope: Item, item: Item) -> Item:
    """Return AP's item with the text and pictures that Superdesk fetched for it and laid beside its `data`."""
    text, pictures = envelope.get("nitf"), envelope.get("associations")
    if "data" not in envelope or not isinstance(item, dict):
        return item
    if isinstance(text, dict) and not item.get("body_html"):
        item = {**item, "body_html": text.get("body_html")}
    if isinstance(pictures, dict):
        fetched = {name: inner for name, found in pictures.items() for _, inner in _find(found, "")}
        own = item.get("associations")
        item = {**item, "associations": {**(own if isinstance(own, dict) else {}), **fetched}}
    return item


def _looks_like_ninjs(payload: Payload) -> bool:
    return payload.looks_like_json and any(_is_item(item) for _, item in _find(payload.json, ""))


@parser("ninjs", content_types=("application/vnd.iptc.ninjs+json",), looks_like=_looks_like_ninjs, rank=60)
def parse_ninjs(payload: Payload) -> Parsed:
    """Read an item, an array of items, or an API's answer that holds items."""
    items = list(_find(payload.json, ""))
    if not items and isinstance(payload.json, dict):
        items = [("", payload.json)]
    found = [each for place, item in items for each in _with_contained(place, item)]
    if len(found) == 1:  # its error is the document's
        return Parsed((_post(payload, found[0][1]),), snapshot=False)
    posts, bad = collect(payload, found, lambda item: _post(payload, item))
    return Parsed(tuple(posts), tuple(bad), snapshot=False)


def _with_contained(place: str, item: Item) -> Iterator[tuple[str, Item]]:
    """Yield an item and, of a package, the texts that are whole in it."""
    if not isinstance(item, dict) or _type(item) != "composite":
        yield place, item
        return
    contained = [
        (where, each)
        for where, each in _associated(item.get("associations"), f"{place}/associations")
        if _is_item(each) and _type(each) not in (*MEDIA_TYPES, "composite") and read_body(each) != (None, None)
    ]
    if _headline(item) or read_body(item) != (None, None) or not contained:
        yield place, item
    yield from contained


def _associated(found: Any, place: str) -> Iterator[tuple[str, Any]]:
    """Yield the items that a package associates, one or a list under each name."""
    for name, each in found.items() if isinstance(found, dict) else ():
        if isinstance(each, list):
            yield from ((f"{place}/{name}/{index}", one) for index, one in enumerate(each))
        else:
            yield f"{place}/{name}", each


def _post(payload: Payload, item: Any) -> Post:
    if not isinstance(item, dict) or not any(item.get(name) for name in (*_IDS, *_MARKS, "headline")):
        raise ParseError("expected a ninjs item: an object with a uri or guid")
    created = _first(item, "firstcreated", "firstCreated", "firstpublished", "firstPublished")
    updated = _first(item, "versioncreated", "versionCreated")
    embargo = read_embargo(_first(item, "embargoed"), updated, payload)
    status = read_status(_first(item, "pubstatus", "pubStatus"), item.get("state"))
    if embargo and status is Status.USABLE:
        status = Status.WITHHELD
    headline = _headline(item)
    html, text = read_body(item, headline)
    lead, text_of_agency = None, AgencyText(None, editorial_note=joined_notes([line_in(item, "ednote", "edNote")]))
    if kind := MEDIA_TYPES.get(_type(item)):  # a media item's description is its caption
        media = own_media(item)
        if kind is MediaType.IMAGE:  # and a picture's body is a caption as well
            html = text = None
    else:
        media = associated_media(item)
        lead = read_descriptions(item)
        if html is None and text is None:
            text, lead = lead, None
        stated = line_in(item, "dateline", "located")
        text_of_agency = read_agency_text(html, dateline=stated, notes=[line_in(item, "ednote", "edNote")])
        html = text_of_agency.html
        if html is None and text is not None:
            text, desk = part_plain_desk_lines(text)
            notes = joined_notes((text_of_agency.editorial_note, desk.note))
            line = best_dateline(stated, text)
            text_of_agency = AgencyText(None, authors=desk.authors, dateline=line, editorial_note=notes)
    return build_post(
        payload,
        id=_id(item),
        url=_url(item),
        published=created or updated or _first(item, "contentcreated", "contentCreated"),
        updated=updated,
        headline=headline,
        body_html=html,
        body_text=text,
        summary=lead,
        authors=_authors(item) or text_of_agency.authors,
        media=media,
        status=status,
        embargo_until=embargo,
        version=as_text(item.get("version")),
        language=line_in(item, "language"),
        subjects=tuple(_subjects(item)),
        urgency=read_urgency(item.get("urgency"), item.get("priority")),
        slugline=line_in(item, "slugline"),
        editorial_note=text_of_agency.editorial_note,
        dateline=text_of_agency.dateline,
        usage_terms=_usage_terms(item),
    )


def _usage_terms(item: Item) -> str | None:
    """Return the terms: text, a list of texts, or an object with a text for each language."""
    said = _first(item, "usageterms", "usageTerms")
    parts = said if isinstance(said, list) else [said]
    texts = (each if isinstance(each, str) else text_in(each, "value", "text") if isinstance(each, dict) else None
             for each in parts)  # fmt: skip
    return joined_notes(texts)


def _type(item: Item) -> str:
    return str(item.get("type")).lower()


def _first(item: Item, *names: str) -> object:
    return next((item[name] for name in names if item.get(name)), None)


def _id(item: Item) -> str | None:
    """Return the agency's stable id: AP's `uri` has a query that changes with each request."""
    altids = item.get("altids")
    if isinstance(altids, dict) and (itemid := as_text(altids.get("itemid"))):
        return itemid
    for each in each_object(item.get("altIds") or altids):
        if str(each.get("role")).lower() == "itemid" and (itemid := as_text(each.get("value"))):
            return itemid
    return text_in(item, "guid", "uri", "_id", "id")


def _url(item: Item) -> str | None:
    for link in each_object(item.get("links")):
        if link.get("rel") in ("canonical", "alternate") and (href := line_in(link, "href")):
            return href
    uri = line_in(item, "url", "uri", "guid") or ""
    return uri if uri.startswith(("http://", "https://")) and "?" not in uri else None


def _headline(item: Item) -> str | None:
    if headline := line_in(item, "headline"):
        return html_to_text(headline[:1000]) if _TAG.search(headline) else headline
    headlines = [each for each in each_object(item.get("headlines")) if line_in(each, "value")]
    main = next((each for each in headlines if str(each.get("role")).lower() in ("main", "headline")), None)
    chosen = main or next(iter(headlines), None)
    if chosen:
        return line_in(chosen, "value")
    # An event has a name where a text has a headline; of a text, `title` is a label for its handling.
    return line_in(item, "title") if isinstance(item.get("eventDetails"), dict) else None


def _authors(item: Item) -> tuple[str, ...]:
    """Return names of the byline, else of the listed bylines, people with a byline's role, or the photographer."""
    if names := read_byline(line_in(item, "byline", "by")):
        return names
    listed = [name for each in each_object(item.get("bylines")) for name in read_byline(line_in(each, "by", "name"))]
    if not listed:
        listed = [name for each in each_object(item.get("authors")) if (name := line_in(each, "name"))]
    if not listed and isinstance(photographer := item.get("photographer"), dict):
        listed = list(read_byline(line_in(photographer, "name")))
    return tuple(dict.fromkeys(listed))


def _subjects(item: Item) -> Iterator[Subject]:
    for each in each_object(item.get("subject") or item.get("subjects")):
        name, scheme = text_in(each, "name"), text_in(each, "scheme")
        code = text_in(each, "code", "qcode", "literal", "uri")
        if name or code:
            yield Subject(name=name, code=code, scheme=scheme)
