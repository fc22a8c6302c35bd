"""The article in an NITF body, which is a document of its own or stands inside NewsML."""

from collections.abc import Iterator
from dataclasses import dataclass

from schemas.post import Media, MediaType
from streams.parse.wires.elements import Element, attribute, child, descendants, text_at, text_in
from streams.parse.wires.to_html import to_html, without_headline
from streams.parse.words.byline import read_byline

_KINDS = {"image": MediaType.IMAGE, "photo": MediaType.IMAGE, "picture": MediaType.IMAGE, "graphic": MediaType.IMAGE,
          "video": MediaType.VIDEO, "audio": MediaType.AUDIO}  # fmt: skip
_NOT_NAMES = frozenset({"byttl"})
_NO_PLACE = frozenset({"story.date"})


@dataclass(frozen=True, slots=True)
class Article:
    """The parts of an NITF body; metadata may come from another format's envelope."""

    headline: str | None
    summary: str | None
    html: str | None
    authors: tuple[str, ...]
    media: tuple[Media, ...]
    dateline: str | None = None


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
