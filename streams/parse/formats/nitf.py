"""NITF (News Industry Text Format) 2.5 to 3.6: one article a document, or inside NewsML and ninjs."""

from collections.abc import Iterator
from typing import Any

from schemas.post import Post, Status, Subject
from streams.exceptions import ParseError
from streams.parse.build import build_post
from streams.parse.parsed import Parsed
from streams.parse.payload.payload import Payload
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
    text_in,
)
from streams.parse.wires.iptc import iptc_time, read_embargo, read_status, read_urgency
from streams.parse.wires.nitf_article import read_article


def _is_nitf(payload: Payload) -> bool:
    root = root_name(payload)
    return root == "nitf" or bool(root and b"<nitf" in payload.document.body and child(payload.xml, "nitf") is not None)


@parser("nitf", content_types=("application/nitf+xml", "text/vnd.iptc.nitf"), looks_like=_is_nitf, rank=34)
def parse_nitf(payload: Payload) -> Parsed:
    """Read a document that is one article, or a list of them."""
    root = payload.xml
    articles = [root] if local_name(root) == "nitf" else list(descendants(root, "nitf"))
    if not articles:
        raise ParseError(f"expected a nitf element, found {local_name(root)}")
    posts, bad = collect_elements(payload, articles, lambda each: _post(payload, each))
    return Parsed(posts, bad, snapshot=False)


def _post(payload: Payload, nitf: Element) -> Post:
    article = read_article(nitf)
    docdata = child(nitf, "head", "docdata")
    said = attribute(docdata, "management-status")
    issued = _time(docdata, "date.issue")
    released = _time(docdata, "date.release")
    status, embargo = read_status(said), None
    if (said or "embargoed").lower() != "usable":  # "usable" means now, whatever the release date
        embargo = read_embargo(released, issued, payload)
    if embargo and status is Status.USABLE:
        status = Status.WITHHELD
    pubdata = next(descendants(child(nitf, "head"), "pubdata"), None)
    published = issued or released or iptc_time(attribute(pubdata, "date.publication")) or _story_date(nitf)
    key = next(descendants(docdata, "du-key"), None)
    notes = [attribute(child(docdata, "ed-msg"), "info"), _meta(nitf, "anpa-takekey")]
    text = read_agency_text(article.html, dateline=article.dateline, notes=notes)
    return build_post(
        payload,
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
        subjects=tuple(_subjects(child(nitf, "head"))),
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


def _subjects(head: Element | None) -> Iterator[Subject]:
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
