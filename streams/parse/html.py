"""HTML made safe, and read as plain paragraphs."""

import re
from collections.abc import Iterator

import nh3
from selectolax.lexbor import LexborHTMLParser, LexborNode

from streams.parse.text import clean_line, clean_paragraphs

_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "dl", "dt", "em", "figcaption",
    "figure", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "li", "mark", "ol", "p", "pre", "q", "s",
    "small", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "u", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title"}, "abbr": {"title"}, "blockquote": {"cite"}, "del": {"datetime"}, "ins": {"datetime"},
    "img": {"src", "alt", "title", "width", "height"}, "q": {"cite"}, "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"}, "time": {"datetime"},
}  # fmt: skip
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    url_schemes={"http", "https", "mailto", "tel"},
    clean_content_tags={
        "script",
        "style",
        "iframe",
        "object",
        "embed",
        "form",
        "noscript",
        "template",
        "svg",
        "math",
    },
    link_rel="noopener noreferrer",
    strip_comments=True,
)
_BLOCKS = {
    "address", "article", "aside", "blockquote", "dd", "details", "div", "dl", "dt", "figure", "footer", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "tr", "ul",
}  # fmt: skip
_UNREAD = {
    "script", "style", "template", "noscript", "figcaption", "figure", "iframe", "object", "svg", "math", "button",
    "form", "video", "audio",
}  # fmt: skip


_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]{0,15}(?:\s[^<>]*)?/?>|<!--")


def safe_html(html: str) -> str:
    """Return HTML without scripts, styles, handlers and odd addresses; the text is kept (allow-list, by nh3)."""
    return _CLEANER.clean(html).strip()


def html_to_text(html: str) -> str:
    """Return plain text with paragraphs parted by a blank line, without captions, figures and players."""
    if "<" not in html:
        return clean_paragraphs(html)
    body = LexborHTMLParser(html).body
    return clean_paragraphs("".join(_read(body))) if body else ""


def links_of(html: str) -> tuple[str, ...]:
    """Return the addresses that the HTML links to, in order, each once."""
    if "<a" not in html:
        return ()
    found = (node.attributes.get("href") for node in LexborHTMLParser(html).css("a[href]"))
    return tuple(dict.fromkeys(href for href in found if href and href.startswith(("http://", "https://"))))


def is_markup(text: str) -> bool:
    """Whether text has tags in it, as HTML has, and not only a sign for less."""
    return "<" in text and _TAG.search(text) is not None


def images_of(html: str) -> list[dict[str, str]]:
    """Return the pictures in HTML as address, alternative text and caption; tracking pixels are none."""
    if "<img" not in html:
        return []
    found: dict[str, dict[str, str]] = {}
    for image in LexborHTMLParser(html).css("img[src]"):
        told = image.attributes
        src = (told.get("src") or "").strip()
        if not src.startswith(("http://", "https://")) or told.get("width") == "1" or told.get("height") == "1":
            continue
        figure = image.parent
        while figure is not None and figure.tag not in ("figure", "body"):
            figure = figure.parent
        caption = figure.css_first("figcaption") if figure is not None and figure.tag == "figure" else None
        words = {"alt": clean_line(told.get("alt") or ""), "caption": clean_line(caption.text() if caption else "")}
        found.setdefault(src, {"url": src, **{name: text for name, text in words.items() if text}})
    return list(found.values())


def _read(node: LexborNode) -> Iterator[str]:
    child = node.first_child
    while child is not None:
        tag = child.tag
        if tag == "-text":
            yield re.sub(r"\s+", " ", child.text_content or "")
        elif tag == "br":
            yield "\n"
        elif tag in ("td", "th"):
            yield from _read(child)
            yield " "
        elif tag in _BLOCKS and tag not in _UNREAD:
            yield "\n\n"
            yield from _read(child)
            yield "\n\n"
        elif tag and tag not in _UNREAD and not tag.startswith("-"):
            yield from _read(child)
        child = child.next
