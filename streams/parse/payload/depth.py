"""How deep HTML and JSON are nested, measured before anything recurses into them.

XML needs no check of ours: libxml2 refuses more than 256 levels.
"""

from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser

from streams.exceptions import ParseError
from streams.parse.payload.html_bounds import check_tags, tags_of
from streams.parse.payload.limits import Limits

MAX_DEPTH: Final = Limits().max_depth
# Tags that HTML closes by itself or that have no end: they don't nest, and old pages never close them.
_FLAT: Final = frozenset(
    b"p li dt dd tr td th tbody thead tfoot option optgroup br img hr input meta link source track wbr area base col "
    b"embed param html head body".split()
)
_FORMATTING: Final = frozenset(b"a b big code em font i nobr s small strike strong tt u".split())
"""The end tag closes the element and leaves the elements inside it open."""
_BLOCKS: Final = frozenset(
    b"address article aside blockquote button center details div dl fieldset figcaption figure footer form h1 h2 h3 h4 "
    b"h5 h6 header main nav ol pre section svg table ul".split()
)
"""The end tag closes all elements inside; the end tag of any other element closes none around a block."""
_FARTHEST_ELEMENTS: Final = 50
"""An end tag closes none beyond: a row of wrong end tags must not cost the square of its length."""
_HOPELESS_TIMES: Final = 25
"""Text nested this many times deeper than the limit is refused unparsed: parsers are quadratic in the depth."""
_SHORT_BYTES: Final = 1_000
"""A short text with few tags cannot have too many attributes either."""


def check_html_depth(html: str, limit: int = MAX_DEPTH) -> None:
    """Raise `ParseError` for HTML that is nested deeper than the limit, or larger than `html_bounds` allow."""
    few = html.count("<") <= limit
    if few and len(html) <= _SHORT_BYTES:
        return
    markup = html.encode(errors="replace")
    check_tags(markup)
    deepest = _deepest(markup)
    if deepest <= limit:
        return
    # Tags that are left open count above, though they may not nest: the tree itself decides.
    if deepest > limit * _HOPELESS_TIMES or _tree_is_deeper(html, limit):
        raise ParseError(f"the HTML is nested deeper than {limit} levels")


def _deepest(markup: bytes) -> int:
    """Return how deep tags nest, if each end closes the nearest element of its name that it can."""
    open_tags: list[bytes] = []
    deepest = 0
    for closing, name in tags_of(markup):
        if name in _FLAT:
            continue
        if not closing:
            open_tags.append(name)
            if len(open_tags) > deepest:
                deepest += 1
        elif open_tags and open_tags[-1] == name:
            open_tags.pop()
        elif open_tags:
            _close(open_tags, name)
    return deepest


def _close(open_tags: list[bytes], name: bytes) -> None:
    """Close the nearest element of a name that is not the innermost one, if its end can."""
    near = open_tags[-_FARTHEST_ELEMENTS:]
    if name not in near or not (name in _FORMATTING or name in _BLOCKS):
        return
    at = len(open_tags) - 1 - near[::-1].index(name)
    del open_tags[at : at + 1 if name in _FORMATTING else None]


def _tree_is_deeper(html: str, limit: int) -> bool:
    """Whether the tree that a parser makes is deeper than the limit, without the html and body that it adds."""
    node = LexborHTMLParser(html).root
    depth = 0
    while node is not None:
        if depth > limit + 1:
            return True
        if (below := node.first_child) is not None:
            node, depth = below, depth + 1
            continue
        while node is not None and node.next is None:
            node, depth = node.parent, depth - 1
        node = node.next if node is not None else None
    return False


def check_json_depth(value: Any, limit: int = MAX_DEPTH) -> None:
    """Raise `ParseError` for JSON that is nested deeper than the limit."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(limit):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if type(outer) is dict else outer)
            if type(inner) is dict or type(inner) is list
        ]
        if not level:
            return
    if level:
        raise ParseError(f"the JSON is nested deeper than {limit} levels")
