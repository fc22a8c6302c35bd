"""Which agents a worker runs where there is but one generation: on the embedded broker."""

import asyncio

from schemas.newsroom import Newsroom
from streams.bootstrap.agents import AlertsPart, EntriesPart, alerts_agent, entries_agent
from streams.runtime.broker import Broker
from streams.runtime.clock import Clock
from streams.runtime.worker import Hosted, Worker
from streams.settings import Settings
from streams.topology import Names


class EmbeddedManager:
    """The manager of a worker on the embedded broker."""

    def __init__(self, worker: Worker, settings: Settings, broker: Broker, clock: Clock) -> None:
        """Nothing connects before the agents start."""
        self._worker, self._settings, self._broker, self._clock = worker, settings, broker, clock
        self._names = Names(settings.topic_prefix)

    def at_first(self) -> list[Hosted]:
        """Return the agents that the worker starts with."""
        entries = entries_agent(self._worker, self._settings, self._broker, EntriesPart(self._names), self._clock)
        return [entries, *([self._alerts()] if self._settings.newsroom.alerts else [])]

    async def begin(self) -> None:
        """Do nothing: the agents that are there at first stay."""

    async def run(self) -> None:
        """Wait to be cancelled: no other generation comes."""
        await asyncio.Event().wait()

    async def end(self) -> None:
        """Do nothing: it holds nothing."""

    async def check(self, newsroom: Newsroom) -> None:
        """Allow any newsroom."""

    async def take(self, newsroom: Newsroom) -> None:
        """Have the agents go on by another newsroom; the agent `alerts` runs while there are rules."""
        had_rules = bool(self._settings.newsroom.alerts)
        self._settings = self._settings.model_copy(update={"newsroom": newsroom})
        await self._worker.take(newsroom)
        if had_rules != bool(newsroom.alerts):
            await self._worker.replace("alerts", self._alerts() if newsroom.alerts else None)

    def _alerts(self) -> Hosted:
        return alerts_agent(self._worker, self._settings, self._broker, AlertsPart(self._names), self._clock)
