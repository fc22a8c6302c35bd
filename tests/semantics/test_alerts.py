"""The agent alerts: whatever is killed, stalled or started again, each alert revision stands on the topic once."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest
from faust.types import TP
from semantics.test_delivery import Fault, die, fail
from semantics.worlds import Owner, World

from schemas import Entry, Newsroom
from streams.agents.alerts import ON_THE_WAY, AlertsAgent
from streams.alerts import Engine
from streams.alerts.memory import Memory
from streams.runtime.limits import TransactionLimits
from streams.testing import FakeClock

STEPS = ("begin", "sent", "offset", "committed")
START = FakeClock()()
RULES = [
    {"id": "fire", "when": "entry.breaking", "cooldown": "10m", "over_after": "6h"},
    {"id": "quiet", "silence": "20m", "sources": ["evening-post"]},
]
NEWSROOM = Newsroom.model_validate(
    {
        "coverages": [
            {"id": f"coverage-{n}", "sources": [{"id": "evening-post" if not n else f"s{n}"}]} for n in (0, 1)
        ],
        "alerts": RULES,
    }
)


class AlertsOwner(Owner):
    """One worker's parts for the agent alerts."""

    name = "alerts"
    agent: AlertsAgent

    def make(self, **options: Any) -> None:
        """Make the agent."""
        self.agent = AlertsAgent(
            self.world.names, self.ownership, self.metrics, options.pop("clock", None) or self.clock, **options
        )

    async def load(self, tp: TP) -> Engine:
        """Return the rules with what they remember."""
        self.loads.append(tp.partition)
        memory = await self.world.load(self.world.names.alerts_memory, tp.partition, Memory())
        return Engine(NEWSROOM, memory=memory)


@pytest.fixture
def world(world: World) -> World:
    """Be the agent's world."""
    world.read_by_alerts()
    return world


def entry(number: int, minutes: float, *, breaking: bool = True, **fields: Any) -> Entry:
    """Return a new entry of coverage 0, received so many minutes after the start."""
    received = START + timedelta(minutes=minutes)
    return Entry.model_validate(
        {
            "entry_id": f"entry-{number}", "revision": 1, "change": "created", "status": "usable",
            "coverage_id": "coverage-0", "source_id": "evening-post", "headline": f"Fire {number}",
            "received_at": received, "processed_at": received, "published_at": received, "breaking": breaking,
            **fields,
        }
    )  # fmt: skip


async def publish(world: World, *entries: Entry, partition: int = 0) -> None:
    """Write entries as the agent entries does."""
    for each in entries:
        time = int(each.received_at.timestamp() * 1000)
        await world.append(partition, each.entry_id.encode(), each.to_json(), [("traceparent", b"00-1-2-01")], time)


async def raised(world: World, partition: int = 0) -> list[tuple[str, int, str, str]]:
    """Return what stands on `liveline.alerts`: rule, revision, change and what the newest cause says."""
    found = [orjson.loads(record.value) for record in await world.read(world.names.alerts, partition)]
    for one in found:
        assert found.count(one) == 1
    return [(a["rule_id"], a["revision"], a["change"], a.get("entry", {}).get("headline", "")) for a in found]


def undisturbed(entries: Sequence[Entry]) -> list[tuple[str, int, str, str]]:
    """Return what the rules make of entries when nothing goes wrong."""
    engine = Engine(NEWSROOM)
    alerts = [alert for each in entries for alert in engine.see(each)]
    return [(a.rule_id, a.revision, a.change, (a.entry and a.entry.headline) or "") for a in alerts]


async def test_an_alert_stands_whole_with_the_memory_and_the_offset(world: World) -> None:
    """It has its key, the time of what led to it, its headers, and lies in the partition of its coverage."""
    async with world.at_work(AlertsOwner) as owner:
        await publish(world, entry(1, 0), partition=1)
        await owner.work()

    (record,) = await world.read(world.names.alerts, 1)
    alert, headers = orjson.loads(record.value), dict(record.headers)
    assert (record.key.decode(), record.timestamp) == (alert["alert_id"], int(START.timestamp() * 1000))
    assert (headers["ce_id"].decode(), headers["ce_type"]) == (f"{alert['alert_id']}:1", b"liveline.alert.v1")
    assert (headers["ce_subject"], headers["traceparent"]) == (b"coverage-0", b"00-1-2-01")
    assert await world.read(world.names.alerts_memory, 1)
    assert await world.committed(1) == 1
    assert owner.metrics.registry.get_sample_value(
        "liveline_alerts_total", {"change": "raised", "held_back": ""}
    ) == pytest.approx(1)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("fault", [fail, die])
async def test_no_step_that_fails_loses_or_doubles_an_alert(world: World, step: str, fault: Any) -> None:
    """Whether a transaction fails or its worker is killed, at each step: the topic has what an undisturbed run has."""
    entries = [entry(1, 0), entry(2, 5), entry(3, 11), entry(4, 12), entry(5, 50)]
    faulty = Fault(step, fault)
    async with world.at_work(AlertsOwner, faulty) as owner:
        await publish(world, *entries[:2])
        await owner.work()
        faulty.armed = True
        await publish(world, *entries[2:4])
        try:
            await owner.work()
        except asyncio.CancelledError:
            await owner.ownership.stop()
    async with world.at_work(AlertsOwner) as next_owner:
        await publish(world, entries[4])
        await next_owner.work()

    assert await raised(world) == undisturbed(entries)
    assert not faulty.armed


@pytest.mark.parametrize("step", ["begin", "sent", "offset"])
async def test_a_stalled_owner_is_fenced(world: World, step: str) -> None:
    """An owner that wakes within its transaction after a take-over adds nothing."""
    stalled, wake = asyncio.Event(), asyncio.Event()

    async def stall() -> None:
        stalled.set()
        await wake.wait()

    stalling = Fault(step, stall)
    entries = [entry(1, 0), entry(2, 5), entry(3, 11)]
    async with world.at_work(AlertsOwner, stalling) as former:
        stalling.armed = True
        await publish(world, entries[0])
        work = asyncio.create_task(former.work())
        await stalled.wait()
        async with world.at_work(AlertsOwner) as present:
            await publish(world, *entries[1:])
            await present.work()
            stopping = asyncio.create_task(former.ownership.assign(()))
            wake.set()
            await stopping
            await work
            await present.work()

    assert await raised(world) == undisturbed(entries)


async def test_a_silence_is_raised_by_the_clock_once_and_at_its_own_time(world: World) -> None:
    """Nothing comes any more: the clock leads to it, its time is the document's and the rule's, over a restart too."""
    async with world.at_work(AlertsOwner) as owner:
        await publish(world, entry(1, 0, breaking=False))
        await owner.work()
        owner.clock.advance(timedelta(minutes=20) + ON_THE_WAY - timedelta(seconds=1))
        await owner.agent.tick()
        assert await raised(world) == []
        owner.clock.advance(timedelta(seconds=10))
        await owner.agent.tick()
        await owner.agent.tick()
    async with world.at_work(AlertsOwner) as next_owner:
        next_owner.clock.advance(timedelta(hours=1))
        await next_owner.work()
        await next_owner.agent.tick()

    assert await raised(world) == [("quiet", 1, "raised", "")]
    (record,) = await world.read(world.names.alerts)
    assert record.timestamp == int((START + timedelta(minutes=20)).timestamp() * 1000)


async def test_the_clock_waits_until_every_entry_is_seen(world: World) -> None:
    """After a stop, the entries that came meanwhile decide: their source was not silent."""
    async with world.at_work(AlertsOwner) as owner:
        await publish(world, entry(1, 0, breaking=False))
        await owner.work()
    await publish(world, *(entry(n, 15 * n - 15, breaking=False) for n in range(2, 8)))  # up to minute 90
    async with world.at_work(AlertsOwner, limits=TransactionLimits(records=1)) as owner:
        owner.clock.advance(timedelta(minutes=95))
        for _ in range(3):
            await owner.agent.tick()  # before anything is fetched, and with what is fetched not yet processed
            batches = await owner.fetch()
            await owner.agent.tick()
            for batch in batches:
                await owner.agent.process(batch)
        await owner.work()
        await owner.agent.tick()

    assert await raised(world) == []


async def test_what_is_no_entry_is_passed_over(world: World) -> None:
    """A record of others on the topic stops nothing."""
    async with world.at_work(AlertsOwner) as owner:
        await world.append(0, b"x", b"no JSON", [])
        await world.append(0, b"x", None, [])
        await publish(world, entry(1, 0))
        await owner.work()
        assert owner.metrics.registry.get_sample_value(
            "liveline_alert_entries_passed_over_total", {"reason": "unreadable"}
        ) == pytest.approx(2)

    assert await raised(world) == [("fire", 1, "raised", "Fire 1")]


async def test_an_entry_that_makes_the_rules_raise_is_passed_over(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug of ours costs that entry's alert, after it has raised twice alone; what the rules knew before stays."""
    see = Engine.see

    def broken(self: Engine, seen: Entry) -> Any:
        alerts = see(self, seen)
        if seen.entry_id == "entry-2":
            raise ZeroDivisionError
        return alerts

    monkeypatch.setattr(Engine, "see", broken)
    entries = [entry(1, 0), entry(2, 5), entry(3, 11)]
    async with world.at_work(AlertsOwner) as owner:
        await publish(world, *entries)
        await owner.work()
        assert owner.metrics.registry.get_sample_value(
            "liveline_alert_entries_passed_over_total", {"reason": "failed"}
        ) == pytest.approx(1)
    monkeypatch.undo()

    assert await raised(world) == undisturbed([entries[0], entries[2]])


async def test_a_timer_that_raises_does_not_stop_the_entries(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is tried again after ten minutes."""
    broken = [True]
    advance = Engine.advance

    def fragile(self: Engine, coverage: str, to: datetime) -> Any:
        if broken:
            raise ZeroDivisionError
        return advance(self, coverage, to)

    monkeypatch.setattr(Engine, "advance", fragile)
    async with world.at_work(AlertsOwner) as owner:
        await publish(world, entry(1, 0, breaking=False))
        await owner.work()
        owner.clock.advance(timedelta(minutes=21))
        await owner.agent.tick()
        await owner.work()
        await owner.agent.tick()
        assert owner.count("liveline_partition_restarts_total", reason="ZeroDivisionError") == 1
        broken.clear()
        owner.clock.advance(timedelta(minutes=11))
        await owner.agent.tick()

    assert await raised(world) == [("quiet", 1, "raised", "")]
