"""Ritzau's `RBNews` XML: a news item, or a list of them."""

from schemas.post import Post, Status, Subject
from streams.exceptions import ParseError
from streams.parse.build import build_post
from streams.parse.parsed import Parsed
from streams.parse.payload.payload import Payload
from streams.parse.registry import parser
from streams.parse.wires.agency_text import read_agency_text
from streams.parse.wires.elements import Element, child, children, collect_elements, local_name, root_name, text_at
from streams.parse.wires.iptc import read_urgency
from streams.parse.wires.wrapped_text import html_of
from streams.parse.words.byline import read_byline


def _is_rbnews(payload: Payload) -> bool:
    return bool(root_name(payload)) and b"RBNews" in payload.document.body and bool(_items(payload.xml))


def _items(root: Element) -> list[Element]:
    return [root] if local_name(root) == "RBNews" else list(children(root, "RBNews"))


@parser("ritzau", looks_like=_is_rbnews, rank=36)
def parse_ritzau(payload: Payload) -> Parsed:
    """Read an item, or a list of them."""
    items = _items(payload.xml)
    if not items:
        raise ParseError(f"expected an RBNews element, found {local_name(payload.xml)}")
    posts, bad = collect_elements(payload, items, lambda each: _post(payload, each))
    return Parsed(posts, bad, snapshot=False)


def _post(payload: Payload, news: Element) -> Post:
    body = child(news, "content")
    origin = " ".join(said for name in ("town", "origin") if (said := text_at(news, name)))
    text = read_agency_text(
        html_of((body.text or "") if body is not None else ""),
        dateline=origin if text_at(news, "town") else None,
        notes=[text_at(news, "TilRedaktionen")],
    )
    return build_post(
        payload,
        id=text_at(news, "NewsID"),
        published=text_at(news, "PublishDate"),
        updated=text_at(news, "PublishDate"),
        headline=text_at(news, "headline"),
        summary=text_at(news, "subtitle"),
        body_html=text.html,
        authors=read_byline(text_at(news, "byLine")) or text.authors,
        status=Status.CANCELED if text_at(news, "Annuleret") == "true" else Status.USABLE,
        breaking=text_at(news, "InfoFlash") == "true",
        version=text_at(news, "version"),
        subjects=tuple(Subject(code=code, scheme="iptc") for code in _codes(child(news, "IPTCList"))),
        urgency=read_urgency(text_at(news, "Priority")),
        slugline=text_at(news, "strapline"),
        editorial_note=text.editorial_note,
        dateline=text.dateline,
    )


def _codes(listed: Element | None) -> list[str]:
    return [text for each in children(listed) if (text := text_at(each))]
