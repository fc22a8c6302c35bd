"""Hub, archiver and catch-up on a log in memory, with subscribers that have no connection."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog
from gateway_harness import NOON, an_entry
from prometheus_client import CollectorRegistry

from schemas import Change, Status
from streams.archive import open_archive
from streams.gateway.config import GatewayConfig
from streams.gateway.delivery.archiver import Archiver
from streams.gateway.delivery.catch_up import CatchUp
from streams.gateway.delivery.cursor import encode_cursor
from streams.gateway.delivery.filters import Filter
from streams.gateway.delivery.hub import Hub
from streams.gateway.delivery.start import Start
from streams.gateway.metrics import GatewayMetrics
from streams.testing.entry_log import FakeLog, FakeTopic
from streams.testing.subscriber import FakeEncoder, FakeSubscriber

GONE: dict[str, Any] = {"change": Change.RETRACTED, "status": Status.CANCELED, "body_text": None}


@dataclass
class Desk:
    """A hub over a topic in memory."""

    topic: FakeTopic
    folder: Path
    options: dict[str, Any]
    hub: Hub
    archiver: Archiver
    metrics: GatewayMetrics
    config: GatewayConfig

    def publish(self, number: int, revision: int = 1, partition: int = 0, **fields: Any) -> None:
        """Write an entry's revision to the log."""
        self.topic.append(an_entry(number, revision, **fields).to_json(), partition)

    async def delivered(self) -> None:
        """Wait until all that was written is delivered."""
        async with asyncio.timeout(20):
            while any(self.hub.position.get(each, 0) < end for each, end in self.topic.next_offset.items()):
                await asyncio.sleep(0)

    def catch_up(self, subscriber: FakeSubscriber) -> CatchUp:
        """Return what brings a subscriber up to date."""
        return CatchUp(self.hub, self.config, self.metrics, subscriber)

    async def subscribe(self, start: Start | None = None, **fields: Any) -> FakeSubscriber:
        """Return a subscriber that is live."""
        subscriber = FakeSubscriber(**fields)
        self.hub.connected.add(subscriber)
        async with asyncio.timeout(20):
            await self.catch_up(subscriber).run(start or begin())
        return subscriber


def begin(cursor: str | None = None, **fields: Any) -> Start:
    """Return where to begin; live without anything."""
    return Start(**{"cursor": cursor, "since": None, "latest": False, **fields})


async def a_desk(folder: Path, topic: FakeTopic, **options: Any) -> Desk:
    """Start a hub and its archiver."""

    async def identity() -> str:
        return "the log"

    config = GatewayConfig(
        kafka={}, log_identity=identity, archive=f"sqlite:///{folder}/a.db", registry=CollectorRegistry(),
        log=structlog.get_logger(), **options,
    )  # fmt: skip
    metrics = GatewayMetrics(config.registry)
    hub = Hub(config, metrics)
    archiver = Archiver(
        hub,
        identity=identity,
        make_log=lambda: FakeLog(topic),
        make_archive=lambda: open_archive(config.archive, config.log),
        metrics=metrics,
        log=config.log,
        tracing=config.tracing,
    )
    await hub.start()
    await archiver.start()
    async with asyncio.timeout(20):
        await hub.caught_up.wait()
    return Desk(topic, folder, options, hub, archiver, metrics, config)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """Run a hub whose memory holds five revisions, so that much comes from the archive."""
    made = await a_desk(tmp_path, FakeTopic(), window_count=5, page_size=7, cursor_wait=0.1)
    yield made
    await made.hub.stop()
    await made.archiver.stop()


async def test_equal_subscribers_get_the_same_bytes(desk: Desk) -> None:
    """Each event is encoded once for all who want the same in the same words, and once more for other words."""
    first, second, other = [await desk.subscribe(encoder=FakeEncoder(name)) for name in ("a", "a", "b")]
    narrow = await desk.subscribe(wanted=Filter(coverages=frozenset({"election"})))
    before = [len(each.writes) for each in (first, second, other, narrow)]

    desk.publish(1)
    await desk.delivered()

    one, same, own = (each.writes[-1] for each in (first, second, other))
    assert one is same
    assert own == one
    assert [len(each.writes) for each in (first, second, other, narrow)] == [*(n + 1 for n in before[:3]), before[3]]


async def test_one_who_resumes_gets_what_it_missed_and_then_what_is_live(desk: Desk) -> None:
    """From memory or archive alike: nothing is missing, nothing comes twice, whatever is published meanwhile."""
    start = await desk.subscribe()
    cursor = start.cursors[-1]
    for number in range(40):
        desk.publish(number, partition=number % 3)
    await desk.delivered()

    resumed = FakeSubscriber()
    running = asyncio.create_task(desk.catch_up(resumed).run(begin(cursor)))
    for number in range(40, 60):
        desk.publish(number, partition=number % 3)
        await asyncio.sleep(0)
    await running
    await desk.delivered()

    seen = [detail for what, detail in resumed.told if what == "entry"]
    assert resumed.told[0] == ("began", "resume")
    assert len(seen) == len(set(seen))
    assert set(seen) == {f"Update {number}:1" for number in range(60)}


async def test_what_the_archive_does_not_take_is_lag(desk: Desk) -> None:
    """An archive that can't be written (a full disk, a lock) leaves revisions waiting, and the metric says how many."""

    def lag() -> float:
        return sum(desk.metrics.lag.labels(str(partition))._value.get() for partition in range(3))

    with closing(sqlite3.connect(desk.folder / "a.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for number in range(4):
            desk.publish(number, partition=number % 2)
        async with asyncio.timeout(120):
            while desk.hub.not_ready() is None or lag() != 4:
                await asyncio.sleep(0.01)
        other.execute("ROLLBACK")
    await desk.delivered()
    async with asyncio.timeout(60):
        while lag():
            await asyncio.sleep(0.01)


async def test_each_cursor_continues_exactly_after_its_entry(desk: Desk) -> None:
    """Whichever of its cursors a client comes back with, it gets the rest."""
    first = await desk.subscribe()
    for number in range(12):
        desk.publish(number, partition=number % 3)
    await desk.delivered()
    entries = [(told[1], cursor) for told, cursor in zip(first.told, first.cursors, strict=True) if told[0] == "entry"]

    for place, (_, cursor) in enumerate(entries):
        again = await desk.subscribe(begin(cursor))
        seen = [detail for what, detail in again.told if what == "entry"]
        assert sorted(seen) == sorted(detail for detail, _ in entries[place + 1 :])


@pytest.mark.parametrize("cursor", ["garbled", "AAAA"])
async def test_what_cannot_be_continued_is_told_before_the_state(desk: Desk, cursor: str) -> None:
    """The newest revision of each entry, without cursors, retracted ones not among them; then the live cursor."""
    desk.publish(1)
    desk.publish(2)
    desk.publish(1, 2)
    desk.publish(2, 2, **GONE)
    await desk.delivered()

    told = await desk.subscribe(begin(cursor))

    assert [what for what, _ in told.told] == ["began", "incomplete", "entry", "live"]
    assert told.told[0] == ("began", "incomplete")
    assert told.told[2] == ("entry", "Update 1:2")
    assert [bool(each) for each in told.cursors] == [False, False, False, True]


async def test_a_cursor_ahead_of_the_log_is_waited_for_a_moment(desk: Desk) -> None:
    """Another gateway may be a little ahead; a log that lost its end never comes so far."""
    ahead = encode_cursor(desk.hub.tag, {0: 1, 1: 0, 2: 0})
    subscriber = FakeSubscriber()
    running = asyncio.create_task(desk.catch_up(subscriber).run(begin(ahead)))
    await asyncio.sleep(0)
    desk.publish(1)
    await running
    lost = await desk.subscribe(begin(encode_cursor(desk.hub.tag, {0: 99, 1: 0, 2: 0})))

    assert [what for what, _ in subscriber.told] == ["began", "live"]
    assert ("began", "incomplete") in lost.told


async def test_who_reads_too_slowly_is_dropped_and_others_are_not_slowed(desk: Desk) -> None:
    """What is live waits for nobody."""
    slow, quick = await desk.subscribe(), await desk.subscribe()
    slow.stall()

    desk.publish(1)
    await desk.delivered()

    assert slow.dropped
    assert quick.told[-1] == ("entry", "Update 1:1")


async def test_what_is_missed_waits_for_the_client_in_pieces(desk: Desk) -> None:
    """One that does not read while it catches up is handed a piece, not all; dropped, it ends."""
    for number in range(40):
        desk.publish(number, body_text="x" * 20_000)
    await desk.delivered()
    stalled = FakeSubscriber(encoder=Whole())
    stalled.stall()
    running = asyncio.create_task(desk.catch_up(stalled).run(begin(encode_cursor(desk.hub.tag, {0: 0, 1: 0, 2: 0}))))
    await asyncio.sleep(0.1)

    assert sum(map(len, stalled.writes)) < 200_000
    stalled.drop()
    async with asyncio.timeout(10):
        await running
    assert not stalled.is_live


class Whole(FakeEncoder):
    """Passes the value on."""

    def entry(self, value: bytes, *_: Any) -> bytes:
        """Return it."""
        return value


async def test_what_left_a_filter_is_told_as_that(desk: Desk) -> None:
    """Live and over a resume alike; who never had the entry hears nothing."""
    fires = Filter(key_event=True)
    live = await desk.subscribe(wanted=fires)
    cursor = live.cursors[-1]
    for number, revision, key in ((1, 1, True), (2, 1, False), (1, 2, False), (2, 2, False)):
        desk.publish(number, revision, key_event=key)
    await desk.delivered()
    resumed = await desk.subscribe(begin(cursor), wanted=fires)

    expected = [("entry", "Update 1:1"), ("left", "Update 1:2")]
    assert [told for told in live.told if told[0] in ("entry", "left")] == expected
    assert [told for told in resumed.told if told[0] in ("entry", "left")] == expected


async def test_alerts_reach_those_who_asked_for_them(desk: Desk) -> None:
    """And of the coverages that they follow."""
    deaf, all_of_them = await desk.subscribe(), await desk.subscribe(alerts=True)
    other = await desk.subscribe(alerts=True, wanted=Filter(coverages=frozenset({"election"})))

    desk.hub.deliver_alert(b"{}", "harbour-fire")

    assert [any(what == "alert" for what, _ in each.told) for each in (deaf, all_of_them, other)] == [
        False, True, False,
    ]  # fmt: skip


async def test_a_log_that_was_cut_sends_its_readers_away(tmp_path: Path) -> None:
    """They come back with a cursor that can't be continued, and are told so."""
    topic = FakeTopic()
    desk = await a_desk(tmp_path, topic, cursor_wait=0.1)
    cursor = (await desk.subscribe()).cursors[-1]
    await desk.hub.stop()
    await desk.archiver.stop()
    for number in range(5):
        desk.publish(number)
    topic.cut(0, 3)
    again = await a_desk(tmp_path, topic, cursor_wait=0.1)
    told = await again.subscribe(begin(cursor))
    await again.hub.stop()
    await again.archiver.stop()

    assert [what for what, _ in told.told] == ["began", "incomplete", "entry", "entry", "live"]


async def test_a_record_that_is_no_entry_is_passed_over(desk: Desk) -> None:
    """It is counted, and what follows is delivered."""
    live = await desk.subscribe()
    desk.topic.append(b"no json")
    desk.topic.append(None)
    desk.publish(1)
    await desk.delivered()

    assert live.told[-1] == ("entry", "Update 1:1")
    assert desk.metrics.unreadable._value.get() == 2


async def test_a_hub_that_stops_sends_all_away(tmp_path: Path) -> None:
    """Politely first; who is not gone after a moment is cut off."""
    desk = await a_desk(tmp_path, FakeTopic())
    subscriber = await desk.subscribe()
    stopping = asyncio.create_task(desk.hub.stop())
    await asyncio.sleep(0)
    assert subscriber.sent_away
    desk.hub.connected.discard(subscriber)
    await stopping
    await desk.archiver.stop()

    assert not subscriber.dropped


async def test_one_whose_past_is_pruned_while_it_catches_up_is_told(desk: Desk) -> None:
    """By this gateway or another: what it was about to be given is gone, so it gets the state that stands instead."""
    cursor = (await desk.subscribe()).cursors[-1]
    for number in range(40):
        desk.publish(number, received_at=NOON if number < 30 else NOON.replace(year=2030))
    await desk.delivered()

    class WhilePruning(FakeSubscriber):
        """Has room once the archive was pruned."""

        async def room(self) -> bool:
            """Prune what is old; returns whether that took a turn of the loop."""
            return await desk.hub.archive.prune(int(NOON.replace(year=2025).timestamp() * 1000)) > 0

    subscriber = WhilePruning()
    async with asyncio.timeout(20):
        await desk.catch_up(subscriber).run(begin(cursor))

    kinds = [what for what, _ in subscriber.told]
    place = kinds.index("incomplete")
    assert kinds[0] == "began"
    assert 0 < kinds[:place].count("entry") < 30
    assert sorted(detail for what, detail in subscriber.told[place:] if what == "entry") == sorted(
        f"Update {number}:1" for number in range(30, 40)
    )
    assert kinds[-1] == "live"
