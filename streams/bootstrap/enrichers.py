"""The enrichers that the settings ask for."""

from streams.enrich import Enricher
from streams.enrich.entities.spacy_names import with_spacy
from streams.settings import Settings
from streams.settings.sections.enrich import EntityModel


def enrichers_of(settings: Settings) -> tuple[Enricher, ...] | None:
    """Return them, or None for Liveline's own; raises `SettingsError` for a model that is not installed."""
    return with_spacy() if settings.enrich_entities is EntityModel.SPACY else None
