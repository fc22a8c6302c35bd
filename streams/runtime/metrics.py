"""Every metric of a worker: its name, what it measures, and what to do when it moves."""

from collections.abc import Iterable
from contextlib import AbstractContextManager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_DOCUMENT_SECONDS = (0.005, 0.01, 0.02, 0.04, 0.08, 0.15, 0.3, 0.6, 1.0, 3.0, 10.0, 60.0, 600.0)
_MOST_SOURCES = 500
"""Of whose dead letters a count of their own is kept."""
_ENRICHER_SECONDS = (0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1.0)


class WorkerMetrics:
    """The metrics of one worker, in a registry of its own."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self.most_letter_sources = _MOST_SOURCES
        self._letter_sources: set[str] = set()
        on = self.registry
        self.documents = Counter(
            "liveline_documents_total",
            "Documents processed and committed. Flat while producers push: see lag.",
            registry=on,
        )
        self.revisions = Counter(
            "liveline_revisions_total", "Revisions published, by what they did.", ["change"], registry=on
        )
        self.unchanged = Counter("liveline_posts_unchanged_total", "Posts that said nothing new.", registry=on)
        self.forgotten = Counter(
            "liveline_posts_forgotten_total",
            "Posts not published since their coverage was quiet for so long that they may be old ones.",
            registry=on,
        )
        self.repeated = Counter(
            "liveline_documents_repeated_total", "Documents that were what their source had sent last.", registry=on
        )
        self.dead_letters = Counter(
            "liveline_dead_letters_total",
            "Dead letters, by source and stage. A rise: `liveline dlq list`. Sources after the first 500 that a worker "
            "has letters of are `other`.",
            ["source", "stage"],
            registry=on,
        )
        self.bugs = Counter(
            "liveline_bugs_total",
            "Exceptions of Liveline's own. Any: the traceback is in the log.",
            ["stage"],
            registry=on,
        )
        self.enrichment_errors = Counter(
            "liveline_enrichment_errors_total",
            "Entries without what an enricher adds, since it failed or was too slow. Any: report it as a bug.",
            ["enricher"],
            registry=on,
        )
        self.enricher_seconds = Histogram(
            "liveline_enricher_seconds",
            "Time of an enricher, or of finding the `story`, over one entry. A rise: longer posts, or a fault of it.",
            ["enricher"], buckets=_ENRICHER_SECONDS, registry=on,
        )  # fmt: skip
        self.transaction_seconds = Histogram(
            "liveline_transaction_seconds",
            "Time of a transaction. A rise: the broker is slow.",
            ["agent"],
            buckets=_SECONDS,
            registry=on,
        )
        self.pipeline_seconds = Histogram(
            "liveline_pipeline_seconds", "Time that parsing, deduplicating, enriching and encoding a batch took. "
            "A rise: larger documents, or an enricher (`liveline_enricher_seconds`).",
            buckets=_SECONDS, registry=on,
        )  # fmt: skip
        self.batch_documents = Histogram(
            "liveline_batch_documents", "Documents in a transaction. Large: the worker catches up.",
            buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000), registry=on,
        )  # fmt: skip
        self.take_over_seconds = Histogram(
            "liveline_take_over_seconds", "Time to fence and load a partition. A rise: memory grows.",
            ["agent"], buckets=_SECONDS, registry=on,
        )  # fmt: skip
        self.restarts = Counter(
            "liveline_partition_restarts_total", "Partitions started again, by reason. `Fenced`: a stall or a move.",
            ["agent", "reason"], registry=on,
        )  # fmt: skip
        self.stale_batches = Counter(
            "liveline_stale_batches_total",
            "Batches dropped because their partition had started again. A few at each rebalance are usual.",
            ["agent"],
            registry=on,
        )
        self.out_of_place = Counter(
            "liveline_batches_out_of_place_total",
            "Batches refused because records before them were skipped; they are read again. Any: report it as a bug.",
            ["agent"],
            registry=on,
        )
        self.deleted_unread = Counter(
            "liveline_offsets_deleted_unread_total",
            "Offsets that retention deleted before they were processed. Any: documents, or alerts, are lost; "
            "raise the retention, or add workers.",
            ["agent"],
            registry=on,
        )
        self.partitions = Gauge(
            "liveline_partitions_owned", "Partitions at work in this worker.", ["agent"], registry=on
        )
        self.stuck = Gauge(
            "liveline_partitions_stuck",
            "Partitions that started again at one offset, three times in a row or more. Any: `/readyz` says why.",
            ["agent"],
            registry=on,
        )
        self.narrowed = Counter(
            "liveline_batches_narrowed_total",
            "Batches halved to find the document that makes them fail. A rise: `liveline_bugs_total`.",
            registry=on,
        )
        self.letters_cut = Counter(
            "liveline_dead_letters_cut_total",
            "Dead letters with only the first part of a body that is too large for a message.",
            registry=on,
        )
        self.newest_document = Gauge(
            "liveline_source_newest_document_timestamp_seconds",
            "When the newest processed document of a source was received. Stands still: the source, or its poller.",
            ["source"],
            registry=on,
        )
        self.newest_entry = Gauge(
            "liveline_source_newest_entry_timestamp_seconds",
            "When the document of a source's newest revision was received. Behind the newest document: nothing new, "
            "or dead letters.",
            ["source"],
            registry=on,
        )
        self.document_seconds = Histogram(
            "liveline_document_seconds",
            "From the receipt of a document to its commit. A rise: see lag, then `liveline_pipeline_seconds`. Old "
            "documents that are pushed count with their age.",
            buckets=_DOCUMENT_SECONDS,
            registry=on,
        )
        self.oldest_seconds = Gauge(
            "liveline_oldest_unprocessed_seconds",
            "Age of the oldest document that is fetched and not committed. Grows: `/readyz`, then the lag.",
            registry=on,
        )
        self.lag = Gauge(
            "liveline_lag_records",
            "Records not yet processed, by partition. Grows: add workers.",
            ["agent", "partition"],
            registry=on,
        )

        self.alerts = Counter(
            "liveline_alerts_total",
            "Revisions of alerts, by what they did and why nobody is told (empty: somebody is).",
            ["change", "held_back"],
            registry=on,
        )
        self.rule_failures = Counter(
            "liveline_alert_rule_failures_total",
            "Conditions that failed while they were evaluated; the entry was no match. Any: `liveline alerts test`.",
            ["rule"],
            registry=on,
        )
        self.entries_passed_over = Counter(
            "liveline_alert_entries_passed_over_total",
            "Entries that the alert rules did not see: `unreadable`, or `failed` by an exception of Liveline's own. "
            "Any: `alerts.entry_passed_over` in the log.",
            ["reason"],
            registry=on,
        )

    def count_letter(self, source: str, stage: str) -> None:
        """Count a dead letter; who pushes to Kafka may name any source, so that their number is bounded."""
        if source not in self._letter_sources:
            if len(self._letter_sources) >= self.most_letter_sources:
                source = "other"
            self._letter_sources.add(source)
        self.dead_letters.labels(source=source, stage=stage).inc()

    def expect(self, agent: str) -> None:
        """Let an agent's counters stand at 0 from the start: what has not happened is said as well."""
        for metric in (self.stale_batches, self.out_of_place, self.deleted_unread, self.partitions, self.stuck):
            metric.labels(agent=agent)

    def keep_lag_of(self, agent: str, partitions: Iterable[int]) -> None:
        """Drop the lag of partitions that left: another worker tells of them now, and this one's last word is stale."""
        kept = {str(partition) for partition in partitions}
        known = [sample.labels for family in self.lag.collect() for sample in family.samples]
        for labels in known:
            if labels["agent"] == agent and labels["partition"] not in kept:
                self.lag.remove(agent, labels["partition"])

    def time_enricher(self, name: str) -> AbstractContextManager[object]:
        """Return what takes the time of an enricher while it is open."""
        return self.enricher_seconds.labels(enricher=name).time()
