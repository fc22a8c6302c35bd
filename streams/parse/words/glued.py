"""Paragraphs that a publisher's software ran together: the last sentence of one and the first of the next, glued."""

import re
from typing import Final

_GLUED: Final = re.compile(
    r"(?<=[a-z\u00df-\u00ff0-9%)\]][.!?])(?=[\u201c\"\u2018]?[A-Z\u00c0-\u00de][a-z\u00df-\u00ff\u2019' ])"
    r"|(?<=[.!?][\u201d\"\u2019])(?=[\u201c\"]?[A-Z\u00c0-\u00de])"
)
_TOKEN: Final = re.compile(r"\S+")
_SHORTEST_CHARS: Final = 300
"""A shorter text may well be one paragraph; "St.Helens" in it is no end of a sentence."""


def with_parted_sentences(text: str) -> str:
    """Return a long text without line breaks as paragraphs that end where two sentences have nothing between them."""
    if "\n" in text or len(text) < _SHORTEST_CHARS:
        return text
    return _TOKEN.sub(_parted, text)


def _parted(token: re.Match[str]) -> str:
    word = token[0]
    if "/" in word or "@" in word or word.startswith("www."):
        return word
    return _GLUED.sub("\n\n", word)
