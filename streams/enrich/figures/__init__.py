"""Figures: the numbers that matter in an update, with what they count, their bound and their unit.

What is denied, merely possible, or of another year is left out: "no deaths", "could kill 20", "killed 96 in 1989".
"""

from collections.abc import Iterator
from itertools import islice

from schemas.entry import Entry, Figure, FigureKind
from schemas.newsroom import Coverage
from streams.enrich.figures.amounts import amounts
from streams.enrich.figures.context import bound_of, counts
from streams.enrich.figures.masked import masked
from streams.enrich.figures.people import claims
from streams.enrich.figures.score import scores
from streams.enrich.figures.words import LEXICONS
from streams.enrich.registry import Enrichment, enricher
from streams.text.numbers import DEFAULT_LANGUAGE

_LONGEST_BODY_CHARS = 20_000
_MOST_FIGURES = 200
"""More are a table or a hostile text, and each costs a search around it."""


@enricher("figures", rank=20)
def find_figures(entry: Entry, coverage: Coverage) -> Enrichment:
    """Return the figures of the body in the order in which they stand."""
    body = (entry.body_text or "")[:_LONGEST_BODY_CHARS]
    if not body:
        return Enrichment()
    when = entry.published_at or entry.received_at
    language = (entry.language or DEFAULT_LANGUAGE).partition("-")[0].lower()
    found = figures(body, language, coverage.country, when.year if when else None)
    return Enrichment(figures=tuple(found)) if found else Enrichment()


def figures(text: str, language: str, country: str | None, year: int | None) -> list[Figure]:
    """Return the figures of a text as they stand in it; a language without words of its own is read as English."""
    found = islice(_figures(text, language, country, year), _MOST_FIGURES)
    return sorted(found, key=lambda figure: (figure.start, figure.kind))


def _figures(text: str, language: str, country: str | None, year: int | None) -> Iterator[Figure]:
    for score in scores(text):
        yield _figure(FigureKind.SCORE, score.points, text, score.start, score.end)
    language = language if language in LEXICONS else DEFAULT_LANGUAGE
    hidden = masked(text, language)
    if not hidden:
        return
    for kind, place, start, end in claims(hidden, language):
        number = hidden.at[place]
        if number.value >= 1 and counts(hidden.text, text, (start, end), language, year, people=True):
            bound, first, last = bound_of(hidden.text, number.start, number.end, language)
            yield _figure(kind, number.value, text, first, last).model_copy(update={"bound": bound})
    for kind, place, start, end, unit in amounts(hidden, language, country):
        if counts(hidden.text, text, (start, end), language, year, people=False):
            bound, first, last = bound_of(hidden.text, start, end, language)
            yield _figure(kind, hidden.at[place].value, text, first, last).model_copy(
                update={"bound": bound, "unit": unit}
            )


def _figure(kind: FigureKind, value: float | tuple[int, int], text: str, start: int, end: int) -> Figure:
    return Figure.model_construct(kind=kind, value=value, text=text[start:end], start=start, end=end)
