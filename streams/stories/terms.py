"""The terms of an entry: the words of its headline and lead, each a number of four bytes.

A term's lowest three bits say whether it is part of a name, stands in the headline, and is a common word. What weighs
most comes first, and only the first `MOST` are kept: a long text is known by its beginning.
"""

import re
from collections.abc import Collection
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple
from zlib import crc32

import numpy as np

from schemas.entry import Entry
from streams.dedupe.memory.term_index import ABOUT_BITS
from streams.dedupe.same_news.common_words import common
from streams.dedupe.same_news.lexicon import GRAMMAR

NAME: Final = 1
HEADLINE: Final = 2
COMMON: Final = 4
WEIGHTS: Final = tuple((0.7 if about & NAME else 1.0) * (2.0 if about & HEADLINE else 1.0) for about in range(8))
"""By what is said about a term. A name is shared by all that is told of its bearer, so it says less than a deed."""
MOST: Final = 32
_HEADLINE_WORDS: Final = 40
_LEAD_WORDS: Final = 50
_LEAD_CHARS: Final = 1_000
_USUAL_LEAD_CHARS: Final = 400
_INSTEAD_WORDS: Final = 14
"""So many words of a body stand for the headline that a post without one has not."""
_TITLE_CASE: Final = 0.4
"""With a smaller share of words in small letters, capitals prove no names."""
_STEM_LETTERS: Final = 7
_LEAST_STEM_LETTERS: Final = 4
_ENDINGS: Final = ("ings", "ing", "ies", "edly", "ed", "es", "s")
_WORD: Final = re.compile(r"[^\W_]+(?:[.'\u2019][^\W_]+)*")
_CACHED_WORDS: Final = 20_000
_YEAR: Final = re.compile(r"(?:19|20)\d\d")


def terms_of(entry: Entry) -> dict[int, str]:
    """Return an entry's terms, the weightiest first, each with its word for explanations; the numbers are packed."""
    names = {word.lower() for entity in entry.entities for word in _WORD.findall(entity.name)}
    body = _first_words(entry.body_text or "")
    headline = _WORD.findall(entry.headline or "")[:_HEADLINE_WORDS]
    if not headline:
        headline, body = body[:_INSTEAD_WORDS], body[_INSTEAD_WORDS:]
    found: dict[int, tuple[int, str]] = {}
    _add(found, headline, names, HEADLINE)
    _add(found, body, names, 0)
    chosen = sorted(found.items(), key=lambda item: -WEIGHTS[item[1][0]])
    return {number | about: word for number, (about, word) in islice(chosen, MOST)}


def _first_words(text: str) -> list[str]:
    """Return the words of a text's lead; most texts have enough of them long before it ends."""
    words = _WORD.findall(text[:_USUAL_LEAD_CHARS])
    if len(words) <= _LEAD_WORDS:  # the last one may be cut off
        words = _WORD.findall(text[:_LEAD_CHARS])
    return words[:_LEAD_WORDS]


def packed(terms: Collection[int]) -> bytes:
    """Return terms as they are remembered."""
    return np.fromiter(terms, dtype="<u4", count=len(terms)).tobytes()


def unpacked(terms: bytes) -> list[int]:
    """Return terms that were packed."""
    numbers: list[int] = np.frombuffer(terms, dtype="<u4").tolist()
    return numbers


def _add(found: dict[int, tuple[int, str]], words: list[str], names: set[str], about: int) -> None:
    read = list(map(_word, words))
    told = sum([small for _, _, small, _ in read]) >= _TITLE_CASE * len(read)
    for place, (number, common_bit, small, text) in enumerate(read):
        if not number or number in found:
            continue
        if text in names or (told and place and not small and text[0].isalpha()):
            found[number] = about | NAME, text
        else:
            found[number] = about | common_bit, text


class _Word(NamedTuple):
    """A word as it is written somewhere."""

    number: int
    """0 if it counts for nothing."""
    common: int
    """The bit `COMMON`, or 0."""
    small: bool
    """Whether it begins with a small letter."""
    text: str


@lru_cache(maxsize=_CACHED_WORDS)
def _word(written: str) -> _Word:
    text = written.lower().replace("\u2019", "'").removesuffix("'s")
    small = written[0].islower()
    if text in GRAMMAR or len(text) <= 1 or _YEAR.fullmatch(text):
        return _Word(0, 0, small, text)
    return _Word(crc32(_stem(text).encode()) & ~ABOUT_BITS, COMMON if common(text) else 0, small, text)


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM_LETTERS:
            word = word[: -len(ending)]
            break
    return word.rstrip("e")[:_STEM_LETTERS] if len(word) > _LEAST_STEM_LETTERS else word
