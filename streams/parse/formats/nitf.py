"""NITF (News Industry Text Format) 2.5 to 3.6: one article a document, or inside NewsML and ninjs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from schemas.post import Media, MediaType, Post, Status, Subject
from streams.exceptions import ParseError
from streams.parse.build import build_post
from streams.parse.parsed import Parsed
from streams.parse.payload.payload import Content
from streams.parse.registry import parser
from streams.parse.wires.agency_text import read_agency_text
from streams.parse.wires.elements import (
    Element,
    attribute,
    child,
    collect_elements,
    descendants,
    local_name,
    root_name,
    text_at,
    text_in,
)
from streams.parse.wires.iptc import iptc_time, read_embargo, read_status, read_urgency
from streams.parse.wires.to_html import to_html, without_headline
from streams.parse.words.byline import read_byline

_KINDS = {"image": MediaType.IMAGE, "photo": MediaType.IMAGE, "picture": MediaType.IMAGE, "graphic": MediaType.IMAGE,
          "video": MediaType.VIDEO, "audio": MediaType.AUDIO}  # fmt: skip
_NOT_NAMES = frozenset({"byttl"})
_NO_PLACE = frozenset({"story.date"})


@dataclass(frozen=True, slots=True)
class Article:
    """What the body of an NITF document says; another format's envelope may say the rest."""

    headline: str | None
    summary: str | None
    html: str | None
    authors: tuple[str, ...]
    media: tuple[Media, ...]
    dateline: str | None = None


def _is_nitf(content: Content) -> bool:
    root = root_name(content)
    return root == "nitf" or bool(root and b"<nitf" in content.document.body and child(content.xml, "nitf") is not None)


@parser("nitf", content_types=("application/nitf+xml", "text/vnd.iptc.nitf"), looks_like=_is_nitf, rank=34)
def parse_nitf(content: Content) -> Parsed:
    """Read a document that is one article, or a list of them."""
    root = content.xml
    articles = [root] if local_name(root) == "nitf" else list(descendants(root, "nitf"))
    if not articles:
        raise ParseError(f"expected a nitf element, found {local_name(root)}")
    posts, bad = collect_elements(content, articles, lambda each: _post(content, each))
    return Parsed(posts, bad, snapshot=False)


def read_article(nitf: Element) -> Article:
    """Return the article in a nitf element."""
    body = child(nitf, "body") if child(nitf, "body") is not None else nitf
    head, running = child(body, "body.head"), child(body, "body.content")
    headline = text_at(head, "hedline", "hl1") or text_at(body, "hedline", "hl1")
    if running is None and head is None:
        running = body
    html = to_html(running) if running is not None else ""
    abstract = child(head, "abstract")
    return Article(
        headline=headline,
        summary=text_in(abstract),
        html=without_headline(html, headline) or (to_html(abstract) if abstract is not None else None),
        authors=_authors(head),
        media=tuple(_media(running)),
        dateline=text_in(child(head, "dateline"), skip=_NO_PLACE),
    )


def _post(content: Content, nitf: Element) -> Post:
    article = read_article(nitf)
    docdata = child(nitf, "head", "docdata")
    said = attribute(docdata, "management-status")
    issued = _time(docdata, "date.issue")
    released = _time(docdata, "date.release")
    status, embargo = read_status(said), None
    if (said or "embargoed").lower() != "usable":  # who says "usable" means now, whatever the release date
        embargo = read_embargo(released, issued, content)
    if embargo and status is Status.USABLE:
        status = Status.WITHHELD
    pubdata = next(descendants(child(nitf, "head"), "pubdata"), None)
    published = issued or released or iptc_time(attribute(pubdata, "date.publication")) or _story_date(nitf)
    key = next(descendants(docdata, "du-key"), None)
    notes = [attribute(child(docdata, "ed-msg"), "info"), _meta(nitf, "anpa-takekey")]
    text = read_agency_text(article.html, dateline=article.dateline, notes=notes)
    return build_post(
        content,
        id=attribute(child(docdata, "doc-id"), "id-string"),
        published=published,
        updated=issued,
        headline=article.headline,
        summary=article.summary if article.summary and child(nitf, "body", "body.content") is not None else None,
        body_html=text.html,
        authors=article.authors or text.authors,
        media=article.media,
        status=status,
        embargo_until=embargo if status is Status.WITHHELD else None,
        version=attribute(key, "generation") or attribute(key, "version"),
        language=attribute(nitf, "lang") or attribute(nitf, "baselang"),
        subjects=tuple(read_subjects(child(nitf, "head"))),
        urgency=read_urgency(attribute(child(docdata, "urgency"), "ed-urg")),
        slugline=attribute(key, "key") or _meta(nitf, "anpa-keyword") or _meta(nitf, "slugline"),
        editorial_note=text.editorial_note,
        dateline=text.dateline,
        usage_terms=attribute(child(docdata, "doc.rights"), "type") or _rights(nitf),
    )


def _meta(nitf: Element, name: str) -> str | None:
    found = (each for each in descendants(child(nitf, "head"), "meta") if attribute(each, "name") == name)
    return next((content for each in found if (content := attribute(each, "content"))), None)


def _rights(nitf: Element) -> str | None:
    """Return what the rights say in words of their own; an owner's name alone is no terms."""
    rights = child(nitf, "body", "body.head", "rights")
    said = text_in(rights, skip=frozenset({"rights.owner", "rights.startdate", "rights.enddate"}))
    return said if rights is not None and said else None


def _time(docdata: Element | None, name: str) -> str | None:
    found = child(docdata, name)
    return iptc_time(attribute(found, "norm") or text_in(found))


def _story_date(nitf: Element) -> str | None:
    return next((iptc_time(attribute(each, "norm")) for each in descendants(nitf, "story.date")), None)


def _authors(head: Element | None) -> tuple[str, ...]:
    names: list[str] = []
    for byline in descendants(head, "byline"):
        people = [name for each in descendants(byline, "person") if (name := text_in(each))]
        names.extend(people or read_byline(text_in(byline, skip=_NOT_NAMES)))
    return tuple(dict.fromkeys(names))


def _media(running: Element | None) -> Iterator[Media]:
    for each in descendants(running, "media"):
        kind = _KINDS.get((attribute(each, "media-type") or "").lower())
        references = [found for found in descendants(each, "media-reference") if attribute(found, "source")]
        if kind is None and references:
            kind = _KINDS.get((attribute(references[0], "mime-type") or "").partition("/")[0].lower())
        source = attribute(references[0], "source") if references else None
        caption = text_at(each, "media-caption")
        if kind and (source or caption):
            alt = attribute(references[0], "alternate-text") if references else None
            yield Media(type=kind, url=source, caption=caption, credit=text_at(each, "media-producer"), alt=alt)
    for each in descendants(running, "img"):
        if source := attribute(each, "src") or attribute(each, "source"):
            yield Media(type=MediaType.IMAGE, url=source, alt=attribute(each, "alt"))


def read_subjects(head: Element | None) -> Iterator[Subject]:
    """Yield the subjects of an NITF head, each by its most precise name."""
    for each in descendants(head, "tobject.subject"):
        fields: dict[str, Any] = {
            "name": next(
                (name for part in ("detail", "matter", "type") if (name := attribute(each, f"tobject.subject.{part}"))),
                None,
            ),
            "code": attribute(each, "tobject.subject.refnum") or attribute(each, "tobject.subject.code"),
            "scheme": attribute(each, "tobject.subject.ipr"),
        }
        if fields["name"] or fields["code"]:
            yield Subject(**fields)
