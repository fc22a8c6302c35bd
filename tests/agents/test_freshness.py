"""Ages that operators watch: of a source's newest document and entry, and of what waits."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from faust.types import TP

from schemas import Coverage, Document, Newsroom, Source
from streams.agents.freshness import Freshness
from streams.runtime.batch import Batch
from streams.runtime.metrics import WorkerMetrics

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)
NEWSROOM = Newsroom(coverages=(Coverage(id="pier", sources=(Source(id="post"),)),))


def document(source: str, ago: float) -> Document:
    """Return a document that came so many seconds ago."""
    return Document(
        id="d", source_id=source, coverage_id="pier", received_at=NOW - timedelta(seconds=ago),
        content_type="text/plain", body=b"x",
    )  # fmt: skip


def batch(partition: int, ago: float) -> Batch:
    """Return a batch whose first record was written so many seconds ago."""
    record = cast("Any", SimpleNamespace(offset=0, timestamp=int((NOW.timestamp() - ago) * 1000), value=b""))
    return Batch(TP("raw", partition), 1, [record], 0, 1)


def value(metrics: WorkerMetrics, name: str, **labels: str) -> float | None:
    """Return a sample."""
    return metrics.registry.get_sample_value(name, labels)


def test_the_newest_document_of_a_source_counts() -> None:
    """An older one that is committed later, of another partition or a replay, sets nothing back."""
    metrics = WorkerMetrics()
    freshness = Freshness(metrics, NEWSROOM)
    freshness.committed([document("post", 10), document("post", 60)], [], NOW)
    freshness.committed([document("post", 30)], [], NOW)

    name = "liveline_source_newest_document_timestamp_seconds"
    assert value(metrics, name, source="post") == NOW.timestamp() - 10
    assert value(metrics, "liveline_document_seconds_count") == 3
    assert value(metrics, "liveline_document_seconds_sum") == 100


def test_a_source_that_is_not_configured_makes_no_series() -> None:
    """Anybody may write raw documents; their names must not fill the registry."""
    metrics = WorkerMetrics()
    Freshness(metrics, NEWSROOM).committed([document("stranger", 10)], [], NOW)
    assert value(metrics, "liveline_source_newest_document_timestamp_seconds", source="stranger") is None


def test_the_oldest_record_at_hand_ages_until_it_is_committed() -> None:
    """Also over the restarts of its partition: the batch that comes again is not younger."""
    metrics = WorkerMetrics()
    freshness = Freshness(metrics, NEWSROOM)
    both = [TP("raw", 0), TP("raw", 1)]
    freshness.arrived(batch(0, 40))
    freshness.arrived(batch(1, 5))
    freshness.arrived(batch(0, 1))
    freshness.tick(both, NOW)
    assert value(metrics, "liveline_oldest_unprocessed_seconds") == 40

    freshness.finished(both[0])
    freshness.tick(both, NOW)
    assert value(metrics, "liveline_oldest_unprocessed_seconds") == 5

    freshness.tick([], NOW)  # the partition went to another worker
    assert value(metrics, "liveline_oldest_unprocessed_seconds") == 0
