"""Answers of Belga's 360 archive: news objects made of components (title, lead, body, caption, image) as JSON."""

from collections.abc import Iterator
from typing import Any

from schemas.post import Media, MediaType, Post
from streams.exceptions import ParseError
from streams.parse.build import build_post
from streams.parse.items.shape import as_text, each_object, line_in
from streams.parse.parsed import Parsed, collect
from streams.parse.payload.payload import Payload
from streams.parse.registry import parser
from streams.parse.wires.agency_text import read_agency_text
from streams.parse.wires.wrapped_text import html_of

_KINDS = {"picture": MediaType.IMAGE, "graphic": MediaType.IMAGE, "video": MediaType.VIDEO, "audio": MediaType.AUDIO}
_NOTHING = ("None", "no name")
"""What the archive writes in an empty field."""


def _is_belga_360(payload: Payload) -> bool:
    return (
        payload.looks_like_json and isinstance(payload.json, dict) and isinstance(payload.json.get("newsObjects"), list)
    )


@parser("belga-360", looks_like=_is_belga_360, rank=36)
def parse_belga_360(payload: Payload) -> Parsed:
    """Read each news object of an answer."""
    if not _is_belga_360(payload):
        raise ParseError("expected an object with a list of newsObjects")
    listed = [(f"/newsObjects/{place}", each) for place, each in enumerate(payload.json["newsObjects"])]
    posts, bad = collect(payload, listed, lambda each: _post(payload, each))
    return Parsed(tuple(posts), tuple(bad), snapshot=False)


def _post(payload: Payload, found: Any) -> Post:
    if not isinstance(found, dict):
        raise ParseError(f"expected a news object, found {type(found).__name__}")
    kind = _KINDS.get(str(found.get("assetType")).lower())
    paragraphs = {name: list(_paragraphs(found, name)) for name in ("lead", "body", "caption")}
    body = "".join(html_of(text) for text in (*paragraphs["lead"], *paragraphs["body"]))
    text = read_agency_text(body, dateline=_field(found, "city"), notes=[_field(found, "editorialInfo")])
    return build_post(
        payload,
        id=as_text(found.get("newsObjectId")),
        published=_stated(found.get("createDate")),
        updated=_stated(found.get("validateDate")),
        headline=_field(found, "headLine"),
        body_html=None if kind else text.html,
        media=_media(found, kind, paragraphs["caption"]) if kind else (),
        language=_field(found, "language"),
        authors=[
            line_in(each, "name")
            for each in each_object(found.get("authors"))
            if str(each.get("type")).upper() in ("AUTHOR", "CORRESPONDENT")
        ]
        or text.authors,
        slugline=_field(found, "topic"),
        editorial_note=text.editorial_note,
        dateline=None if kind else text.dateline,
    )


def _media(found: dict[str, Any], kind: MediaType, captions: list[str]) -> tuple[Media, ...]:
    urls = found.get("renderUrls")
    url = line_in(urls, "highres", "preview", "thumbnail") if isinstance(urls, dict) else None
    if not (url or captions):
        return ()
    return (Media(type=kind, url=url, caption=captions[0] if captions else None, credit=_field(found, "credit")),)


def _paragraphs(found: dict[str, Any], asset: str) -> Iterator[str]:
    for component in each_object(found.get("newsComponents")):
        if str(component.get("assetType")).lower() == asset:
            for proxy in each_object(component.get("proxies")):
                if text := _field(proxy, "clobData") or _field(proxy, "varcharData"):
                    yield text


def _field(found: dict[str, Any], name: str) -> str | None:
    value = line_in(found, name)
    return None if value in _NOTHING else value


def _stated(value: object) -> object:
    return None if value in _NOTHING else value
