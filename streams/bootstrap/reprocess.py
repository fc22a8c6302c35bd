"""From settings to a process that writes a generation beside the live one: up to an end, or as documents come."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry

from streams.agents.scope import Scope
from streams.bootstrap.agents import EntriesPart, entries_agent
from streams.bootstrap.worker import broker_of, quiet_faust
from streams.generations.name import group_of
from streams.generations.pending import is_read
from streams.runtime.kafka.admin import Bounds
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.metrics import WorkerMetrics
from streams.runtime.worker import Worker
from streams.settings import Settings
from streams.topology import Names

if TYPE_CHECKING:
    from datetime import datetime


_LOOK_SECONDS: Final = 0.3


@dataclass(frozen=True, slots=True)
class Part:
    """Which documents of which generation are processed."""

    names: Names
    begins: Mapping[int, int]
    since: "datetime | None" = None
    until: Mapping[int, int] | None = None
    """By partition; None: it follows what comes."""


class Reprocess:
    """One process of a generation; several share the partitions."""

    def __init__(self, settings: Settings, connection: KafkaConnection, part: Part) -> None:
        """Nothing connects before the run; to be called within a running event loop."""
        quiet_faust()
        self._settings, self._connection, self._part = settings, connection, part
        self.worker = Worker(
            WorkerMetrics(CollectorRegistry()), shutdown_seconds=settings.shutdown_timeout.total_seconds(), bind=None
        )
        # Documents of the past: embargoes end by their times. Once all is read the clock ends them, as live does.
        scope = Scope(part.since, part.until or {}, of_the_past=True, clock_counts=lambda: part.until is None)
        of_entries = EntriesPart(part.names, scope, part.begins)
        hosted = entries_agent(self.worker, settings, broker_of(settings, connection), of_entries)
        self.worker.host(hosted)
        self._host = hosted.host

    @property
    def group(self) -> str:
        """Its consumer group."""
        return group_of(self._part.names, self._settings.application)

    @property
    def documents(self) -> int:
        """How many documents this process has committed."""
        return int(self.worker.metrics.registry.get_sample_value("liveline_documents_total") or 0)

    def summary(self) -> dict[str, int]:
        """Return what this process has committed."""
        found = {"documents": self.documents, "revisions": 0, "dead_letters": 0}
        for metric in self.worker.metrics.registry.collect():
            if (name := metric.name.removeprefix("liveline_")) in found and name != "documents":
                found[name] = int(sum(each.value for each in metric.samples if each.name.endswith("_total")))
        return found

    async def run(self, progress: Callable[[int], None], over: Callable[[], Awaitable[bool]] | None = None) -> bool:
        """Process until the end, until `over` says so, or until told to stop; returns whether the end was reached.

        Raises what stops a worker: `LivelineError` for what a person must see to.
        """
        try:
            await self.worker.start()
            waiting = asyncio.create_task(self.worker.wait())
            try:
                while not waiting.done():
                    progress(self.documents)
                    if (over is not None and await over()) or await self._at_the_end():
                        return True
                    await asyncio.wait({waiting}, timeout=_LOOK_SECONDS)
                waiting.result()
            finally:
                waiting.cancel()
        finally:
            await self.worker.stop()
        return False

    async def _at_the_end(self) -> bool:
        until = self._part.until
        if until is None:
            return False
        for tp, owned in list(self._host.ownership.partitions.items()):
            at_end = owned.running and (owned.position >= until.get(tp.partition, 0) or await owned.unread() == 0)
            if not at_end:
                return False
        # What others of the group have is known by what is committed.
        bounds = {
            partition: Bounds(self._part.begins.get(partition, 0), end)
            for partition, end in until.items()
            if self._part.begins.get(partition, 0) < end
        }
        return await asyncio.to_thread(is_read, self._connection, self.group, self._part.names.raw, bounds)
