"""Texts without white space, punctuation and markup, to compare two versions of one."""

import re
from html import unescape
from typing import Final

_TAGS: Final = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)|<[^<>]*>", re.IGNORECASE | re.DOTALL)


def letters(text: str) -> str:
    """Return the letters and digits alone, to compare texts that differ in white space and punctuation."""
    return re.sub(r"[\W_]+", "", text)


def letters_of_html(html: str) -> str:
    """Return the letters of HTML's text; roughly and never failing, as it only serves to compare."""
    return letters(unescape(_TAGS.sub(" ", html)))
