"""All pollers of a process, with the one client, producer and subscriber that they share."""

import asyncio
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

import structlog

from schemas.document import Document
from schemas.entry import CoverageId
from schemas.newsroom import Newsroom, Source
from streams.ingest.polling.fetch import Fetcher, FetchOptions
from streams.ingest.polling.hosts import Hosts
from streams.ingest.polling.outbox import Outbox
from streams.ingest.polling.poll_metrics import PollMetrics
from streams.ingest.polling.poller import Poller
from streams.ingest.polling.turns import Turns
from streams.ingest.producer import DocumentProducer, Stored
from streams.ingest.unavailable import KafkaUnavailable
from streams.ingest.websub.subscriber import Subscriber
from streams.ingest.websub.unsubscribed import Unsubscribed

_PATIENCE: Final = 10.0
_AGAIN: Final = 0.2
_INTERVAL: Final = re.compile(r"(\d+)(ms|s|m|h)")
_SECONDS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_SHORTEST: Final = 0.1


@dataclass(frozen=True, slots=True)
class PollOptions:
    """How this process polls."""

    fetch: FetchOptions
    public_url: str | None = None
    """Where hubs reach us; without it nothing is subscribed to."""
    no_websub_because: str = "LIVELINE_PUBLIC_URL"
    """The setting that is missing when there is no `public_url`."""
    host_connections: int = 1
    host_gap: float = 1.0


class Polling:
    """The pollers of every source that has a URL; `async with` starts and ends them."""

    def __init__(
        self,
        newsroom: Newsroom,
        producer: DocumentProducer,
        options: PollOptions,
        *,
        turns: Turns,
        metrics: PollMetrics,
        clock: Callable[[], datetime],
        log: structlog.stdlib.BoundLogger,
    ) -> None:
        """Make all of it; nothing connects before it is entered."""
        self._producer = producer
        self._fetcher = Fetcher(options.fetch, Hosts(options.host_connections, options.host_gap))
        self._turns, self._metrics, self._clock, self._log = turns, metrics, clock, log
        self._outboxes: dict[str, Outbox] = {}
        self.subscriber: Subscriber | None = None
        """Who answers hubs; None where they could not reach us."""
        if options.public_url:
            self.subscriber = Subscriber(
                options.public_url,
                self._fetcher,
                self._outboxes,
                lost=self._wake,
                clock=clock,
                metrics=metrics,
                log=log,
            )
        self._hubs = self.subscriber or Unsubscribed(options.no_websub_because, log)
        self._pollers: dict[str, Poller] = {}
        for source, coverage_id in polled(newsroom):
            self._add(source, coverage_id)
        self._polls: dict[str, asyncio.Task[None]] = {}
        self._websub: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Begin to poll; sources are read at once, hosts in turn."""
        await self._producer.start()
        await self._fetcher.__aenter__()
        for source_id in self._pollers:
            self._begin(source_id)
        if self.subscriber is not None:
            self._websub = asyncio.create_task(self.subscriber.run(), name="websub")
        return self

    async def __aexit__(self, *_: object) -> None:
        """Poll no more, leave the hubs, and let go of what is shared."""
        tasks = [*self._polls.values(), *([self._websub] if self._websub else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        try:
            if self.subscriber is not None:
                await self.subscriber.close()
        finally:
            await self._fetcher.__aexit__()
            await self._producer.stop()

    async def take(self, newsroom: Newsroom) -> None:
        """Go on with another newsroom's sources; one that is as it was is not read again for that."""
        wanted: dict[str, tuple[Source, CoverageId]] = {source.id: (source, at) for source, at in polled(newsroom)}
        for source_id, outbox in list(self._outboxes.items()):
            if wanted.get(source_id) == (outbox.source, outbox.coverage_id):
                del wanted[source_id]
                continue
            await self._end(source_id)
            if source_id not in wanted:
                self._metrics.forget(source_id)
                if self.subscriber is not None:
                    await self.subscriber.leave(source_id)
        for source_id, (source, coverage_id) in wanted.items():
            self._add(source, coverage_id)
            self._begin(source_id)

    def _add(self, source: Source, coverage_id: CoverageId) -> None:
        self._outboxes[source.id] = outbox = Outbox(source, coverage_id, self._send, self._clock)
        self._pollers[source.id] = Poller(
            url=source.url or "",
            every=interval(source.every),
            outbox=outbox,
            fetcher=self._fetcher,
            turns=self._turns,
            hubs=self._hubs,
            metrics=self._metrics,
            clock=self._clock,
            log=self._log,
        )

    def _begin(self, source_id: str) -> None:
        self._polls[source_id] = asyncio.create_task(self._pollers[source_id].run(), name=f"poll-{source_id}")

    async def _end(self, source_id: str) -> None:
        """Poll a source no more: a poll that is under way is given up, whose page the next one brings again."""
        task = self._polls.pop(source_id)
        del self._pollers[source_id], self._outboxes[source_id]
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    def _wake(self, source_id: str) -> None:
        if poller := self._pollers.get(source_id):
            poller.wake()

    async def _send(self, document: Document) -> Stored:
        """Send, and retry for a moment while Kafka is starting: the source would not be fetched again for it."""
        deadline = asyncio.get_running_loop().time() + _PATIENCE
        while True:
            try:
                return await self._producer.send(document)
            except KafkaUnavailable:
                if asyncio.get_running_loop().time() >= deadline:
                    raise
                await asyncio.sleep(_AGAIN)


def polled(newsroom: Newsroom) -> Iterator[tuple[Source, CoverageId]]:
    """Yield the sources that have a URL, each with its coverage."""
    for coverage in newsroom.coverages:
        for source in coverage.sources:
            if source.url:
                yield source, coverage.id


def interval(every: str) -> float:
    """Return a source's interval in seconds; `Source` has checked its form."""
    found = _INTERVAL.fullmatch(every)
    if found is None:
        raise ValueError(f"every: found {every!r}; expected a number and its unit, such as 15s")
    return max(_SHORTEST, int(found[1]) * _SECONDS[found[2]])
