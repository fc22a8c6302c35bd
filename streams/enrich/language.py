"""The language of an entry whose source doesn't tell it, by py3langid's n-grams (140 languages)."""

from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from schemas.entry import Entry
from schemas.newsroom import Coverage
from streams.enrich.registry import Enrichment, enricher

_ENOUGH = 40  # characters; below, a guess is worse than none
_READ = 250  # characters, 75 us; 600 took 110 us and told 18 languages apart no better
_SURE = 0.8  # probability
_NO_LANGUAGE = "zxx"  # what the model calls numbers and codes


@cache
def _identifier() -> LanguageIdentifier:
    # 0.7 s and 30 MB, so at the first entry and not at import.
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@enricher("language", rank=0)
def find_language(entry: Entry, _: Coverage) -> Enrichment:
    """Tell the language when the text is long enough to be sure."""
    if entry.language:
        return Enrichment()
    # The body first: a headline of names and a score says less than a sentence.
    text = f"{entry.body_text or ''} {entry.headline or ''}".strip()[:_READ]
    if len(text) < _ENOUGH:
        return Enrichment()
    language, probability = _identifier().classify(text)
    return Enrichment(language=language) if probability >= _SURE and language != _NO_LANGUAGE else Enrichment()
