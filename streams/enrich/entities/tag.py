"""Names by the model: a text in, stretches of it with their type out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from streams.enrich.entities.features import REACH, Run, Word, features, last_names, runs_of, words_of
from streams.enrich.entities.tokens import Token, stretches, tokens

_CASED_SHARE: Final = 0.01
"""Of words with a capital, below which a text is one in small letters."""
_CAPITALS_SHARE: Final = 0.6
_FEW_TOKENS: Final = 12


class Tagger(Protocol):
    """What tags rows of features: python-crfsuite's."""

    def tag(self, rows: list[list[str]], /) -> list[str]:
        """Return a tag for each row."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A text's tokens with all that their features are made of."""

    words: Sequence[Word]
    runs: Sequence[Run | None]
    names: frozenset[str]
    case: str
    stretches: Sequence[tuple[int, int]]


def prepared(found: Sequence[Token]) -> Prepared:
    """Return what the features of tokens are made of."""
    words = words_of(found)
    case = _case(words, found)
    runs = runs_of(words)
    if case == "case=x":
        # Without capitals each uncommon word may be a name.
        candidates = ["L" not in word.marks and (bool(word.marks.strip("TDOS")) or _uncommon(word)) for word in words]
    else:
        candidates = [word.capital for word in words]
    return Prepared(words, runs, last_names(words, runs), case, list(stretches(candidates, REACH)))


def _uncommon(word: Word) -> bool:
    return not word.marks and word.lower.isalpha() and len(word.lower) > 2  # noqa: PLR2004


def _case(words: Sequence[Word], found: Sequence[Token]) -> str:
    letters = [token.text for token in found if token.text[0].isalpha()]
    capital = sum(word.capital for word in words)
    if capital <= _CASED_SHARE * len(letters):
        return "case=x"
    if len(letters) >= _FEW_TOKENS // 2 and sum(text.isupper() for text in letters) >= _CAPITALS_SHARE * len(letters):
        return "case=X"
    return ""


def spans_of(text: str, tagger: Tagger) -> Iterator[tuple[int, int, str]]:
    """Yield the names of a text: start, end, type."""
    found = tokens(text)
    if not found:
        return
    ready = prepared(found)
    for begin, end in ready.stretches:
        rows = features(ready.words, ready.runs, begin, end, ready.names, ready.case)
        yield from _spans(found, begin, tagger.tag(rows))


def _spans(found: Sequence[Token], begin: int, tags: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    first, kind = -1, ""
    for place, tag in enumerate([*tags, "O"], begin):
        if first >= 0 and tag != f"I-{kind}":
            yield found[first].start, found[place - 1].end, kind
            first = -1
        if tag[0] == "B" or (tag[0] == "I" and first < 0):
            first, kind = place, tag[2:]
