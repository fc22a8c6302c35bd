"""How many people are dead, injured, missing, arrested, evacuated, rescued: a number tied to a word that says so.

Four ways to say it: "12 people were KILLED", "12 DEATHS", "KILLING 12", "the DEATH TOLL rose to 12".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from schemas.entry import FigureKind
from streams.enrich.figures.masked import NUMBER, Masked
from streams.enrich.figures.words import LEXICONS

_GROUP_WORDS: Final = 5


class Claim(NamedTuple):
    """A number and the stretch that says what it counts."""

    kind: FigureKind
    number: int
    """Where the number's mark begins."""
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Patterns:
    kind: FigureKind
    hints: tuple[str, ...]
    after: re.Pattern[str]
    both: re.Pattern[str]
    noun: re.Pattern[str]
    before: re.Pattern[str]
    toll: re.Pattern[str]
    passive: re.Pattern[str]
    active: re.Pattern[str]


@cache
def _patterns(language: str) -> tuple[_Patterns, ...]:
    words = LEXICONS[language]
    # A word of the noun's group: neither one that ends it nor a number, nor what counts something else.
    word = rf"(?!(?:{words.closed}|{words.no_person})(?!\w))[^\W\d_][\w'\u2019-]*"
    group = rf"(?:\s+(?:{words.of_group})(?!\w))?(?:\s+{word}){{0,{_GROUP_WORDS}}}?"
    aside = (
        r"(?:\s?,? (?:including|among them|one of them|darunter|dont|incluid[oa]s?|tra cui|compres[oi])"
        r"[^.;,\ue000]{0,60}"
        rf"(?:{NUMBER}[^.;,\ue000]{{0,40}})?(?:\s?,|(?=\s(?:{words.passive}|{words.link})\s)))?"
    )
    place = (
        r"(?:\s(?:in|on|at|from|aboard|inside|involved in|taken to)(?:\s+(?:the|a|an|his|their))?"
        rf"(?:\s+{word}){{1,2}}?(?=\s(?:{words.link})\s))?"
    )
    # Atomic: "has been has been ..." can be read in many ways, and a hostile text would have all of them tried.
    link = rf"(?>(?:\s+(?:{words.link})(?!\w))*)"
    # German: "wurden in Hamburg verletzt".
    late_place = rf"(?:\s(?:in|im|am|bei|auf)(?:\s+{word}){{1,3}}?)?"
    modifiers = rf"(?>(?:\s+(?:{words.modifiers})(?!\w))*)"
    return tuple(
        _Patterns(
            kind=kind,
            hints=of.hints,
            after=re.compile(
                rf"{NUMBER}(?P<group>{group}){aside}{place}(?P<link>{link}){late_place}\s+(?:{of.state})(?!\w)"
            ),
            both=re.compile(rf"{NUMBER}{group}\s(?:and|und|et|y|e)\s(?={NUMBER}{group}{link}\s+(?:{of.state})(?!\w))"),
            noun=re.compile(rf"{NUMBER}(?P<between>(?:\s+{word}){{0,2}}?)\s+(?:[^\w\s]{{1,2}}\s?)?(?:{of.noun})(?!\w)"),
            before=re.compile(
                rf"(?<!\w)(?:{of.act})(?:{modifiers})\s+(?P<number>{NUMBER})(?!\s*[-%]|\s+(?:\w+\s+)?(?:{words.no_person})(?!\w))"
            ),
            toll=re.compile(
                rf"(?<!\w)(?:{of.toll})(?!\w)[^.;\ue000]{{0,40}}?(?:(?:from|von|de|da|dai|desde)\s+{NUMBER}\s+(?:to|auf|à|a)\s+)?"
                rf"(?P<number>{NUMBER})(?!\s*[-%]|\s+(?:{words.no_person})(?!\w))"
            ),
            passive=re.compile(rf"(?<!\w)(?:{words.passive})(?!\w)"),
            active=re.compile(rf"\s+(?:{words.active_object})(?!\w)"),
        )
        for kind, of in words.kinds.items()
    )


def claims(masked: Masked, language: str) -> Iterator[Claim]:
    """Yield each number that counts people of a kind; of several readings of one number the tightest."""
    text = masked.text
    best: dict[tuple[int, FigureKind], Claim] = {}
    for patterns in _patterns(language):
        if any(hint in text for hint in patterns.hints):
            for claim in _of_kind(text, patterns):
                key = (claim.number, claim.kind)
                if key not in best or claim.end - claim.start < best[key].end - best[key].start:
                    best[key] = claim
    tightest: dict[int, Claim] = {}
    for claim in best.values():
        other = tightest.get(claim.number)
        if other is None or _rank(claim) < _rank(other):
            tightest[claim.number] = claim
    yield from tightest.values()


def _rank(claim: Claim) -> tuple[bool, int]:
    # "killed 12 and injured 20": what follows a number directly says more of it than what stands before.
    return claim.start < claim.number, claim.end - claim.start


def _of_kind(text: str, patterns: _Patterns) -> Iterator[Claim]:
    kind = patterns.kind
    for match in patterns.after.finditer(text):
        passive = patterns.passive.search(match["link"])
        # "Of the 30 flowers, four were missing": without a noun only what is said of people counts.
        if (
            kind is FigureKind.MISSING
            and match["link"].strip() in {"were", "was", "are"}
            and not match["group"].strip()
        ):
            continue
        if passive or not patterns.active.match(text, match.end()):
            yield Claim(kind, match.start(), match.start(), match.end())
    for pattern in (patterns.noun, patterns.both):
        for match in pattern.finditer(text):
            yield Claim(kind, match.start(), match.start(), match.end())
    for pattern in (patterns.before, patterns.toll):
        for match in pattern.finditer(text):
            yield Claim(kind, match.start("number"), match.start(), match.end())
