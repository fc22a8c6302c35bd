"""An update's body: rebuilt from a short list of what may be in it, as `files/markup.js` does in the browser."""

import re
from typing import Final
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from schemas import Entry
from streams.gateway.page.html import Html, element, join

_KEPT: Final = {
    **{tag: tag for tag in ("p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "code", "sub", "sup")},
    "b": "strong",
    "i": "em",
    **{f"h{level}": "h4" for level in range(1, 7)},
}
_LEFT_OUT: Final = frozenset(
    {"script", "style", "template", "iframe", "object", "svg", "math", "noscript", "head", "title", "figure"}
)
_DEEPEST: Final = 40
_PARAGRAPHS: Final = re.compile(r"\n{2,}")
_LINK: Final = {"rel": "noopener noreferrer nofollow", "target": "_blank"}


def body_of(entry: Entry) -> Html | None:
    """Return the body, from its HTML if that says anything, else from its text; None if neither does.

    The worker sanitises already; the page trusts nobody and copies what it knows into elements of its own.
    """
    parts: list[Html] = []
    if entry.body_html:
        root = LexborHTMLParser(entry.body_html).body
        parts = _copy(root, 0) if root is not None else []
    if not _says_anything(parts) and entry.body_text:
        parts = [element("p", {}, text) for text in _PARAGRAPHS.split(entry.body_text)]
    return element("div", {"class": "body"}, join(parts)) if _says_anything(parts) else None


def link(url: str | None, text: str) -> Html:
    """Return a link to another site, or its text alone if the address is none for a browser."""
    address = web_address(url)
    return element("a", {"href": address, **_LINK}, text) if address else join([text])


def web_address(url: str | None) -> str | None:
    """Return an address by http or https, None for anything else."""
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    return url.strip() if parts.scheme.lower() in ("http", "https") and parts.netloc else None


def _copy(parent: LexborNode, depth: int) -> list[Html]:
    if depth > _DEEPEST:
        return []
    made: list[Html] = []
    for node in parent.iter(include_text=True):
        tag = node.tag or ""
        if tag == "-text":
            made.append(join([node.text(deep=False)]))
        elif tag.startswith(("-", "_")) or tag in _LEFT_OUT:
            continue
        else:
            inner = _copy(node, depth + 1)
            address = web_address(node.attributes.get("href")) if tag == "a" else None
            # A link whose picture was left out leads somewhere, but nobody could see or name it.
            if address and _says_anything(inner):
                made.append(element("a", {"href": address, **_LINK}, join(inner)))
            elif name := _KEPT.get(tag):
                made.append(element(name, {}, join(inner)))
            else:
                made.extend(inner)
    return made


def _says_anything(parts: list[Html]) -> bool:
    return bool(re.sub(r"<[^>]*>", "", "".join(parts)).strip())
