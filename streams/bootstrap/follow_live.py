"""Which agents a worker runs, by what `liveline.control` says: those of the generation that is live.

The agent `entries` goes over at once: its partitions are taken over by fencing. The agent `alerts` first reads what the
former generation has told, up to where it was stopped, and then goes on where the record says; so do all workers of
its group, for what the group has committed tells them how far it is.
"""

import asyncio
import time
from collections.abc import Sequence
from typing import Final

import structlog
from aiokafka.errors import KafkaError

from schemas.newsroom import Newsroom
from streams.bootstrap.agents import AlertsPart, EntriesPart, alerts_agent, entries_agent
from streams.bootstrap.bounds import rules_of_generation
from streams.exceptions import LivelineError
from streams.generations.name import alerts_group_of
from streams.generations.pending import is_read
from streams.generations.record import Live, Stretch
from streams.generations.switch import GIVEN_UP_SECONDS, take_back
from streams.generations.watch import ControlWatch
from streams.runtime.broker import Broker
from streams.runtime.clock import Clock
from streams.runtime.kafka.admin import Bounds, partition_count
from streams.runtime.kafka.groups import committed_offsets
from streams.runtime.ledger.ledger import LedgerError
from streams.runtime.worker import Hosted, Worker
from streams.settings import Settings
from streams.topology import LIVE, Names

_LOOK_SECONDS: Final = 0.3
_AGAIN_SECONDS: Final = 1.0

log = structlog.get_logger(__name__)


class RulesDifferError(LivelineError):
    """The generation that is live was made by other rules than this worker's."""


class NotLiveError(LedgerError):
    """The generation may not be written now."""


class FollowLive:
    """The manager of a worker on real Kafka."""

    def __init__(self, worker: Worker, settings: Settings, broker: Broker, clock: Clock) -> None:
        """Nothing connects before `begin`."""
        self._worker, self._settings, self._broker, self._clock = worker, settings, broker, clock
        self._names = Names(settings.topic_prefix)
        self._watch = ControlWatch(broker.connection, self._names)
        self._entries = LIVE
        """The generation whose entries are written."""
        self._stretch = Stretch(0)
        """What the alerts are raised of."""
        self._rules = rules_of_generation(settings)
        self._waiting: Newsroom | None = None
        """What can only be taken once a switch says that the live generation goes on by it."""
        self._turn = asyncio.Lock()
        """Agents are exchanged for one reason at a time."""

    def at_first(self) -> list[Hosted]:
        """Return the agents of a worker before it knows what is live."""
        alerts = [self._alerts_of(self._stretch, begun=True)] if self._settings.newsroom.alerts else []
        return [self._entries_of(Live()), *alerts]

    async def begin(self) -> None:
        """Have the worker host what is live; raises `RulesDifferError` and `BrokerError`."""
        await self._watch.__aenter__()
        live = self._watch.live
        self._need_rules(live, self._rules)
        if len(live.stretches) == 1 and live.generation == LIVE:
            return
        self._entries = live.generation
        self._worker.host(self._entries_of(live))
        if self._settings.newsroom.alerts:
            self._stretch, begun = await asyncio.to_thread(self._find_stretch, live.stretches)
            self._worker.host(self._alerts_of(self._stretch, begun=begun))

    async def run(self) -> None:
        """Go over when another generation is live; what goes wrong in between is tried again."""
        while True:
            try:
                async with self._turn:
                    await self._look(self._watch.live)
            except RulesDifferError as error:
                self._worker.fail(error)
                return
            except (KafkaError, LivelineError, OSError) as error:
                log.warning("generation.not_followed", error=f"{type(error).__name__}: {error}")
                await asyncio.sleep(_AGAIN_SECONDS)
            except Exception:
                log.exception("generation.follow_failed")  # who follows no more would write what was live
                await asyncio.sleep(_AGAIN_SECONDS)
            await asyncio.sleep(_LOOK_SECONDS)

    async def end(self) -> None:
        """Stop watching."""
        await self._watch.stop()

    async def check(self, newsroom: Newsroom) -> None:
        """Raise `RulesDifferError` if a switch holds workers to other rules; what is refused waits for another switch.

        A worker that took it would stop at once, and so would all the others.
        """
        live = self._watch.live
        self._waiting = newsroom
        self._need_rules(live, rules_of_generation(self._by(newsroom)))
        self._waiting = None

    async def take(self, newsroom: Newsroom) -> None:
        """Have the agents go on by another newsroom; the agent `alerts` runs while there are rules."""
        async with self._turn:
            await self._take(newsroom)

    async def _take(self, newsroom: Newsroom) -> None:
        had_rules = bool(self._settings.newsroom.alerts)
        self._settings = self._by(newsroom)
        self._rules = rules_of_generation(self._settings)
        await self._worker.take(newsroom)
        if newsroom.alerts and not had_rules:
            self._stretch = Stretch(-1)  # the next look has it begin, and tries again if that fails
        elif had_rules and not newsroom.alerts:
            await self._worker.replace("alerts", None)

    def _by(self, newsroom: Newsroom) -> Settings:
        return self._settings.model_copy(update={"newsroom": newsroom})

    async def _look(self, live: Live) -> None:
        if live.stopping:
            if time.monotonic() - self._watch.seen_at > GIVEN_UP_SECONDS:
                await asyncio.to_thread(take_back, self._broker.connection, self._names, live)
            return
        waiting = self._waiting
        if waiting is not None and live.newsroom == rules_of_generation(self._by(waiting)):
            await self._take(waiting)
            self._waiting = None
        self._need_rules(live, self._rules)
        if self._entries != live.generation:
            log.info("generation.live", generation=live.generation, before=self._entries)
            self._entries = ""  # until the other one runs
            await self._worker.replace("entries", self._entries_of(live))
            self._entries = live.generation
        if self._settings.newsroom.alerts and self._stretch != live.stretches[-1]:
            stretch, begun = await asyncio.to_thread(self._find_stretch, live.stretches)
            if stretch != self._stretch:
                log.info("alerts.stretch", generation=stretch.generation, number=stretch.number)
                self._stretch = Stretch(-1)
                await self._worker.replace("alerts", self._alerts_of(stretch, begun=begun))
                self._stretch = stretch

    @staticmethod
    def _need_rules(live: Live, rules: str) -> None:
        if live.newsroom not in (None, rules):
            raise RulesDifferError(
                f"generation {live.generation} is live, whose rules are {live.newsroom}; this worker's are "
                f"{rules}: start it with the liveline.yaml and settings that {live.generation} was made with, or "
                f"let `liveline switch {live.generation}` take over this worker's rules"
            )

    def _entries_of(self, live: Live) -> Hosted:
        generation = live.generation

        async def need_live() -> None:
            now = await self._watch.fresh()
            if now.generation != generation or now.stopping:
                raise NotLiveError(f"generation {generation} is stopped for a switch, or no more live")
            if now.newsroom not in (None, self._rules):
                raise NotLiveError(f"generation {generation} goes on by other rules")

        names = Names(self._settings.topic_prefix, generation)
        part = EntriesPart(names, need_live=need_live)
        return entries_agent(self._worker, self._settings, self._broker, part, self._clock)

    def _alerts_of(self, stretch: Stretch, *, begun: bool) -> Hosted:
        async def need_same() -> None:
            now = await self._watch.fresh()
            if stretch not in now.stretches:
                raise NotLiveError(f"generation {stretch.generation} tells alerts to another end than it did")

        names = Names(self._settings.topic_prefix, stretch.generation)
        # Rules that are new begin at the log's end, not where the generation went live.
        part = AlertsPart(names, stretch.begins if begun else {}, stretch.until or {}, need_same)
        return alerts_agent(self._worker, self._settings, self._broker, part, self._clock)

    def _find_stretch(self, stretches: Sequence[Stretch]) -> tuple[Stretch, bool]:
        """Return the first stretch that is not read to its end, and whether the group has read anything; blocking."""
        connection, group = self._broker.connection, alerts_group_of(self._settings.application)
        there = []
        for stretch in stretches:
            topic = Names(self._settings.topic_prefix, stretch.generation).entries
            if count := partition_count(connection, topic):
                there.append((stretch, topic, committed_offsets(connection, group, topic, range(count))))
            else:
                log.warning("alerts.generation_gone", topic=topic)
        if not any(committed for _, _, committed in there):
            return stretches[-1], False
        for stretch, topic, _ in there:
            if stretch.until is None:
                break
            begins = stretch.begins
            wanted = {at: Bounds(begins.get(at, 0), end) for at, end in stretch.until.items()}
            if not is_read(connection, group, topic, wanted):
                return stretch, True
        return stretches[-1], True
