"""Text as `mentions` compares it: without case and accents, in whole words."""

import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from schemas.entry import Entry

_WORD: Final = re.compile(r"[^\W_]+")
_LETTERS: Final = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})


def folded(text: str) -> str:
    """Return a text's words, folded, each between spaces."""
    text = text.casefold()
    if not text.isascii():
        parts = unicodedata.normalize("NFKD", text)
        text = "".join(part for part in parts if not unicodedata.combining(part)).translate(_LETTERS)
    return f" {' '.join(_WORD.findall(text))} "


def mentionable(entry: "Entry") -> str:
    """Return what an entry may mention something in: headline, text and the names of its entities."""
    pieces = [entry.headline or "", entry.body_text or ""]
    pieces += [name for entity in entry.entities for name in (entity.name, entity.text)]
    return "\n".join(folded(piece) for piece in pieces)
