"""The names that a coverage is about, as its newsroom wrote them: they go before what the model says."""

import re
from collections.abc import Iterator
from functools import lru_cache

from schemas.entry import EntityType
from schemas.newsroom import KnownName
from streams.enrich.entities.consistent import Span

_CACHED_COVERAGES = 256


def configured(text: str, names: tuple[KnownName, ...]) -> Iterator[tuple[Span, KnownName]]:
    """Yield where a text has the names: whole words, in any case where it has no capitals; of people surnames too."""
    for pattern, name in _patterns(names):
        for match in pattern.finditer(text):
            yield (match.start(), match.end(), name.type.value), name


@lru_cache(maxsize=_CACHED_COVERAGES)
def _patterns(names: tuple[KnownName, ...]) -> tuple[tuple[re.Pattern[str], KnownName], ...]:
    found = []
    for name in sorted(names, key=lambda name: -len(name.name)):
        forms = [name.name]
        surname = name.name.split()[-1]
        if name.type is EntityType.PERSON and surname != name.name:
            forms.append(surname)
        shapes = "|".join(re.escape(shape) for form in forms for shape in (form, form.upper(), form.lower()))
        found.append((re.compile(rf"(?<![\w-])(?:{shapes})(?![\w-])"), name))
    return tuple(found)
