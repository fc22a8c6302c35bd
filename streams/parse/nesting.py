"""How deep HTML is nested, told before it is parsed: cleaning a bomb of tags takes minutes or ends the stack."""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from streams.exceptions import ParseError
from streams.parse.limits import Limits

_DEEPEST = Limits().max_depth
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_NO_DEPTH = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "p", "li",
    "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option",
})  # fmt: skip
"""Void, or closed by what follows; those that may nest do it inside lists and tables, which count."""


def refuse_deep(html: str, limit: int = _DEEPEST) -> str:
    """Return the HTML; raises `ParseError` when its elements are nested more than `limit` deep."""
    if html.count("<") <= limit:
        return html
    depth = deepest = 0
    for closing, name in _TAG.findall(html):
        if name.lower() in _NO_DEPTH:
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        deepest = max(deepest, depth)
    if deepest > limit:
        raise ParseError(f"the HTML is nested {deepest:,} deep; at most {limit} is read")
    return html


def page_tree(html: str, limit: int = _DEEPEST) -> LexborHTMLParser:
    """Return a page as a tree; raises `ParseError` when it is nested deeper than `limit`.

    Unlike cleaning, parsing is linear, so here the tree itself is measured: exact, and a few milliseconds a page.
    """
    tree = LexborHTMLParser(html)
    node: LexborNode | None = tree.root
    depth = 0
    while node is not None:
        below = node.first_child
        if below is not None:
            depth += 1
            if depth > limit:
                raise ParseError(f"the HTML is nested deeper than {limit}")
            node = below
            continue
        while node is not None and node.next is None:
            node = node.parent
            depth -= 1
        node = node.next if node is not None else None
    return tree
