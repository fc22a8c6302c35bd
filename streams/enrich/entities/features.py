"""What the model is told of each token. Nearly all of it belongs to the word alone, and is kept from one to the next.

A token's features are its own, its neighbours' under another mark, and those of the run of capitals that it stands in
("Bank of England"). Only strings are put together, since that is what costs.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from streams.enrich.entities.lists import marks_of
from streams.enrich.entities.tokens import SENTENCE_ENDS, Token
from streams.text.listed import listed

REACH: Final = 2
_CACHED_WORDS: Final = 10_000
_CONNECTORS: Final = listed(
    "of de la du del della di da dos el al bin ibn van von der den for and & the des le en und ter te y"
)
_LONGEST_RUN: Final = 5
_SHAPE_UPPER: Final = re.compile(r"[A-ZÀ-Þ]+")
_SHAPE_LOWER: Final = re.compile(r"[^\W\dA-ZÀ-Þ_]+")
_SHAPE_DIGIT: Final = re.compile(r"\d+")
_FULL_NAME: Final = 2


class Word(NamedTuple):
    """The features of a word in each place that it may take."""

    lower: str
    capital: bool
    marks: str
    own: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    twice_before: tuple[str, ...]
    twice_after: tuple[str, ...]


@lru_cache(maxsize=_CACHED_WORDS)
def word(text: str) -> Word:
    """Return what a word is told by."""
    lower = text.lower().replace("\u2019", "'")
    capital = text[0].isupper()
    marks = marks_of(lower)
    shape = _SHAPE_DIGIT.sub(
        "d", _SHAPE_LOWER.sub("x", _SHAPE_UPPER.sub(lambda m: "XX" if len(m[0]) > 1 else "X", text))
    )
    near = (f"w={lower}", f"s={shape}{marks}")
    own = [f"w={lower}", f"s={shape}", f"m={marks}", f"p={lower[:3]}", f"e={lower[-3:]}"]
    if capital:
        own.append(f"E={lower[-4:]}")
        own.append(f"S={shape}{marks}")
    return Word(
        lower, capital, marks, tuple(own),
        tuple("-1" + f for f in near), tuple("+1" + f for f in near), ("-2" + near[0],), ("+2" + near[0],),
    )  # fmt: skip


_EDGE: Final = Word("", False, "", (), ("-1edge",), ("+1edge",), ("-2edge",), ("+2edge",))  # noqa: FBT003


class Run(NamedTuple):
    """Words with capitals in a row, small connecting words within."""

    begin: int
    end: int


def words_of(tokens: Sequence[Token]) -> list[Word]:
    """Return the words of tokens."""
    return [word(token.text) for token in tokens]


def runs_of(words: Sequence[Word]) -> list[Run | None]:
    """Return for each token the run of capitals that it stands in."""
    runs: list[Run | None] = [None] * len(words)
    place, count = 0, len(words)
    while place < count:
        if not words[place].capital:
            place += 1
            continue
        end = place + 1
        while end < count:
            if words[end].capital:
                end += 1
            elif words[end].lower in _CONNECTORS and end + 1 < count and words[end + 1].capital:
                end += 2
            else:
                break
        run = Run(place, end)
        for within in range(place, end):
            runs[within] = run
        place = end
    return runs


def last_names(words: Sequence[Word], runs: Sequence[Run | None]) -> frozenset[str]:
    """Return the last words of what looks like full names: "Ruiz", where "Ada Ruiz" stands in the post."""
    return frozenset(
        words[run.end - 1].lower
        for run in {run for run in runs if run}
        if run.end - run.begin >= _FULL_NAME and "F" in words[run.begin].marks and "F" not in words[run.end - 1].marks
    )


def features(
    words: Sequence[Word], runs: Sequence[Run | None], begin: int, end: int, names: frozenset[str], case: str
) -> list[list[str]]:
    """Return the features of the tokens from `begin` to `end`."""
    count = len(words)
    rows: list[list[str]] = []
    for place in range(begin, end):
        this = words[place]
        before = words[place - 1] if place else _EDGE
        after = words[place + 1] if place + 1 < count else _EDGE
        row = [*this.own, *before.before, *after.after]
        if case:
            row.append(case)
        row += words[place - 2].twice_before if place > 1 else _EDGE.twice_before
        row += words[place + 2].twice_after if place + 2 < count else _EDGE.twice_after
        if before.lower in SENTENCE_ENDS or not place:
            row.append("first")
        run = runs[place]
        if run:
            row += _of_run(words, run, place)
        if this.lower in names:
            row.append("named")
        rows.append(row)
    return rows


def _of_run(words: Sequence[Word], run: Run, place: int) -> tuple[str, ...]:
    length = run.end - run.begin
    first, last = words[run.begin], words[run.end - 1]
    before = words[run.begin - 1].lower if run.begin else ""
    after = words[run.end].lower if run.end < len(words) else ""
    where = "1" if length == 1 else "B" if place == run.begin else "E" if place == run.end - 1 else "I"
    return (
        f"r{where}{min(length, _LONGEST_RUN)}",
        f"rl={last.lower}",
        f"rf={first.lower}",
        f"rm={first.marks}-{last.marks}",
        f"rb={before}",
        f"ra={after}",
        f"r{where}{first.marks}-{last.marks}",
    )
