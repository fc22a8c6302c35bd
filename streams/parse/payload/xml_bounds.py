"""How much XML may hold, counted in its text before a tree is built of it."""

import re
from typing import Final

from streams.exceptions import ParseError
from streams.parse.payload.html_bounds import MOST_ATTRIBUTES, check_attributes

MOST_ELEMENTS: Final = 200_000
"""A feed of 5,000 entries with 40 elements each."""

_ELEMENT: Final = re.compile(rb"<[^/!?\s]")
_TAG: Final = re.compile(rb"[^\s/>!?][^\s/>]*+((?:[^>\"']++|\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))*+)")
_SHORTEST_ATTRIBUTE_BYTES: Final = 5


def check_xml_bounds(text: str | bytes) -> None:
    """Raise `ParseError` for XML of more elements, or of more attributes in one of them, than are read."""
    markup = text.encode(errors="replace") if isinstance(text, str) else text
    count = len(_ELEMENT.findall(markup))
    if count > MOST_ELEMENTS:
        raise ParseError(f"the XML has {count:,} elements; at most {MOST_ELEMENTS:,} are read")
    for piece in markup.split(b"<"):  # an attribute's value can't have this sign in it
        if len(piece) > MOST_ATTRIBUTES * _SHORTEST_ATTRIBUTE_BYTES and (tag := _TAG.match(piece)):
            check_attributes(tag[1])
