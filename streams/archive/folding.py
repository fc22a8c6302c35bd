"""Words as search compares them: without case, accents and width; scripts without spaces part by characters.

What is indexed and what is asked for go through the same folding, so that `Müller` finds `MULLER`.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_LAST_MARK: Final = 0x1CFF
_ACCENTS: Final = re.compile("[\u0300-\u036f]")
_MARKS: Final = "".join(
    re.escape(chr(code)) for code in range(0x300, _LAST_MARK) if unicodedata.category(chr(code)).startswith("M")
)
_UNSPACED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Thai, Lao, Burmese, Khmer, Kana and Han."""
_WORD: Final = re.compile(
    f"(?:(?![{_UNSPACED}_])\\w)(?:(?![{_UNSPACED}_])\\w|[{_MARKS}])*|(?:[{_UNSPACED}])[{_MARKS}]*"
)
_ASCII_WORD: Final = re.compile("[a-z0-9]+")
_OTHER_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text."""

    folded: str
    start: int
    end: int


def words(text: str) -> Iterator[Word]:
    """Yield the words of a text, folded, with their places."""
    for found in _WORD.finditer(text):
        if folded := _fold(found[0]):
            yield Word(folded, found.start(), found.end())


def indexed(text: str) -> str:
    """Return the folded words of a text, between spaces."""
    # An English text needs no more than its case folded: the index parts it at the same places.
    return text.lower() if text.isascii() else " ".join(word.folded for word in words(text))


def folded_words(text: str) -> Iterator[str]:
    """Yield the folded words of a text, as `words` does; of an English text a good deal quicker."""
    if text.isascii():
        yield from _ASCII_WORD.findall(text.lower())
    else:
        yield from (word.folded for word in words(text))


def folded_text(text: str) -> str:
    """Return a text without case, accents and width, its words where they were."""
    if text.isascii():
        return text.lower()
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text)).casefold().translate(_OTHER_LETTERS)


def _fold(word: str) -> str:
    if word.isascii():
        return word.lower()
    plain = folded_text(word)
    # What a sign stands for may hold more than letters: ½ is 1⁄2.
    return "".join(char for char in plain if char.isalnum() or unicodedata.category(char).startswith("M"))
