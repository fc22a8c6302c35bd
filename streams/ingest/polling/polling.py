"""All pollers of a process, with the one client, producer and subscriber that they share."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

import structlog

from schemas.document import Document
from schemas.newsroom import Newsroom
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
        outboxes: dict[str, Outbox] = {
            source.id: Outbox(source, coverage.id, self._send, clock)
            for coverage in newsroom.coverages
            for source in coverage.sources
            if source.url
        }
        self.subscriber: Subscriber | None = None
        """Who answers hubs; None where they could not reach us."""
        if options.public_url:
            self.subscriber = Subscriber(
                options.public_url,
                self._fetcher,
                outboxes,
                lost=lambda source_id: self._pollers[source_id].wake(),
                clock=clock,
                metrics=metrics,
                log=log,
            )
        self._pollers: dict[str, Poller] = {
            source_id: Poller(
                url=outbox.source.url or "",
                every=interval(outbox.source.every),
                outbox=outbox,
                fetcher=self._fetcher,
                turns=turns,
                hubs=self.subscriber or Unsubscribed(options.no_websub_because, log),
                metrics=metrics,
                clock=clock,
                log=log,
            )
            for source_id, outbox in outboxes.items()
        }
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        """Begin to poll; sources are read at once, hosts in turn."""
        await self._producer.start()
        await self._fetcher.__aenter__()
        self._tasks = [
            asyncio.create_task(poller.run(), name=f"poll-{source_id}") for source_id, poller in self._pollers.items()
        ]
        if self.subscriber is not None:
            self._tasks.append(asyncio.create_task(self.subscriber.run(), name="websub"))
        return self

    async def __aexit__(self, *_: object) -> None:
        """Poll no more, leave the hubs, and let go of what is shared."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        try:
            if self.subscriber is not None:
                await self.subscriber.close()
        finally:
            await self._fetcher.__aexit__()
            await self._producer.stop()

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


def interval(every: str) -> float:
    """Return a source's interval in seconds; `Source` has checked its form."""
    found = _INTERVAL.fullmatch(every)
    if found is None:
        raise ValueError(f"every: found {every!r}; expected a number and its unit, such as 15s")
    return max(_SHORTEST, int(found[1]) * _SECONDS[found[2]])
