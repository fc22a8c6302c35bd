"""What is searched for: words that must all occur, phrases in quotes, beginnings of words with a star."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from streams.archive.archive import Revision
from streams.archive.folding import words

LONGEST_QUERY_CHARS: Final = 500
_MOST_TERMS: Final = 20
_SHORTEST_BEGINNING_CHARS: Final = 2
"""Every tenth word begins with one letter."""
_TERM: Final = re.compile(r'["“”„«»]([^"“”„«»]*)["“”„«»](\*?)|([^\s"“”„«»]+)')


class SearchError(ValueError):
    """A query can't be searched for; the message says why."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or words that stand side by side."""

    words: tuple[str, ...]
    begins: bool = False
    """The last word may go on."""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """All terms must occur in an entry."""

    terms: tuple[Term, ...]

    @classmethod
    def read(cls, text: str) -> Self:
        """Read what a person typed; nothing in it is an operator but quotes and a star behind a word."""
        if len(text) > LONGEST_QUERY_CHARS:
            raise SearchError(f"q is {len(text)} characters long; expected at most {LONGEST_QUERY_CHARS}")
        terms = []
        for phrase, star, word in _TERM.findall(text):
            folded = tuple(each.folded for each in words(phrase or word))
            if folded:
                terms.append(Term(folded, begins=bool(star) or word.endswith("*")))
        if not terms:
            raise SearchError("q holds no word; expected words, or a phrase in quotes")
        if len(terms) > _MOST_TERMS:
            raise SearchError(f"q holds {len(terms)} words and phrases; expected at most {_MOST_TERMS}")
        for term in terms:
            last = term.words[-1]
            if term.begins and last.isascii() and len(last) < _SHORTEST_BEGINNING_CHARS:
                raise SearchError(
                    f"q holds {last}*; expected at least {_SHORTEST_BEGINNING_CHARS} letters before a star"
                )
        return cls(tuple(dict.fromkeys(terms)))


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that was found."""

    revision: Revision
    score: float
    """Higher is better."""


@dataclass(frozen=True, slots=True)
class SearchPlace:
    """Where a page of results begins."""

    offset: int = 0
    newest: int | None = None
    """The newest entry when the first page was read: what is newer would push the others on."""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Some results, best first."""

    hits: Sequence[Hit]
    next: SearchPlace | None
    """Where the next page begins; None after the last."""
