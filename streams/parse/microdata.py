"""schema.org LiveBlogPosting as microdata: one post an element with `itemprop="liveBlogUpdate"`."""

from typing import Any, Final

from selectolax.lexbor import LexborNode

from schemas.post import Post
from streams.exceptions import ParseError
from streams.parse.content import Content
from streams.parse.html import html_to_text
from streams.parse.markup import letters
from streams.parse.merge import merge_posts
from streams.parse.parsed import Parsed, collect
from streams.parse.pieces import drop_no_content
from streams.parse.registry import parser
from streams.parse.schema_org import Blog, Update, post_of_update, what_is_the_pages
from streams.parse.shape import as_dict, as_list, first_text

_UPDATE: Final = '[itemprop~="liveBlogUpdate"], [itemprop~="liveBlogUpdates"]'
_BLOG: Final = '[itemtype$="/LiveBlogPosting"]'
_ADDRESSES: Final = ("href", "src", "data-src")
_MAX_ITEMS: Final = 40
"""Properties of one name in one item; more is no post."""


def _is_live_blog(content: Content) -> bool:
    body = content.document.body
    if not content.looks_like_html or b"itemprop" not in body or b"liveBlogUpdate" not in body:
        return False
    return content.html.css_first(_UPDATE) is not None


@parser("microdata", looks_like=_is_live_blog, rank=52)
def parse_microdata(content: Content) -> Parsed:
    """Read each update's properties; its text as the page shows it, where that is the same or fuller."""
    found = content.html.css(_UPDATE)
    if not found:
        raise ParseError("no liveBlogUpdate in the microdata of this page")
    outer = content.html.css_first(_BLOG)
    items = [(f"/liveBlogUpdate/{place}", _Item(node)) for place, node in enumerate(found)]
    about = what_is_the_pages([_properties(outer)] if outer else [], [item.stated for _, item in items])
    posts, bad = collect(
        [(place, item.html) for place, item in items], _Reader(content, about, {item.html: item for _, item in items})
    )
    return Parsed(merge_posts(posts), tuple(bad))


class _Item:
    """An update's element and what its properties state."""

    def __init__(self, node: LexborNode) -> None:
        self.node = node
        self.html = node.html or ""
        self.stated = _properties(node)


class _Reader:
    """Reads an item known by its HTML, so that a bad part is kept as it stood."""

    def __init__(self, content: Content, about: Blog, items: dict[str, _Item]) -> None:
        self._content, self._about, self._items = content, about, items

    def __call__(self, html: str) -> Post:
        item = self._items[html]
        return post_of_update(self._content, Update(item.stated, body_html=_shown(item)), self._about)


def _properties(scope: LexborNode) -> dict[str, Any]:
    """Return the properties of an item; nested items are objects, repeated properties lists."""
    stated: dict[str, Any] = {}
    if address := scope.attributes.get("itemid"):
        stated["@id"] = address
    for node in scope.css("[itemprop]"):
        if _scope_of(node) != scope.mem_id:
            continue
        value = _properties(node) if "itemscope" in node.attributes else _value(node)
        for name in (node.attributes.get("itemprop") or "").split():
            if name in ("liveBlogUpdate", "liveBlogUpdates") or value in (None, ""):
                continue
            known = as_list(stated.get(name))
            if len(known) < _MAX_ITEMS:
                stated[name] = [*known, value] if known else value
    for name in ("headline", "name", "url", "datePublished", "dateModified"):  # one each: the first is the item's own
        if isinstance(stated.get(name), list):
            stated[name] = stated[name][0]
    if isinstance(stated.get("articleBody"), list):
        stated["articleBody"] = "\n\n".join(text for text in stated["articleBody"] if isinstance(text, str))
    return stated


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


def _shown(item: _Item) -> str | None:
    """Return the visible HTML of a text that a `meta` states: it has the paragraphs and links, and is whole.

    An attribute ends at a quotation mark that nobody escaped, so the meta's text may be cut short.
    """
    body = first_text(item.stated.get("articleBody"))
    if not body or not item.node.css_first('meta[itemprop~="articleBody"]'):
        return None
    stated = letters(html_to_text(body))
    title = letters(first_text(as_dict(item.stated).get("headline")) or "")
    best: LexborNode | None = None
    for node in item.node.css("div, p, section, article, span, td, li"):
        text = letters(node.text() or "")
        if stated and stated in text and title in text:
            best = node  # later ones are deeper
    if best is None:
        return None
    # The tree is the page's, which others read as well: work on a copy.
    copy = best.clone() if hasattr(best, "clone") else best
    drop_no_content(copy)
    for node in copy.css("h1, h2, h3, h4, h5, h6, div, p, span, strong, time"):
        if title and letters(node.text() or "") == title:
            node.decompose()
            break
    shown = letters(copy.text() or "")
    return copy.inner_html if shown.startswith(stated) else None
