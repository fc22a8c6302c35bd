"""Reads of aiokafka's consumer that say where each began and ended, so that a gap between two of them shows.

aiokafka moves a partition's position when records are taken from it, whatever becomes of the records. Offsets alone
don't tell whether some were lost: control records and aborted ones leave gaps too. The position before and after does.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import ConsumerStoppedError
from faust.types import TP

from streams.runtime.batch import RawRecord


@dataclass(eq=False, slots=True)
class _Run:
    """Consecutive reads of a partition: none sought, none reset in between."""

    start: int
    """Where the next records handed out begin: before the control and aborted records that were passed over."""
    end: int


@dataclass(frozen=True, slots=True)
class Read:
    """What one read brought for a partition: every visible record from `start` up to `end`."""

    tp: TP
    start: int
    end: int
    records: Sequence[RawRecord]
    run: _Run | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a partition is read."""

    read: int
    """Where the last records that were handed out ended."""
    position: int
    """Where the next read begins: behind the control and aborted records that followed them."""
    end: int
    """The last stable offset as of the last fetch."""


class Reads:
    """Takes records from one consumer, in the consumer's own loop.

    It uses aiokafka's fetcher, as Faust does: the public `getmany` can't be asked for the position a record came from.
    """

    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        self._consumer = consumer
        self._runs: dict[TP, _Run] = {}

    def seek(self, tp: TP, offset: int) -> None:
        """Read from this offset next."""
        self._consumer.seek(TopicPartition(*tp), offset)
        self._runs[tp] = _Run(offset, offset)

    def put_back(self, read: Read) -> None:
        """Read these records again next; without effect if the partition was sought or went away since."""
        if self._runs.get(read.tp) is read.run and self._position(read.tp) is not None:
            self.seek(read.tp, read.start)

    def progress(self, tp: TP) -> Progress | None:
        """Return how far a partition is read, or None before its first fetch."""
        run, position = self._runs.get(tp), self._position(tp)
        if run is None or position is None:
            return None
        end = self._consumer.last_stable_offset(TopicPartition(*tp))
        return None if end is None else Progress(run.start, position, end)

    async def fetch(self, tps: Collection[TP], wait: float, wake: asyncio.Event) -> list[Read]:
        """Return what has arrived for these partitions, or nothing after `wait` seconds or a wake-up.

        While it is asked for anything, aiokafka takes its user for alive; one that asks for nothing during
        `max_poll_interval_ms` leaves the group, and does not come back before it asks again.

        The wake-up is cleared at the end: who is told of the end looks anew at what has led to it. Cleared at the
        beginning, one that came just before would be lost.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + wait
        fetcher = self._consumer._fetcher  # noqa: SLF001
        with self._consumer._subscription.fetch_context():  # noqa: SLF001
            while not (reads := await self._take(tps)) and not wake.is_set() and (left := deadline - loop.time()) > 0:
                arrival, waking = fetcher._create_fetch_waiter(), asyncio.ensure_future(wake.wait())  # noqa: SLF001
                try:
                    await asyncio.wait({arrival, waking}, timeout=left, return_when=asyncio.FIRST_COMPLETED)
                    if arrival.done():
                        arrival.result()  # an error of the group, such as a refused authorisation
                finally:
                    arrival.cancel()
                    waking.cancel()
        wake.clear()
        return reads

    async def _take(self, tps: Collection[TP]) -> list[Read]:
        """Take what has arrived, without waiting: so nothing moves a position between the two looks at it."""
        if not tps:
            return []  # aiokafka would take from all
        fetcher, subscription = self._consumer._fetcher, self._consumer._subscription  # noqa: SLF001
        if fetcher._closed:  # noqa: SLF001
            raise ConsumerStoppedError
        if subscription.reassignment_in_progress:
            return []  # aiokafka would wait for its end
        before = {tp: self._position(tp) for tp in tps}
        found = await fetcher.fetched_records({TopicPartition(*tp) for tp in tps}, timeout=0)
        reads = []
        for tp, start in before.items():
            end = self._position(tp)
            if start is None or end is None:
                continue
            run = self._runs.get(tp)
            if run is None or run.end != start:  # aiokafka itself has moved it: a new assignment, or a reset
                run = self._runs[tp] = _Run(start, start)
            run.end = end
            if records := found.get(TopicPartition(*tp)):
                reads.append(Read(tp, run.start, end, records, run))
                run.start = end
        return reads

    def _position(self, tp: TP) -> int | None:
        subscription = self._consumer._subscription.subscription  # noqa: SLF001
        assignment = subscription.assignment if subscription else None
        state = assignment.state_value(TopicPartition(*tp)) if assignment else None
        position: int | None = state.position if state and state.has_valid_position else None
        return position
