"""The content of a NewsML 1 component: text by its role or its place, and files that lie elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from schemas.post import Media, MediaType
from streams.parse.formats.nitf import read_article
from streams.parse.html.safe import html_to_text
from streams.parse.wires.elements import Element, attribute, child, children, descendants, text_at, text_in
from streams.parse.wires.to_html import to_html, without_headline

IMAGES = frozenset({"picture", "photo", "image", "graphic", "illustration", "sketch"})
_NO_TEXT = frozenset({
    "title", "caption", "credit", "thumbnail", "preview", "keywords", "headline", "abstract", "summary", "teaser",
})  # fmt: skip
_LEADS = frozenset({"lead", "intro"})
_KINDS = {"image": MediaType.IMAGE, "photo": MediaType.IMAGE, "picture": MediaType.IMAGE, "graphic": MediaType.IMAGE,
          "jpeg": MediaType.IMAGE, "jpg": MediaType.IMAGE, "png": MediaType.IMAGE, "gif": MediaType.IMAGE,
          "video": MediaType.VIDEO, "mp4": MediaType.VIDEO, "audio": MediaType.AUDIO, "sound": MediaType.AUDIO,
          "mp3": MediaType.AUDIO, "mpeg3": MediaType.AUDIO}  # fmt: skip
_SMALL = frozenset({"thumbnail", "preview"})


@dataclass(slots=True)
class Parts:
    """What a component's content says."""

    headline: str | None = None
    summary: str | None = None
    html: str | None = None
    authors: tuple[str, ...] = ()
    media: list[Media] = field(default_factory=list)
    leads: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


def read_parts(component: Element, headline: str | None) -> Parts:
    """Return a component's text and media; a lead is the first paragraph of the body, which doesn't repeat it."""
    parts = Parts()
    _walk(component, _role(component), parts, headline)
    parts.media.extend(_images(component))
    parts.html = "".join((*parts.leads, *parts.texts)) or None
    return parts


def _role(component: Element) -> str:
    return (attribute(child(component, "Role"), "FormalName") or "").lower()


def _walk(component: Element, role: str, parts: Parts, headline: str | None) -> None:
    for each in children(component, "ContentItem"):
        _read_text(each, role, parts, headline)
    for each in children(component, "NewsComponent"):
        inner = _role(each)
        if inner not in IMAGES and text_at(each, "NewsLines", "HeadLine") is None:
            _walk(each, inner or role, parts, headline)


def _read_text(item: Element, role: str, parts: Parts, headline: str | None) -> None:
    data = child(item, "DataContent")
    if data is None or role in _NO_TEXT:
        return
    nitf = next(descendants(data, "nitf"), None)
    if nitf is not None:
        article = read_article(nitf)
        parts.headline = parts.headline or article.headline
        parts.authors = parts.authors or article.authors
        parts.media.extend(article.media)
        parts.summary = parts.summary or article.summary
        html = article.html
    else:
        html = to_html(data)
    if not html or not html_to_text(html):
        return
    if role in _LEADS:
        parts.leads.append(html)
    elif not parts.texts or role == "body":  # others are the same text in another form
        parts.texts.append(without_headline(html, headline))


def _images(component: Element) -> Iterator[Media]:
    """Yield what a component refers to by kind, the best of several sizes, with the caption and credit beside it."""
    found: dict[MediaType, tuple[bool, str]] = {}
    captions = [text for each in _within(component) if _role(each) == "caption" and (text := _text_in_data(each))]
    for each in _within(component):
        for item in children(each, "ContentItem"):
            kind, href = _kind(item, _role(each)), attribute(item, "Href")
            small = _role(each) in _SMALL
            if kind and href and (kind not in found or found[kind][0] > small):
                found[kind] = (small, href)
    credit = text_at(component, "NewsLines", "CreditLine")
    for kind, (_, href) in found.items():
        # A bare file name is the agency's own delivery, whatever page the document came from.
        url = href if "://" in href else None
        if url or captions:
            yield Media(type=kind, url=url, caption=captions[0] if captions else None, credit=credit)


def _within(component: Element) -> Iterator[Element]:
    """Yield a component and those in it that belong to its own story."""
    yield component
    for each in children(component, "NewsComponent"):
        if text_at(each, "NewsLines", "HeadLine") is None:
            yield from _within(each)


def _text_in_data(component: Element) -> str | None:
    """Return the plain text of a component's data."""
    return next(
        (text for item in children(component, "ContentItem") if (text := text_in(child(item, "DataContent")))), None
    )


def _kind(item: Element, role: str) -> MediaType | None:
    said = (attribute(child(item, name), "FormalName") or "" for name in ("MimeType", "MediaType", "Format"))
    for word in (*(each.lower().partition("/")[0] for each in said), role):
        if word in _KINDS:
            return _KINDS[word]
    return None
