"""Tells people: reads the alerts and runs a lane a sink, as long as the deliverer holds its lease."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import structlog

from schemas.newsroom import Newsroom
from streams.archive.state import Lease, Positions, SinkDeliveries, SinkStates, SinkStatus, State
from streams.archive.state.positions import Place
from streams.exceptions import BrokerError
from streams.runtime.clock import Clock, system_clock
from streams.sinks.book import Book
from streams.sinks.intake import OWNER, Intake
from streams.sinks.lane import Lane
from streams.sinks.metrics import SinkMetrics
from streams.sinks.route import Routes
from streams.sinks.rules import SinkRules
from streams.sinks.targets import Target
from streams.webhooks.queue import StateQueue
from streams.webhooks.reader import LogReader, opened
from streams.webhooks.schedule import Schedule
from streams.webhooks.tasks import Tasks

_COUNT_SECONDS: Final = 5.0
_LOOK_FOR_PARTITIONS_SECONDS: Final = 10.0
_PRUNE_SECONDS: Final = 3600.0
_KEPT: Final = timedelta(days=30)
_WAITS: Final = (SinkStatus.PENDING, SinkStatus.QUIET, SinkStatus.DIGEST, SinkStatus.MOST)


@dataclass(frozen=True, slots=True)
class TellerConfig:
    """Everything that telling needs."""

    kafka: Mapping[str, Any]
    """Keyword arguments of every aiokafka client."""
    log_identity: Callable[[str], Awaitable[str | None]]
    """Which log a topic is; None while there is no such topic."""
    topic: str
    """The alerts' one."""
    state: State
    newsroom: Newsroom
    targets: Mapping[str, Target]
    """Of each sink of the newsroom."""
    schedule: Schedule
    timeout: timedelta
    by_time: bool = True
    """Whether the broker can say where a time begins; the embedded one can't."""
    clock: Clock = system_clock
    log: structlog.stdlib.BoundLogger = field(default_factory=structlog.get_logger)


class Teller:
    """The sinks of a deliverer."""

    def __init__(self, config: TellerConfig, metrics: SinkMetrics) -> None:
        """Nothing connects before `run`."""
        self._config = config
        self._metrics = metrics
        self._rules = [SinkRules.of(sink) for sink in config.newsroom.sinks]
        self._routes = Routes.of(config.newsroom)

    async def run(self, lease: Lease, queue: StateQueue) -> None:
        """Tell while the lease is held, until it is cancelled; raises what Kafka and the state database raise."""
        config = self._config
        log_id = await config.log_identity(config.topic)
        if log_id is None:
            raise BrokerError(f"there is no topic {config.topic}: liveline topics create")
        intake = Intake(config.state, lease, self._routes, log_id, config.clock, self._metrics, config.log)
        # What another process was sending when it ended: nobody knows whether the sink has it.
        if in_doubt := await queue.call(self._doubt, lease):
            config.log.warning("sink.in_doubt", revisions=in_doubt)
        lanes = {rules.id: self._lane(rules, lease, queue) for rules in self._rules}
        tasks = Tasks()
        try:
            for sink, lane in lanes.items():
                tasks.begin(lane.run(), f"sink-{sink}")
            tasks.begin(self._read(intake, queue, lanes), "sinks-read")
            tasks.begin(self._tend(lease, queue), "sinks-tend")
            await tasks.failed()
        finally:
            await tasks.end_all()

    def _lane(self, rules: SinkRules, lease: Lease, queue: StateQueue) -> Lane:
        config = self._config
        book = Book(config.state, lease, rules, config.schedule, config.clock, self._metrics)
        return Lane(book, config.targets[rules.id], queue, config.timeout, config.log)

    def _doubt(self, lease: Lease) -> int:
        with self._config.state.write() as connection:
            lease.need(connection)
            return SinkDeliveries.doubt(connection, self._config.clock())

    async def _read(self, intake: Intake, queue: StateQueue, lanes: Mapping[str, Lane]) -> None:
        reader = await opened(self._config.kafka, (self._config.topic,))
        loop = asyncio.get_running_loop()
        try:
            position = await self._begin(reader, intake.log_id, queue)
            reader.seek(position)
            look_at = loop.time() + _LOOK_FOR_PARTITIONS_SECONDS
            while True:
                records = await reader.read()
                after = await reader.position()
                if after != position:
                    for sink in await queue.call(intake.take, records, after):
                        lanes[sink].wake()
                    position = after
                if loop.time() >= look_at:
                    look_at = loop.time() + _LOOK_FOR_PARTITIONS_SECONDS
                    if await reader.grown():
                        raise BrokerError("the topic has other partitions than before; reading begins anew")
        finally:
            await reader.stop()

    async def _begin(self, reader: LogReader, log_id: str, queue: StateQueue) -> dict[Place, int]:
        """Return where the sinks go on; the first time, from what is not late for all of them."""
        config = self._config
        kept = await queue.call(Positions(config.state).of, OWNER, log_id)
        begins, ends = await reader.begins(), await reader.ends()
        if kept:
            position = {place: kept.get(place, begins[place]) for place in begins}
        elif config.by_time:
            position = await reader.at(config.clock() - max(rules.late for rules in self._rules))
        else:
            position = begins
        for place, at in position.items():
            if at < begins[place]:
                self._metrics.missing.inc(begins[place] - at)
                config.log.warning("sink.records_missing", topic=place[0], partition=place[1], expected=at,
                                   begins=begins[place])  # fmt: skip
            position[place] = min(max(at, begins[place]), ends[place])
        return position

    async def _tend(self, lease: Lease, queue: StateQueue) -> None:
        """Count what waits, and forget what is long over."""
        loop = asyncio.get_running_loop()
        prune_at = loop.time()
        while True:
            counts = await queue.call(SinkDeliveries(self._config.state).counts)
            states = await queue.call(SinkStates(self._config.state).all)
            for rules in self._rules:
                for status in _WAITS:
                    count = counts.get(rules.id, {}).get(status, 0)
                    self._metrics.waiting.labels(rules.id, status.value).set(count)
                since = states[rules.id].failing_since if rules.id in states else None
                self._metrics.failing.labels(rules.id).set(since.timestamp() if since else 0)
            if loop.time() >= prune_at:
                prune_at = loop.time() + _PRUNE_SECONDS
                await queue.call(self._prune, lease)
            await asyncio.sleep(_COUNT_SECONDS)

    def _prune(self, lease: Lease) -> None:
        with self._config.state.write() as connection:
            lease.need(connection)
            SinkDeliveries.prune(connection, self._config.clock() - _KEPT)
