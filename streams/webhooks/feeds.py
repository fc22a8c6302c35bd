"""Brings records to the webhooks: one reader at the log's end for all, and one more for each that is behind."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import structlog

from streams.archive.state import Deliveries, Positions, SeenEntries, State
from streams.archive.state.positions import Place
from streams.exceptions import BrokerError
from streams.webhooks.intake import Intake
from streams.webhooks.lane import Lane
from streams.webhooks.metrics import DelivererMetrics
from streams.webhooks.queue import StateQueue
from streams.webhooks.reader import LogReader, opened
from streams.webhooks.stretches import Piece

_CATCHING_UP_AT_ONCE: Final = 4
_LOOK_FOR_PARTITIONS_SECONDS: Final = 10.0


@dataclass(slots=True)
class Feeds:
    """The readers of a deliverer while it holds the lease."""

    kafka: Mapping[str, Any]
    topics: tuple[str, ...]
    intake: Intake
    queue: StateQueue
    state: State
    by_time: bool
    """Whether the broker can say where a time begins."""
    metrics: DelivererMetrics
    log: structlog.stdlib.BoundLogger
    pieces: Sequence[Piece] = ()
    """All pieces of the entries, the last of which is read here; without any there is but one."""
    _live: dict[str, Lane] = field(default_factory=dict)
    _position: dict[Place, int] | None = None
    """Up to where the live reader has brought everything."""
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held from the look at who is live until the position after a batch: nobody joins or leaves in between."""
    _behind: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_CATCHING_UP_AT_ONCE))

    async def run(self) -> None:
        """Read new records for all live webhooks; raises what Kafka and the state database raise."""
        reader = await opened(self.kafka, self.topics)
        loop = asyncio.get_running_loop()
        try:
            self._position = await reader.ends()
            reader.seek(self._position)
            look_at = loop.time() + _LOOK_FOR_PARTITIONS_SECONDS
            while True:
                records = await reader.read()
                async with self._turn:
                    position = await reader.position()
                    await self._take(list(self._live.values()), records, position)
                    self._position = position
                if loop.time() >= look_at:
                    look_at = loop.time() + _LOOK_FOR_PARTITIONS_SECONDS
                    if await reader.grown():
                        raise BrokerError("the topics have other partitions than before; reading begins anew")
        finally:
            await reader.stop()

    async def bring(self, lane: Lane) -> None:
        """Read from where a webhook is until it has what the live reader has, then make it live."""
        async with self._behind:
            await self._finish_former(lane)
            reader = await opened(self.kafka, self.topics)
            try:
                lane.position = await self._begin(lane, reader)
                lane.begun.set()
                reader.seek(lane.position)
                while not await self._joined(lane):
                    records = await reader.read()
                    await self._take([lane], records, await reader.position())
            finally:
                await reader.stop()

    async def _finish_former(self, lane: Lane) -> None:
        """Bring what former generations told until they were stopped, and go on where the next one says."""
        kept = [await self.queue.call(Positions(self.state).of, lane.webhook.owner, piece.log) for piece in self.pieces]
        here = [number for number, places in enumerate(kept) if places]
        for number in range(here[-1] if here else len(self.pieces), len(self.pieces) - 1):
            piece, following = self.pieces[number], self.pieces[number + 1]
            position = {at: kept[number].get((piece.topic, at), piece.begins.get(at, 0)) for at in piece.until or {}}
            await self._read_to_its_end(lane, piece, position)
            begins = {(following.topic, at): offset for at, offset in following.begins.items()}
            await self.queue.call(self._go_over, lane, following.log, begins)

    async def _read_to_its_end(self, lane: Lane, piece: Piece, position: Mapping[int, int]) -> None:
        reader = LogReader(self.kafka, [piece.topic])
        await reader.start()
        try:
            begins, until = await reader.begins(), {(piece.topic, at): end for at, end in (piece.until or {}).items()}
            lane.position = {
                place: min(max(position[place[1]], begins.get(place, 0)), end) for place, end in until.items()
            }
            intake = replace(self.intake, entries=piece.topic, log_of={piece.topic: piece.log}, prefix=piece.prefix)
            reader.seek({**begins, **lane.position})
            while any(lane.position[place] < end for place, end in until.items()):
                records = [
                    each for each in await reader.read() if each.offset < until.get((each.topic, each.partition), 0)
                ]
                ahead = {
                    place: min(at, until[place]) for place, at in (await reader.position()).items() if place in until
                }
                moved = await self.queue.call(intake.take, [lane], records, ahead)
                lane.position.update(moved.get(lane.webhook.id, {}))
                lane.wake()
        finally:
            await reader.stop()

    def _go_over(self, lane: Lane, log: str, begins: Mapping[Place, int]) -> None:
        with self.state.write() as connection:
            self.intake.lease.need(connection)
            SeenEntries.count_anew(connection, lane.webhook.id)
            Positions.put(connection, lane.webhook.owner, log, begins)
        lane.position = {}

    async def leave(self, webhook_id: str) -> None:
        """Stop bringing records to a webhook."""
        async with self._turn:
            self._live.pop(webhook_id, None)

    async def _joined(self, lane: Lane) -> bool:
        async with self._turn:
            live = self._position
            if live is None or any(lane.position.get(place, 0) < at for place, at in live.items()):
                return False
            self._live[lane.webhook.id] = lane
            return True

    async def _take(self, lanes: list[Lane], records: list[Any], position: Mapping[Place, int]) -> None:
        if not records and all(lane.position.get(place, 0) >= at for lane in lanes for place, at in position.items()):
            return
        moved = await self.queue.call(self.intake.take, lanes, records, position)
        for lane in lanes:
            lane.position.update(moved.get(lane.webhook.id, {}))
            lane.wake()

    async def _begin(self, lane: Lane, reader: LogReader) -> dict[Place, int]:
        """Return where a webhook goes on, or begins: then its place is kept at once."""
        webhook = lane.webhook
        begins, ends = await reader.begins(), await reader.ends()
        since = await reader.at(webhook.since) if self.by_time else begins
        position: dict[Place, int] = {}
        fresh = False
        for topic, log in self.intake.log_of.items():
            kept = await self.queue.call(Positions(self.state).of, webhook.owner, log)
            own = [place for place in reader.places if place[0] == topic]
            known = any(place in kept for place in own)
            fresh = fresh or not known
            for place in own:
                # A partition that was added to a topic is new from its beginning on.
                position[place] = kept.get(place, begins[place]) if known else since[place]
        for place, at in position.items():
            if at < begins[place]:
                self.metrics.missing.inc(begins[place] - at)
                self.log.warning(
                    "webhook.records_missing", webhook=webhook.id, topic=place[0], partition=place[1], expected=at,
                    begins=begins[place],
                )  # fmt: skip
                position[place] = begins[place]
            elif at > ends[place]:
                self.log.error(
                    "webhook.log_cut", webhook=webhook.id, topic=place[0], partition=place[1], expected=at,
                    ends=ends[place],
                )  # fmt: skip
                position[place] = ends[place]
        if fresh:
            await self.queue.call(self._keep_begin, lane, position)
        return position

    def _keep_begin(self, lane: Lane, position: Mapping[Place, int]) -> None:
        webhook = lane.webhook
        with self.state.write() as connection:
            self.intake.lease.need(connection)
            if webhook.recovery:
                Deliveries.take_back(connection, webhook.id, position)
            Positions.forget(connection, f"webhook:{webhook.id}:", but=webhook.owner)
            for topic, log in self.intake.log_of.items():
                own = {place: at for place, at in position.items() if place[0] == topic}
                Positions.put(connection, webhook.owner, log, own)
