"""Names in languages without a model: places of the gazetteer, and runs of capitals that begin with a first name.

Honestly less than the model: no single surnames but those of full names, no places of several meanings.
"""

from collections.abc import Iterator
from typing import Final

from streams.enrich.entities.consistent import Span
from streams.enrich.entities.features import Run, Word, runs_of, words_of
from streams.enrich.entities.tokens import Token, tokens
from streams.enrich.places.gazetteer import Kind, places_named
from streams.text.listed import listed

_AND: Final = frozenset({"e", "y", "et", "und", "en", "i", "and"})
_LARGE: Final = 250_000
_LONGEST_NAME: Final = 4
_NO_PLACES: Final = listed(
    "la essen nice san santa march male lima oggi si ora die per van metro sale orange tours split"
)


def other_names(text: str) -> Iterator[Span]:
    """Yield the names of a text in any language with capitals."""
    found = tokens(text)
    words = words_of(found)
    for run in sorted({run for run in runs_of(words) if run}):
        begin = run.begin
        for place in range(run.begin, run.end):
            if words[place].lower in _AND:
                yield from _of_run(text, found, words, Run(begin, place))
                begin = place + 1
        yield from _of_run(text, found, words, Run(begin, run.end))


def _of_run(text: str, found: list[Token], words: list[Word], run: Run) -> Iterator[Span]:
    length = run.end - run.begin
    start, end = found[run.begin].start, found[run.end - 1].end
    if _is_place(text[start:end]):
        yield start, end, "place"
        return
    marks = words[run.begin].marks
    if 1 < length <= _LONGEST_NAME and "F" in marks and "L" not in marks and not _has(words, run, "DO"):
        yield start, end, "person"
        return
    if _has(words, run, "O") and length > 1:
        yield start, end, "organisation"
        return
    for place in range(run.begin, run.end):
        token = found[place]
        if _is_place(token.text):
            yield token.start, token.end, "place"
        elif "G" in words[place].marks and token.text.isupper():
            yield token.start, token.end, "organisation"


def _has(words: list[Word], run: Run, letters: str) -> bool:
    return any(set(letters) & set(words[place].marks) for place in range(run.begin, run.end))


def _is_place(name: str) -> bool:
    if name.lower() in _NO_PLACES or len(name) < 4:  # noqa: PLR2004
        return False
    return any(known.kind is not Kind.CITY or known.population >= _LARGE for known in places_named(name))
