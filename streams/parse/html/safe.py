"""HTML made safe, and read as plain paragraphs."""

import re
from functools import lru_cache
from html import unescape
from typing import Final

import nh3
from selectolax.lexbor import LexborHTMLParser

from streams.exceptions import ParseError
from streams.parse.html.empty_elements import without_empty_elements
from streams.parse.html.table_text import CELL_END, rows_as_lines
from streams.parse.html.web_address import link_target
from streams.parse.payload.depth import check_html_depth
from streams.parse.words.clean import clean_decoded, clean_line, clean_paragraphs, clean_regular

_TAGS: Final = {
    "a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "div", "dl", "dt", "em", "figcaption",
    "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "li", "mark", "ol", "p", "pre", "q", "s",
    "section", "small", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "u", "ul",
}  # fmt: skip
_ATTRIBUTES: Final = {
    "a": {"href", "title"}, "abbr": {"title"}, "blockquote": {"cite"}, "del": {"datetime"}, "ins": {"datetime"},
    "img": {"src", "alt", "title", "width", "height"}, "q": {"cite"}, "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"}, "time": {"datetime"},
}  # fmt: skip
_REMOVED: Final = {
    "script", "style", "iframe", "object", "embed", "form", "noscript", "template", "svg", "math", "textarea", "select",
    "title", "xmp", "noembed", "noframes",
}  # fmt: skip
_ADDRESSES: Final = {"href", "src", "cite"}


def _attribute(_tag: str, name: str, value: str) -> str | None:
    """Return an attribute's value, or None for an address that leads nowhere on the web; nh3 alone passes over some."""
    return link_target(value) if name in _ADDRESSES else value


_CLEANER: Final = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    generic_attribute_prefixes=set(),
    url_schemes={"http", "https"},
    clean_content_tags=_REMOVED,
    link_rel="noopener noreferrer",
    strip_comments=True,
)
_BLOCKS: Final = {
    "address", "article", "aside", "blockquote", "dd", "details", "div", "dl", "dt", "footer", "h1", "h2", "h3", "h4",
    "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "tr", "ul",
}  # fmt: skip
_UNREAD: Final = {"figcaption", "figure", "button", "video", "audio"}
# The cleaner drops all attributes, so that each remaining tag is a few characters to replace.
_READER: Final = nh3.Cleaner(
    tags=_BLOCKS | {"br", "td", "th"},
    attributes={"*": set()},
    clean_content_tags=_REMOVED | _UNREAD,
    link_rel=None,
    strip_comments=True,
)
_ESCAPED: Final = (b"&", b"<", b">", b"\xc2")  # the last begins a no-break space, and all else from U+0080 to U+00BF
_RUN: Final = re.compile(r"<(?=[a-zA-Z/!?])")
_MOST_MOVED: Final = 4_000_000_000
"""Bytes: for each character of a text that it may have to escape, nh3 moves all of the text. So many take 40 ms."""
_BREAKS: Final = re.compile(r"\s*<(br|/?t[dh]|/?[a-z][a-z0-9]*)>\s*")
_MARKUP: Final = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]{0,15}(?:\s[^<>]*)?/?>|<!--")
_LINK: Final = re.compile(r"""<a(?:\s[a-z-]+="[^"]*")*?\shref="([^"]*)\"""")


# Paragraphs of plain text, as most posts are: nothing to clean, nothing to recognise. Neither control characters nor
# spaces of other widths are in it, which the cleaner writes in its own way, and each paragraph has something to see.
_TEXT: Final = (
    r"[^<>&\x00-\x09\x0b-\x1f\x7f-\xa0\xad\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ue000\ufeff\ufffe\uffff]*+"
)
_PARAGRAPHS: Final = re.compile(rf"(?:<p>(?![ \n]*+</p>){_TEXT}(?:&(?:amp|lt|gt);{_TEXT})*+</p>[ \n]*+)++")
_LONGEST_PARAGRAPHS_CHARS: Final = 50_000
"""Longer HTML, and what has more tags than a post has, goes the long way, with its bounds."""
_MOST_PARAGRAPHS: Final = 500
_BETWEEN_PARAGRAPHS: Final = re.compile(r"</p>[ \n]*+<p>")


def safe_html(html: str) -> str:
    """Return HTML without scripts, styles, handlers, odd addresses and empty elements; the text is kept.

    Raises `ParseError` when it is nested too deep.
    """
    if _is_paragraphs(html):
        return html.strip()
    check_html_depth(html)
    _check_runs(html)
    return without_empty_elements(_CLEANER.clean(html))


def html_to_text(html: str) -> str:
    """Return plain text with paragraphs parted by a blank line, without captions, figures and players.

    A table's rows are a line each, with tabs between the cells.
    """
    if "<" not in html:
        return clean_paragraphs(html)
    if _is_paragraphs(html):
        between = "\n\n".join([" ".join(each.split()) for each in _BETWEEN_PARAGRAPHS.split(html.strip()[3:-4])])
        return clean_regular(unescape(between) if "&" in between else between)
    check_html_depth(html)
    _check_runs(html)
    plain = rows_as_lines(" ".join(_READER.clean(html).split()))  # four times as fast as a pattern
    return clean_decoded(unescape(_BREAKS.sub(_break, plain))).replace(CELL_END, "\t")


def links_of(html: str) -> tuple[str, ...]:
    """Return the addresses that the HTML links to, in order, each once."""
    count = html.count("<a ") + html.count("<A ")
    if not count:
        return ()
    found = [unescape(href) for href in _LINK.findall(html)]
    if len(found) < count:
        check_html_depth(html)  # written by hand rather than by `safe_html`
        found = [node.attributes.get("href") or "" for node in LexborHTMLParser(html).css("a[href]")]
    return tuple(dict.fromkeys(href for href in map(str.strip, found) if href.startswith(("http://", "https://"))))


def is_markup(text: str) -> bool:
    """Whether text has tags in it, as HTML has, and not only a sign for less."""
    return "<" in text and _MARKUP.search(text) is not None


def images_of(html: str) -> list[dict[str, str]]:
    """Return the pictures in HTML as address, alternative text and caption; tracking pixels are left out."""
    if "<img" not in html:
        return []
    check_html_depth(html)
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


@lru_cache(maxsize=2)  # a post's body is made safe and then made text
def _is_paragraphs(html: str) -> bool:
    """Whether HTML is paragraphs of plain text and nothing else, within the bounds of all HTML."""
    return (
        html.startswith("<p>")
        and len(html) <= _LONGEST_PARAGRAPHS_CHARS
        and html.count("<p>") <= _MOST_PARAGRAPHS
        and _PARAGRAPHS.fullmatch(html) is not None
    )


def _check_runs(html: str) -> None:
    """Raise `ParseError` for a text between two tags that would cost nh3 the square of its length."""
    if len(html) ** 2 > _MOST_MOVED and any(_moved(run) > _MOST_MOVED for run in _RUN.split(html)):
        raise ParseError(
            "the HTML has a text without a tag in it that is too long, with too many signs to escape in it"
        )


def _moved(text: str) -> int:
    raw = text.encode(errors="replace")
    return len(raw) * sum(map(raw.count, _ESCAPED))


def _break(tag: re.Match[str]) -> str:
    name = tag[1]
    return "\n" if name == "br" else " " if name[-2:] in ("td", "th") else "\n\n"
