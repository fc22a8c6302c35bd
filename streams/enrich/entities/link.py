"""One name for one thing: the surname is the person of the full name, the short form is the body of the long one."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from streams.enrich.entities.consistent import Span

_PERSON: Final = "person"
_ORGANISATION: Final = "organisation"
_FULL: Final = 2
_SHORT_FORM: Final = re.compile(r"\s?\((?P<short>[A-Z][\w&.-]{1,9})\)")
_SMALL: Final = frozenset({"of", "and", "the", "for", "de", "la", "du", "des", "van", "der", "von", "bin", "al"})


def usual_names(text: str, spans: Iterable[Span], headline: Iterable[str]) -> Mapping[str, str]:
    """Return the usual name of each name in the text, by how it stands there; `headline` has the people named there."""
    people: list[str] = list(headline)
    short: dict[str, str] = {}
    for start, end, kind in spans:
        name = cased(text[start:end])
        if kind == _PERSON and len(name.split()) >= _FULL:
            people.append(name)
        elif kind == _ORGANISATION and (match := _SHORT_FORM.match(text, end)):
            short.setdefault(match["short"], name)
    usual: dict[str, str] = {}
    for start, end, kind in spans:
        shown = text[start:end]
        name = cased(shown)
        if kind == _PERSON:
            usual[shown] = _full_name(name, people)
        else:
            usual.setdefault(shown, short.get(shown, name))
    return usual


def _full_name(name: str, people: list[str]) -> str:
    """Return the first full name that a name is a part of: the last word of it, or its first and last."""
    parts = name.split()
    for full in people:
        words = full.split()
        if len(words) > len(parts) and words[-len(parts) :] == parts:
            return full
    for full in people:
        words = full.split()
        if len(parts) == 1 and len(words) >= _FULL and words[0] == name:
            return full
    return name


def cased(name: str) -> str:
    """Return a name with the capitals it has in running text: "THERESA MAY" and "theresa may" are Theresa May."""
    letters = [c for c in name if c.isalpha()]
    words = name.split()
    if name.islower() or (name.isupper() and (len(words) > 1 or len(letters) > 5)):  # noqa: PLR2004
        return " ".join(word.lower() if word.lower() in _SMALL else _capital(word.lower()) for word in words)
    return " ".join(words)


def _capital(word: str) -> str:
    return re.sub(r"(^|[-'\u2019])([^\W\d_])", lambda m: m[1] + m[2].upper(), word)
