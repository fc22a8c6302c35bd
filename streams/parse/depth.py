"""How deep HTML and JSON are nested, told before anything recurses into them.

XML needs no check of ours: libxml2 refuses more than 256 levels.
"""

import re
from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser

from streams.exceptions import ParseError
from streams.parse.limits import Limits

MAX_DEPTH: Final = Limits().max_depth
# Tags that HTML closes by itself or that have no end: they don't nest, and old pages never close them.
_FLAT: Final = frozenset(
    b"p li dt dd tr td th tbody thead tfoot option optgroup br img hr input meta link source track wbr area base col "
    b"embed param html head body".split()
)
_TAG: Final = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
_HOPELESS: Final = 25
"""So many times the limit needs no proof; parsing it would take seconds, for parsers are quadratic in the depth."""


def check_html_depth(html: str, limit: int = MAX_DEPTH) -> None:
    """Raise `ParseError` for HTML that is nested deeper than the limit."""
    if html.count("<") <= limit:
        return
    depth = deepest = 0
    for closing, name in _TAG.findall(html.encode(errors="replace")):
        if name.lower() in _FLAT:
            continue
        if closing:
            depth = max(0, depth - 1)
        else:
            depth += 1
            deepest = max(deepest, depth)
    if deepest <= limit:
        return
    # Tags in scripts and ones left open count above, though they don't nest: the tree itself decides.
    if deepest > limit * _HOPELESS or LexborHTMLParser(html).css_first(">".join(["*"] * (limit + 3))) is not None:
        raise ParseError(f"the HTML is nested deeper than {limit} levels")


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
