"""The language of an entry whose source doesn't tell it, by py3langid's n-grams (97 languages)."""

from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from schemas.entry import Entry
from schemas.newsroom import Coverage
from streams.enrich.registry import Enrichment, enricher

_ENOUGH = 40  # characters; below, a guess is worse than none
_SURE = 0.8  # probability


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_pickled_model(MODEL_FILE, norm_probs=True)


@enricher("language", rank=0)
def find_language(entry: Entry, _: Coverage) -> Enrichment:
    """Tell the language when the text is long enough to be sure."""
    if entry.language:
        return Enrichment()
    text = f"{entry.headline or ''} {entry.body_text or ''}".strip()[:600]
    if len(text) < _ENOUGH:
        return Enrichment()
    language, probability = _identifier().classify(text)
    return Enrichment(language=language) if probability >= _SURE else Enrichment()
