"""schema.org LiveBlogPosting as microdata: one post an element with `itemprop="liveBlogUpdate"`."""

from collections import defaultdict
from typing import Any, Final
from urllib.parse import urljoin

from selectolax.lexbor import LexborNode

from schemas.post import Post
from streams.exceptions import ParseError
from streams.parse.html.safe import html_to_text
from streams.parse.html.take_apart import drop_no_content, outermost
from streams.parse.items.merge import merge_posts
from streams.parse.items.shape import as_list, first_text
from streams.parse.pages.element import page_url
from streams.parse.pages.letters import letters
from streams.parse.pages.schema_org import Update, post_of_update, what_is_the_pages
from streams.parse.parsed import Parsed, collect
from streams.parse.payload.payload import Payload
from streams.parse.payload.pieces import piece_of
from streams.parse.registry import parser

_UPDATE: Final = '[itemprop~="liveBlogUpdate"], [itemprop~="liveBlogUpdates"]'
_BLOG: Final = '[itemtype$="/LiveBlogPosting"]'
_ADDRESSES: Final = ("href", "src", "data-src")
_SINGLE: Final = ("headline", "name", "url", "datePublished", "dateModified")
_MOST_BOXES: Final = 300
_MOST_VALUES: Final = 40
"""Properties of one name in one item; no post has more."""


def _is_live_blog(payload: Payload) -> bool:
    body = payload.document.body
    if not payload.looks_like_html or b"itemprop" not in body or b"liveBlogUpdate" not in body:
        return False
    return payload.html.css_first(_UPDATE) is not None


@parser("microdata", looks_like=_is_live_blog, rank=52)
def parse_microdata(payload: Payload) -> Parsed:
    """Read each update's properties; its text as the page shows it, where that is the same or fuller."""
    found = outermost(payload.html.css(_UPDATE))
    if not found:
        raise ParseError("no liveBlogUpdate in the microdata of this page")
    scopes = _Scopes(payload)
    address = page_url(payload)
    items = {node.html or "": (node, scopes.properties(node)) for node in found}
    outer = payload.html.css_first(_BLOG)
    about = what_is_the_pages([scopes.properties(outer)] if outer else [], [stated for _, stated in items.values()])

    def read(html: str) -> Post:
        node, stated = items[html]
        url = first_text(stated.get("url"))
        if url and address and url.startswith(("?", "#", "/")):
            stated = {**stated, "url": urljoin(address, url)}
        # The properties are the node's own, but for the address, which is the page's too.
        key = piece_of(b"microdata", html, str(stated.get("url")), about.piece)
        return payload.again(
            key, lambda: post_of_update(payload, Update(stated, body_html=_shown(node, stated)), about)
        )

    # Known by their HTML, so that a bad part is kept as it stood.
    posts, bad = collect(payload, ((f"/liveBlogUpdate/{place}", html) for place, html in enumerate(items)), read)
    return Parsed(merge_posts(posts), tuple(bad))


class _Scopes:
    """The page's properties by the item that they belong to."""

    def __init__(self, payload: Payload) -> None:
        self._owned: dict[int | None, list[LexborNode]] = defaultdict(list)
        for node in payload.html.css("[itemprop]"):
            self._owned[_scope_of(node)].append(node)

    def properties(self, scope: LexborNode) -> dict[str, Any]:
        """Return an item's properties; nested items are objects, repeated properties lists."""
        stated: dict[str, Any] = {}
        if address := scope.attributes.get("itemid"):
            stated["@id"] = address
        for node in self._owned[scope.mem_id]:
            names = (node.attributes.get("itemprop") or "").split()
            if "liveBlogUpdate" in names or "liveBlogUpdates" in names:
                continue
            value = self.properties(node) if "itemscope" in node.attributes else _value(node)
            for name in names:
                if value not in (None, ""):
                    _put(stated, name, value)
        if isinstance(stated.get("articleBody"), list):
            stated["articleBody"] = "\n\n".join(text for text in stated["articleBody"] if isinstance(text, str))
        return stated


def _put(stated: dict[str, Any], name: str, value: Any) -> None:
    known = as_list(stated.get(name))
    if not known:
        stated[name] = value
    elif name not in _SINGLE and len(known) < _MOST_VALUES:  # of these the first is the item's own
        stated[name] = [*known, value]


def _scope_of(node: LexborNode) -> int | None:
    above = node.parent
    while above is not None and "itemscope" not in above.attributes:
        above = above.parent
    return above.mem_id if above is not None else None


def _value(node: LexborNode) -> str | None:
    attributes = node.attributes
    if "content" in attributes:
        return attributes["content"]
    if "datetime" in attributes:
        return attributes["datetime"]
    if node.tag in ("a", "link", "img", "video", "audio", "source", "iframe"):
        return next((attributes[name] for name in _ADDRESSES if attributes.get(name)), None)
    if "articleBody" in (attributes.get("itemprop") or ""):
        return node.inner_html
    return " ".join((node.text() or "").split())


def _shown(node: LexborNode, stated: dict[str, Any]) -> str | None:
    """Return the visible HTML of a text that a `meta` states: it has the paragraphs and links, and is whole.

    An attribute ends at a quotation mark that nobody escaped, so the meta's text may be cut short.
    """
    body = first_text(stated.get("articleBody"))
    if not body or not node.css_first('meta[itemprop~="articleBody"]'):
        return None
    said = letters(html_to_text(body))
    title = letters(first_text(stated.get("headline")) or "")
    best: LexborNode | None = None
    for inner in node.css("div, p, section, article, span, td, li")[:_MOST_BOXES]:
        text = letters(inner.text() or "")
        if said and said in text and title in text:
            best = inner  # later ones are deeper
    if best is None:
        return None
    # The tree is the page's, which others read as well: work on a copy.
    copy = best.clone()
    drop_no_content(copy)
    for inner in copy.css("h1, h2, h3, h4, h5, h6, div, p, span, strong, time")[:_MOST_BOXES]:
        if title and letters(inner.text() or "") == title:
            inner.decompose()
            break
    shown = letters(copy.text() or "")
    return copy.inner_html if shown.startswith(said) else None
