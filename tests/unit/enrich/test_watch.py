"""The metric of what each enricher takes."""

from collections.abc import Callable

from schemas import Coverage, Entry
from streams.enrich import enrich
from streams.enrich.registry import Enricher, Enrichment
from streams.runtime.metrics import WorkerMetrics


def test_the_time_of_each_enricher_is_observed_once_an_entry(entry: Callable[..., Entry]) -> None:
    """Also of one that raises: a slow failure must show."""

    def broken(_: Entry, __: Coverage) -> Enrichment:
        raise ValueError("no gazetteer")

    metrics = WorkerMetrics()
    run = (Enricher("places", broken, None, 0), Enricher("quotes", lambda *_: Enrichment(), None, 1))

    for _ in range(2):
        enrich(entry(body_text="Fire"), Coverage(id="harbour-fire"), run, watch=metrics.time_enricher)

    def count(enricher: str) -> float | None:
        return metrics.registry.get_sample_value("liveline_enricher_seconds_count", {"enricher": enricher})

    assert (count("places"), count("quotes")) == (2, 2)
