"""What the model passed over and lists know: a place of the gazetteer after "in" or "near", a well-known body."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from streams.enrich.entities.consistent import Span
from streams.enrich.entities.lists import marks_of
from streams.enrich.places.gazetteer import Kind, places_named

_AFTER: Final = re.compile(
    r"\b(?:in|near|outside|around|across|from|to|at|into|off|throughout|reach(?:ed|es)?|leav(?:es|ing)|hits?)\s"
    r"(?:(?:north|south|east|west)(?:ern)?\s|central\s|downtown\s)?"
    r"(?P<name>[A-Z\u00c0-\u00de][\w'\u2019-]+(?:\s[A-Z\u00c0-\u00de][\w'\u2019-]+){0,2})(?![\w&-]|\s[A-Z\u00c0-\u00de])"
)
_LARGE: Final = 100_000
"""Inhabitants from which a city's name needs no model to be believed."""
_NO_PLACE: Final = frozenset("FSDLTO")
_NO_BODY: Final = frozenset("FSDTKRCc")
_WORD: Final = re.compile(r"(?<![\w&@#-])[A-Z][\w&]+(?![\w&]|[-\u2010][A-Za-z])")


def places_beside(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Yield the places in a text that no span touches."""
    for match in _AFTER.finditer(text):
        start, end = match.span("name")
        name = match["name"].removesuffix("'s").removesuffix("\u2019s")
        end = start + len(name)
        if any(start < until and end > begin for begin, until, _ in spans):
            continue
        if " " not in name and set(marks_of(name.lower())) & _NO_PLACE:
            continue
        if any(known.kind is not Kind.CITY or known.population >= _LARGE for known in places_named(name)):
            yield start, end, "place"


def bodies(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Yield the well-known organisations in a text that no span touches: "BBC", "Reuters"."""
    for match in _WORD.finditer(text):
        name = match[0]
        marks = set(marks_of(name.lower()))
        if "G" not in marks or marks & _NO_BODY or ("L" in marks and not name.isupper()):
            continue
        start, end = match.span()
        if not any(start < until and end > begin for begin, until, _ in spans):
            yield start, end, "organisation"
