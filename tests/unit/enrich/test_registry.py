"""How enrichers are run: each by itself, watched, and named by a version."""

import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import pytest

from schemas import Change, Coverage, Entry
from streams.enrich import enrich
from streams.enrich.registry import Enricher, Enrichment, enrichers
from streams.enrich.version import enricher_version

COVERAGE = Coverage(id="harbour-fire")
BODY = (
    "At least 12 people were killed in a fire in Hamburg on Monday, the mayor, Ada Ruiz, said. \u201cWe lost friends "
    "and neighbours,\u201d Ms Ruiz told Harbour Radio. Damage is put at \u00a35m."
)


def test_every_entry_names_the_version_that_enriched_it(entry: Callable[..., Entry]) -> None:
    """The version is short, and the same each time."""
    enriched = enrich(entry(body_text=BODY), COVERAGE)

    assert enriched.enriched_by == enricher_version()
    assert len(enricher_version()) == 12


def test_a_retraction_is_not_enriched(entry: Callable[..., Entry]) -> None:
    """Its content is gone, so there is nothing to say and no version that said it."""
    gone = entry().model_copy(update={"change": Change.RETRACTED})

    assert enrich(gone, COVERAGE) == gone


def test_an_enricher_that_raises_leaves_its_fields_out_and_the_others_in(entry: Callable[..., Entry]) -> None:
    """The entry says which one failed, and goes out."""

    def broken(_: Entry, __: Coverage) -> Enrichment:
        raise ValueError("no gazetteer")

    run = (Enricher("places", broken, None, 0), *(each for each in enrichers() if each.name == "figures"))

    enriched = enrich(entry(body_text=BODY), COVERAGE, run)

    assert enriched.enrichment_errors == ("places: ValueError: no gazetteer",)
    assert enriched.places == ()
    assert [figure.value for figure in enriched.figures] == [12, 5_000_000]


def test_the_watcher_sees_each_enricher(entry: Callable[..., Entry]) -> None:
    """Time is the caller's business: the core only says who runs."""
    seen: list[str] = []

    def watch(name: str) -> AbstractContextManager[object]:
        seen.append(name)
        return nullcontext()

    enrich(entry(body_text=BODY), COVERAGE, watch=watch)

    assert seen == [each.name for each in enrichers()]


@pytest.mark.parametrize(
    "text",
    [
        "12 " + "has been " * 2_200,
        "killed " + "a further " * 1_900,
        "12, including " * 1_400,
        "\u201c" * 20_000,
        '" ' * 9_000,
        "\u00a35m $3bn 5% " * 1_600,
        "London Paris Berlin, Texas Rome Athens, " * 450,
        "twenty and 12 hundred " * 800,
    ],
    ids=["links", "modifiers", "asides", "opening marks", "marks", "sums", "places", "numbers"],
)
def test_a_hostile_text_comes_to_an_end(entry: Callable[..., Entry], text: str) -> None:
    """What a stranger's page repeats is not read in all the ways that it could be."""
    assert not enrich(entry(body_text=text, language="en"), COVERAGE).enrichment_errors


def test_enrichment_is_the_same_after_a_restart(entry: Callable[..., Entry]) -> None:
    """Another process, with another hash seed, says the same of the same entry, byte for byte."""
    program = (
        "import sys\nfrom schemas import Coverage, Entry\nfrom streams.enrich import enrich\n"
        "entry = Entry.model_validate_json(sys.stdin.buffer.read())\n"
        "sys.stdout.buffer.write(enrich(entry, Coverage(id='harbour-fire', country='DE')).to_json())"
    )
    given = entry(body_text=BODY, headline="Breaking: fire in Hamburg")

    said = {
        subprocess.run(
            [sys.executable, "-c", program], input=given.to_json(), capture_output=True, check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("0", "1", "4242")
    }  # fmt: skip

    assert said == {enrich(given, Coverage(id="harbour-fire", country="DE")).to_json()}
