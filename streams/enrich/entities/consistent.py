"""The same name is the same thing wherever the post has it; so is the surname of a full name."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from streams.enrich.entities.lists import marks_of
from streams.enrich.places.gazetteer import Kind, places_named

Span = tuple[int, int, str]
_SHORTEST_CHARS: Final = 3
_MOST_NAMES: Final = 100
"""Each costs a search of the text: a longer list is no update."""
_LARGE_TOWN: Final = 20_000
_PIECE: Final = re.compile(r"[\w\s.'\u2019&,()+/\u2010-]+")
_PERSON: Final = "person"
_FORENAME: Final = r"[A-Z\u00c0-\u00de][\w'\u2019-]+"
_NO_FORENAME: Final = frozenset("TLDOKG")
"""Lists whose words are no first name: titles, common words, days, bodies, countries."""


def consistent(text: str, spans: Iterable[Span]) -> list[Span]:
    """Return the names with those that the model passed over, none of them inside a word or another name."""
    found = [trimmed for span in spans if (trimmed := _trimmed(text, span))]
    found = _full_names(text, found)
    kinds: dict[str, str] = {}
    for start, end, kind in found:
        kinds.setdefault(text[start:end], kind)
    surnames = {name.split()[-1]: _PERSON for name, kind in kinds.items() if kind == _PERSON and len(name.split()) > 1}
    taken = sorted((start, end) for start, end, _ in found)
    for name, kind in sorted((surnames | kinds).items(), key=lambda item: (-len(item[0]), item[0]))[:_MOST_NAMES]:
        if len(name) < _SHORTEST_CHARS or not name[0].isupper() or (text.count(name) == 1 and name in kinds):
            continue
        for start, end in _occurrences(text, name):
            if not any(start < until and end > begin for begin, until in taken):
                found.append((start, end, kind))
                taken.append((start, end))
    return sorted(found)


def _occurrences(text: str, name: str) -> Iterator[tuple[int, int]]:
    """Yield where a name stands as a word; a pattern of its own would have to be compiled for each name."""
    start = text.find(name)
    while start >= 0:
        end = start + len(name)
        whole = not (_in_word(text[start - 1 : start]) or _in_word(text[end : end + 1]))
        if whole:
            yield start, end
        start = text.find(name, end if whole else start + 1)


def _in_word(sign: str) -> bool:
    return sign.isalnum() or sign in {"-", "_"}


def _surely_a_place(name: str, kind: str) -> bool:
    """Return whether the gazetteer knows better: "West Bank" is no body, and "Ann Arbor" no woman."""
    known = places_named(name)
    if kind != _PERSON:
        return bool(known)
    return any(place.kind is not Kind.CITY or place.population >= _LARGE_TOWN for place in known)


def _full_names(text: str, found: list[Span]) -> list[Span]:
    """Return the names with the full one of each person whom the post also names by the surname: "Mr Ruiz"."""
    alone = {text[start:end] for start, end, kind in found if kind == _PERSON and " " not in text[start:end]}
    full = []
    surnames = sorted(name for name in alone if len(name) >= _SHORTEST_CHARS and name[0].isupper())
    for surname in surnames[:_MOST_NAMES]:
        for match in re.finditer(rf"(?<![\w-])(?:{_FORENAME} ){{1,2}}{re.escape(surname)}(?![\w-])", text):
            words = match[0].split()[:-1]
            while words and set(marks_of(words[0].lower())) & _NO_FORENAME:
                words.pop(0)
            if words:
                full.append((match.end() - len(" ".join([*words, surname])), match.end(), _PERSON))
    kept = [span for span in found if not any(span[0] < end and span[1] > start for start, end, _ in full)]
    return [*kept, *full] if full else found


def _trimmed(text: str, span: Span) -> Span | None:
    start, end, kind = span
    pieces = list(_PIECE.finditer(text, start, end))
    if len(pieces) > 1:  # a sign within: "#quay \u2708 Air Quay"
        start, end = max((piece.span() for piece in pieces), key=lambda part: part[1] - part[0])
    if kind != "place" and " " in text[start:end]:
        kind = "place" if _surely_a_place(text[start:end], kind) else kind
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not (text[end - 1].isalnum() or text[end - 1] == "."):
        end -= 1
    if start >= end:
        return None
    shown = text[start:end]
    marks = set(marks_of(shown.lower())) if " " not in shown else set()
    no_name = "D" in marks or (shown.islower() and "L" in marks)
    return None if no_name else (start, end, kind)
