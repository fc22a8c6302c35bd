"""How old what was processed last is, and how long what waits has waited: gauges of the agent "entries"."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from faust.types import TP
from prometheus_client import Gauge

from schemas.document import Document
from schemas.entry import Entry
from schemas.newsroom import Newsroom
from streams.runtime.batch import Batch
from streams.runtime.metrics import WorkerMetrics

_MS: Final = 1000.0


@dataclass
class Freshness:
    """Keeps the time of each source's newest document and entry, and of each partition's oldest record at hand."""

    metrics: WorkerMetrics
    newsroom: Newsroom
    _at_hand: dict[TP, float] = field(default_factory=dict)
    """The Kafka time of the first record that is fetched and not committed, in seconds since the epoch."""
    _newest: dict[tuple[Gauge, str], float] = field(default_factory=dict)
    """The time that a gauge shows for a source, in seconds since the epoch."""
    _sources: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Know the sources: only theirs become labels, whatever others write into raw documents."""
        self.watch(self.newsroom)

    def watch(self, newsroom: Newsroom) -> None:
        """Watch the sources of a newsroom from here on, and let go of those that it no longer has."""
        self.newsroom = newsroom
        self._sources = frozenset(source.id for source in newsroom.all_sources())
        for gauge, source_id in [each for each in self._newest if each[1] not in self._sources]:
            del self._newest[gauge, source_id]
            gauge.remove(source_id)

    def arrived(self, batch: Batch) -> None:
        """Note a batch that is to be processed."""
        if batch.records:
            self._at_hand.setdefault(batch.tp, batch.records[0].timestamp / _MS)

    def finished(self, tp: TP) -> None:
        """Note that what had arrived is committed."""
        self._at_hand.pop(tp, None)

    def committed(self, documents: Iterable[Document], entries: Iterable[Entry], now: datetime) -> None:
        """Note what one transaction has published."""
        for document in documents:
            received = document.received_at.timestamp()
            self.metrics.document_seconds.observe(max(0.0, now.timestamp() - received))
            self._note(self.metrics.newest_document, document.source_id, received)
        for entry in entries:
            self._note(self.metrics.newest_entry, entry.source_id, entry.received_at.timestamp())

    def tick(self, owned: Iterable[TP], now: datetime) -> None:
        """Set the age of the oldest record at hand of each partition that is owned."""
        owned = set(owned)
        for gone in set(self._at_hand) - owned:
            del self._at_hand[gone]
        oldest = min(self._at_hand.values(), default=now.timestamp())
        self.metrics.oldest_seconds.set(max(0.0, now.timestamp() - oldest))

    def _note(self, gauge: Gauge, source_id: str, at: float) -> None:
        if source_id not in self._sources or at <= self._newest.get((gauge, source_id), 0.0):
            return
        self._newest[gauge, source_id] = at
        gauge.labels(source=source_id).set(at)
