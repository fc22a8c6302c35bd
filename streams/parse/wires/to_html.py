"""The bodies of NITF, XHTML and agencies' own XML as HTML; captions, notes and metadata are left out."""

import re
from collections.abc import Iterator
from html import escape

from streams.parse.html.safe import html_to_text
from streams.parse.wires.elements import Element, attribute, entity_text, local_name
from streams.parse.wires.wrapped_text import has_blocks, html_of, looks_like_html, unwrap
from streams.parse.words.clean import clean_line

_BLOCKS = {
    "p": "p", "hl1": "h2", "hl2": "h3", "h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h5", "h6": "h6",
    "ul": "ul", "ol": "ol", "li": "li", "dl": "dl", "dt": "dt", "dd": "dd", "table": "table", "tr": "tr", "td": "td",
    "th": "th", "thead": "thead", "tbody": "tbody", "tfoot": "tfoot", "pre": "pre", "blockquote": "blockquote",
    "bq": "blockquote", "hr": "hr", "rubrik": "h3", "mellis": "h3", "caption": "caption",
    "citat": "p", "pq": "blockquote",
}  # fmt: skip
_INLINE = {
    "em": "em", "i": "i", "b": "b", "strong": "strong", "u": "u", "q": "q", "sub": "sub", "sup": "sup", "br": "br",
    "cite": "cite", "abbr": "abbr", "small": "small", "code": "code", "s": "s", "del": "del", "ins": "ins",
}  # fmt: skip
_CONTAINERS = {
    "nitf", "body", "body.content", "block", "div", "section", "article", "main", "html", "inlineXML", "DataContent",
    "content", "text", "ingress", "brodtext", "block_quote", "datasource", "nitf-table", "center", "inlinexml",
    "datacontent", "abstract", "fn", "summary", "details", "address", "content-text",
}  # fmt: skip
_SPANS = frozenset({
    "a", "span", "font", "time", "label", "person", "org", "location", "city", "state", "region", "country", "money",
    "num", "chron", "event", "function", "object.title", "virtloc", "postaddr", "copyrite", "classifier", "pronounce",
    "alt-code", "frac", "series", "sublocation", "name.given", "name.family", "delimiter", "story.date", "datasource",
})  # fmt: skip
_UNREAD = frozenset({
    "media", "media-caption", "media-producer", "media-reference", "media-metadata", "media-object", "figure", "img",
    "script", "style", "head", "title", "header", "footer", "nav", "body.head", "body.end", "byline", "dat", "bild",
    "note", "nitf-table-metadata", "custom-table", "lang", "video", "audio", "iframe", "object", "svg", "form",
})  # fmt: skip
_DASH = re.compile(r"</?(?:en|em)dash>")
_TOP_CHARS = 5_000  # characters in which a heading is on top
_TOP_HEADING = re.compile(r"(?is)<(h[1-6])[^>]{0,200}>(.{0,1000}?)</\1>")


def to_html(element: Element) -> str:
    """Return the running text of an element as HTML; loose text of a container becomes a paragraph."""
    return "".join(_container(element))


def without_headline(html: str, headline: str | None) -> str:
    """Return HTML without a top heading that only repeats the headline, which has a field of its own."""
    found = _TOP_HEADING.search(html, 0, _TOP_CHARS) if headline else None
    if found and html_to_text(found[2]) == clean_line(headline or ""):
        return html[: found.start()] + html[found.end() :]
    return html


def _container(element: Element) -> Iterator[str]:
    run: list[str] = [] if element.text is None else [_loose(element.text)]
    for each in element:
        name = local_name(each).lower()
        if not name:
            run.append(escape(entity_text(each), quote=False))
        elif name in _UNREAD:
            pass
        elif name in _BLOCKS or name in _CONTAINERS or _holds_blocks(each) or _stands_alone(each, name, run):
            yield from _flush(run)
            yield from _block(each, name)
        else:
            run.extend(_inline(each, name))
        run.append(_loose(each.tail))
    yield from _flush(run)


def _flush(run: list[str]) -> Iterator[str]:
    if any(piece.strip() for piece in run):
        text = "".join(run)
        yield text if has_blocks(text) else f"<p>{text}</p>"
    run.clear()


def _loose(text: str | None) -> str:
    """Return the HTML of text outside paragraphs, which may be escaped HTML or several paragraphs."""
    if not text or not text.strip():
        return text or ""
    if looks_like_html(text):
        return html_of(text)
    paragraphs = [escape(paragraph, quote=False) for paragraph in unwrap(text)]
    if len(paragraphs) > 1:
        return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"{' ' if text[:1].isspace() else ''}{paragraphs[0]}{' ' if text[-1:].isspace() else ''}"


def _block(element: Element, name: str) -> Iterator[str]:
    tag = _BLOCKS.get(name)
    if tag is None:
        yield from _container(element)
    elif tag == "hr":
        yield "<hr>"
    elif tag in ("ul", "ol", "dl", "table", "tr", "thead", "tbody", "tfoot", "blockquote"):
        yield f"<{tag}>{''.join(_container(element) if tag == 'blockquote' else _parts(element))}</{tag}>"
    else:
        yield f"<{tag}>{''.join(_content(element))}</{tag}>"


def _parts(element: Element) -> Iterator[str]:
    """Yield the rows, cells or items of a table or list; there is no text between them."""
    for each in element:
        name = local_name(each).lower()
        if name in _BLOCKS:
            yield from _block(each, name)
        elif name and name not in _UNREAD:
            yield from _parts(each)


def _content(element: Element) -> Iterator[str]:
    yield _escaped(element.text)
    for each in element:
        name = local_name(each).lower()
        if not name:
            yield escape(entity_text(each), quote=False)
        elif name in _BLOCKS or name in _CONTAINERS:
            yield from _block(each, name)
        elif name not in _UNREAD:
            yield from _inline(each, name)
        yield _escaped(each.tail)


def _escaped(text: str | None) -> str:
    """Return text for HTML, without the tags around dashes that some editors' software writes into it."""
    return escape(_DASH.sub("", text) if text and "dash>" in text else text or "", quote=False)


def _inline(element: Element, name: str) -> Iterator[str]:
    href = attribute(element, "href") if name == "a" else None
    tag = "a" if href else _INLINE.get(name)
    if tag == "br":
        yield "<br>"
        yield from _content(element)
        return
    opening = f'<a href="{escape(href)}">' if href else f"<{tag}>" if tag else ""
    yield f"{opening}{''.join(_content(element))}{f'</{tag}>' if tag else ''}"


def _stands_alone(element: Element, name: str, run: list[str]) -> bool:
    """Whether an unknown element is a paragraph of its own: it has no text beside it."""
    known = name in _SPANS or name in _INLINE
    return not known and not "".join(run).strip() and not (element.tail or "").strip()


def _holds_blocks(element: Element) -> bool:
    return any(local_name(each).lower() in _BLOCKS or local_name(each).lower() in _CONTAINERS for each in element)
