"""What the words around a number make of it: a bound, or nothing that counts (negated, hypothetical, of the past)."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from schemas.entry import Bound
from streams.enrich.figures.words import LEXICONS

_SENTENCE_END: Final = re.compile(r"[.!?](?=\s|$)|\n")
_CLAUSE_END: Final = re.compile(
    r"[\u201d\u00bb]|\"(?=\s)|[;:\u2013\u2014]|\s-\s|\bbut\b|\baber\b|\bmais\b|\bpero\b|\bma\b"
)
_YEAR: Final = re.compile(
    r"(?<![\w.,/])(?<!since )(?<!by )(?<!until )(?<!seit )(?<!bis )(?<!depuis )(?<!desde )(?<!hasta )(?<!dal )"
    r"(?:1[89]|20)\d\d(?![\w/:%]|[.,]\d)"
)
_IN_YEAR: Final = re.compile(r"(?<!\w)(?:in|im jahr|en|nel|during|back in) ((?:1[89]|20)\d\d)(?![\w/:%]|[.,]\d)")
_BESIDE: Final = 30
_REACH: Final = 45
"""Characters before a number that may negate it or make it a mere possibility."""
_BOUND_REACH: Final = 32


@dataclass(frozen=True, slots=True)
class _Patterns:
    before: tuple[tuple[Bound, re.Pattern[str]], ...]
    after: re.Pattern[str]
    between: re.Pattern[str]
    unreal: re.Pattern[str]
    planned: re.Pattern[str]
    not_negated: re.Pattern[str]
    background: re.Pattern[str]


@cache
def _patterns(language: str) -> _Patterns:
    words = LEXICONS[language]
    bounds = ((Bound.MOST, words.most), (Bound.LEAST, words.least), (Bound.ABOUT, words.about))
    return _Patterns(
        before=tuple(
            (
                bound,
                re.compile(
                    rf"(?<!\w)(?:{given})(?:\s+(?:an?|the|of|de|di|il|lo|la|le|die|der|el|los))?[\s(]*[^\w\s]{{0,3}}\s?(?:us|a|c|hk|nz)?$"
                ),
            )
            for bound, given in bounds
        ),
        after=re.compile(rf"\s*(?:\+|(?:{words.after_least})\b)"),
        between=re.compile(rf"(?<!\w){words.between}\s[^\w\s]?\ue000\ue001*\s\w+\s[^\w\s]?$"),
        unreal=re.compile(rf"(?<!\w)(?:{words.negated}|{words.hypothetical})(?!\w)|n't\b|n \u2019t\b|n\u2019t\b"),
        planned=re.compile(rf"(?<!\w)(?:{words.planned})(?!\w)"),
        not_negated=re.compile(
            r"\b(?:no|not) (?:fewer|less|more) than\b|\bnot (?:including|just|only|counting)\b|\bif only\b"
        ),
        background=re.compile(rf"(?<!\w)(?:{words.background})(?!\w)"),
    )


def bound_of(text: str, start: int, end: int, language: str) -> tuple[Bound | None, int, int]:
    """Return the bound of the number at `start`, and where number and bound begin and end."""
    patterns = _patterns(language)
    from_ = max(0, start - _BOUND_REACH)
    near = text[from_:start]
    if patterns.between.search(near):
        return Bound.MOST, start, end
    best: tuple[Bound, int] | None = None
    for bound, pattern in patterns.before:
        match = pattern.search(near)
        if match and (best is None or match.start() < best[1]):
            best = bound, match.start()
    if best:
        return best[0], from_ + best[1], end
    after = patterns.after.match(text, end)
    return (Bound.LEAST, start, after.end()) if after else (None, start, end)


def counts(text: str, original: str, span: tuple[int, int], language: str, year: int | None, *, people: bool) -> bool:
    """Return whether the text says what the span says as a fact of now: not denied, not possible, not of another year.

    How many people were hit belongs to the year that its sentence names. A sum or a share does only when the year
    stands beside it: "up 8% on last year", "to open by 2020".
    """
    patterns = _patterns(language)
    start, end = span
    sentence, until = _sentence(text, start, end)
    clause = max([m.end() for m in _CLAUSE_END.finditer(text, sentence, start)], default=sentence)
    near = text[max(clause, start - _REACH) : end]
    if patterns.unreal.search(patterns.not_negated.sub("", near)):
        return False
    if not people:
        beside = _IN_YEAR.search(original, max(sentence, start - _BESIDE), min(until, end + _BESIDE))
        return beside is None or beside[1] == str(year)
    if patterns.planned.search(near) or patterns.background.search(text, sentence, until):
        return False
    return all(match[0] == str(year) for match in _YEAR.finditer(original, sentence, until))


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    before = max(
        [m.end() for m in _SENTENCE_END.finditer(text, max(0, start - 400), start)], default=max(0, start - 400)
    )
    after = _SENTENCE_END.search(text, end)
    return before, after.start() if after else len(text)
