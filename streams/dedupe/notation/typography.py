"""One way to write quotation marks and dashes; invisible characters are removed."""

import re
from typing import Final

_PLAIN: Final = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4`", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    "\u2026": "...",
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufe0e\ufe0f", ""),
}
# `str.translate` looks up every character in Python, this pattern only the characters that change.
_STYLED: Final = re.compile("[" + "".join(_PLAIN) + "]")


def plain(text: str) -> str:
    """Return text with straight quotation marks, hyphens for dashes, and nothing invisible."""
    return _STYLED.sub(lambda found: _PLAIN[found[0]], text)
