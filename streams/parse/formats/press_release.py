"""Press releases as NTB info, STT Info and Via Ritzau send them: a `release` element with its images."""

from collections.abc import Iterator
from datetime import datetime
from html import unescape

from schemas.post import Media, MediaType, Post, Status, Subject
from streams.parse.build import build_post
from streams.parse.html.safe import html_to_text
from streams.parse.parsed import Parsed
from streams.parse.payload.payload import Payload
from streams.parse.registry import parser
from streams.parse.wires.elements import Element, attribute, child, children, root_name, text_at
from streams.parse.wires.iptc import read_embargo
from streams.parse.wires.wrapped_text import html_of


def _is_release(payload: Payload) -> bool:
    return (
        root_name(payload) == "release"
        and child(payload.xml, "publicationDate") is not None
        and child(payload.xml, "title") is not None
    )


@parser("press-release", looks_like=_is_release, rank=36)
def parse_press_release(payload: Payload) -> Parsed:
    """Read the release."""
    return Parsed((_post(payload, payload.xml),), snapshot=False)


def _post(payload: Payload, release: Element) -> Post:
    published = _time(text_at(release, "publicationDate"))
    embargo = read_embargo(_time(text_at(release, "embargo")), published, payload)
    lead = child(release, "leadtext")
    return build_post(
        payload,
        id=attribute(release, "id"),
        url=text_at(release, "longurl"),
        published=published,
        headline=text_at(release, "title"),
        summary=html_to_text(_html(lead)) if lead is not None else None,
        body_html=_html(child(release, "body")),
        media=tuple(_images(child(release, "images"))),
        status=Status.WITHHELD if embargo else Status.USABLE,
        embargo_until=embargo,
        language=attribute(release, "lang"),
        subjects=tuple(
            Subject(name=name, code=attribute(each, "id"))
            for each in children(child(release, "categories"), "category")
            if (name := text_at(each, "label"))
        ),
    )


def _html(element: Element | None) -> str:
    """Return HTML that was escaped once for XML and, by some, once more."""
    text = (element.text or "") if element is not None else ""
    return html_of(unescape(text) if "<" not in text and "&lt;" in text else text)


def _time(said: str | None) -> datetime | str | None:
    """Return a time written `28.09.2018 11:15`, on the sender's clock."""
    if said is None:
        return None
    try:
        return datetime.strptime(said, "%d.%m.%Y %H:%M")  # noqa: DTZ007  (the zone is the source's; read_time knows it)
    except ValueError:
        return said


def _images(images: Element | None) -> Iterator[Media]:
    for each in children(images, "image"):
        url, caption = text_at(each, "url"), text_at(each, "caption")
        if url or caption:
            yield Media(type=MediaType.IMAGE, url=url, caption=caption)
