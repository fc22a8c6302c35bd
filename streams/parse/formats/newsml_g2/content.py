"""The contentSet of a NewsML-G2 item: inline XML, inline data, and content that lies elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from schemas.post import Media, MediaType
from streams.parse.html.safe import html_to_text
from streams.parse.wires.elements import Element, attribute, child, children, descendants, local_name, text_at, text_in
from streams.parse.wires.nitf_article import read_article
from streams.parse.wires.to_html import to_html, without_headline
from streams.parse.wires.wrapped_text import html_of
from streams.parse.words.byline import names_of_paragraph, read_byline

_CLASSES = {"picture": MediaType.IMAGE, "graphic": MediaType.IMAGE, "animated": MediaType.IMAGE,
            "photo": MediaType.IMAGE, "video": MediaType.VIDEO, "audio": MediaType.AUDIO}  # fmt: skip
_KINDS = {"image": MediaType.IMAGE, "video": MediaType.VIDEO, "audio": MediaType.AUDIO}


@dataclass(frozen=True, slots=True)
class Body:
    """The parts of an item's content."""

    headline: str | None = None
    summary: str | None = None
    html: str | None = None
    authors: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()
    dateline: str | None = None


def read_content(content_set: Element | None, headline: str | None) -> Body:
    """Return the first content with text in it, and the pictures of all."""
    media: list[Media] = list(_remote(content_set))
    chosen = Body()
    for each in children(content_set, "inlineXML", "inlineData"):
        body = _inline(each, headline)
        media.extend(body.media)
        if not chosen.html or not html_to_text(chosen.html):
            chosen = body
    return replace(chosen, media=tuple(media))


def own_media(item: Element, told: Element | None) -> tuple[Media, ...]:
    """Return an item that is a picture, a video or a sound as that, with its caption and credit."""
    item_class = child(item, "itemMeta", "itemClass")
    said = (attribute(item_class, "qcode") or attribute(item_class, "uri") or "").replace("/", ":").rpartition(":")[2]
    kind = _CLASSES.get(said.lower())
    if kind is None:
        return ()
    found = [media for media in _remote(child(item, "contentSet")) if media.type is kind]
    credit = text_at(told, "creditline") or text_at(told, "by") or text_at(told, "creator", "name")
    url = found[0].url if found else None
    caption = _caption(told)
    return (Media(type=kind, url=url, caption=caption, credit=credit),) if url or caption else ()


def _caption(told: Element | None) -> str | None:
    said = [each for each in children(told, "description") if text_in(each)]
    captions = [each for each in said if "caption" in (attribute(each, "role") or "").lower()]
    return text_in((captions or said)[0]) if said else None


def _remote(content_set: Element | None) -> Iterator[Media]:
    """Yield the files that lie elsewhere, the best rendition of each kind."""
    best: dict[MediaType, tuple[int, str]] = {}
    for each in children(content_set, "remoteContent"):
        mime = (attribute(each, "contenttype") or "").lower()
        kind = _KINDS.get(mime.partition("/")[0])
        href = attribute(each, "href") or attribute(each, "residref")
        if kind and href:
            width = attribute(each, "width") or ""
            rendition = (attribute(each, "rendition") or "").lower()
            # Without a width a high-resolution rendition is better than any, a thumbnail worse.
            size = int(width) if width.isascii() and width.isdigit() else 0
            size = size or (100_000 if "high" in rendition else -1 if "thumb" in rendition else 1)
            if kind not in best or size > best[kind][0]:
                best[kind] = (size, href)
    for kind, (_, href) in best.items():
        yield Media(type=kind, url=href)


def _inline(element: Element, headline: str | None) -> Body:
    nitf = next(descendants(element, "nitf"), None)
    if nitf is not None:
        article = read_article(nitf)
        html = without_headline(article.html, headline) if article.html else None
        return Body(article.headline, article.summary, html, article.authors, article.media, article.dateline)
    if local_name(element) == "inlineData" and not len(element):
        return Body(html=html_of(element.text or ""))
    html = without_headline(to_html(element), headline)
    pictures = _tt_pictures(element)
    return Body(html=html, authors=_authors(element, html), media=tuple(pictures))


def _authors(element: Element, html: str) -> tuple[str, ...]:
    """Return the names of an element marked as a byline, otherwise of a byline among the first paragraphs."""
    marked = [name for each in descendants(element, "BYLINE", "byline") for name in read_byline(text_in(each))]
    if marked:
        return tuple(dict.fromkeys(marked))
    for paragraph in html_to_text(html[:2000]).split("\n\n")[:3]:
        if names := names_of_paragraph(paragraph):
            return names
    return ()


def _tt_pictures(element: Element) -> Iterator[Media]:
    """Yield the pictures of TT's own markup: BILD with its file, caption and maker."""
    for each in descendants(element, "BILD"):
        url, caption = text_at(each, "BILDFIL"), text_at(each, "BILDTEXT")
        if url or caption:
            yield Media(type=MediaType.IMAGE, url=url, caption=caption, credit=text_at(each, "BILDSKAPARE"))
