"""Delivery: a batch's records, memory and offset are one, a partition has one owner, and nothing is lost or doubled."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
import pytest
from faust.types import TP
from semantics.worlds import PARTITIONS, Owner, World, until

from schemas.dead_letter import Stage
from streams.runtime.ledger.ledger import LedgerError

STEPS = ("begin", "sent", "offset")


def post(name: str, headline: str, **more: Any) -> bytes:
    """Return a pushed post."""
    return orjson.dumps({"id": name, "headline": headline, "published_at": "2026-01-01T08:00:00Z", **more})


class Fault:
    """Does something, once, when a transaction reaches a step after the fault was armed."""

    def __init__(self, step: str, do: Callable[[], Awaitable[object]]) -> None:
        self._step, self._do = step, do
        self.armed = False

    async def __call__(self, name: str) -> None:
        """Be told a step."""
        if self.armed and name == self._step:
            self.armed = False
            await self._do()


async def die() -> None:
    """End the agent where it stands, as a cancelled process would."""
    raise asyncio.CancelledError


async def fail() -> None:
    """Let the transaction fail."""
    raise LedgerError("the test lets this transaction fail")


async def test_a_batch_stands_whole_with_its_memory_and_offset(world: World) -> None:
    """After a commit the revisions, the newest of each, the memory and the next offset are there."""
    async with world.owner() as owner:
        await world.push(post("p1", "Fire"), post("p2", "Smoke"), post("p1", "Big fire"))
        await owner.work()

    assert await world.revisions() == [("p1", 1, "Fire"), ("p2", 1, "Smoke"), ("p1", 2, "Big fire")]
    newest = {record.key: orjson.loads(record.value)["headline"] for record in await world.read(world.names.latest)}
    assert sorted(newest.values()) == ["Big fire", "Smoke"]
    assert await world.read(world.names.memory)
    assert await world.committed() == 3


@pytest.mark.parametrize("step", STEPS)
async def test_a_transaction_that_fails_leaves_nothing_and_is_done_again(world: World, step: str) -> None:
    """Whatever step fails, the partition starts again from what is committed and each revision stands once."""
    failing = Fault(step, fail)
    async with world.owner(failing) as owner:
        await world.push(post("p1", "Fire"))
        await owner.work()
        failing.armed = True
        await world.push(post("p1", "Big fire"), post("p2", "Smoke"))
        await owner.work()

    assert await world.revisions() == [("p1", 1, "Fire"), ("p1", 2, "Big fire"), ("p2", 1, "Smoke")]
    assert owner.metrics.registry.get_sample_value(
        "liveline_partition_restarts_total", {"agent": "entries", "reason": "LedgerError"}
    ) == pytest.approx(1)


async def test_a_failing_partition_does_not_disturb_the_others(world: World) -> None:
    """While one partition fails again and again, the other goes on."""
    failing: set[int] = {0}

    async def at_step(name: str) -> None:
        task = asyncio.current_task()
        if name == "offset" and task and task.get_name() == "partition-0" and failing:
            raise LedgerError("the test lets partition 0 fail")

    async with world.owner(at_step) as owner:
        await world.push(post("p1", "Fire"), partition=0)
        await world.push(post("p2", "Smoke"), partition=1)
        async with asyncio.timeout(30):
            while not await world.revisions(1) or len(owner.loads) < PARTITIONS + 2:
                for batch in await owner.fetch():
                    name = f"partition-{batch.tp.partition}"
                    await asyncio.create_task(owner.agent.process(batch), name=name)
                await asyncio.sleep(0.01)

        assert await world.revisions(0) == []
        assert owner.loads.count(1) == 1
        failing.clear()
        await owner.work()

    assert await world.revisions(0) == [("p1", 1, "Fire")]
    assert await world.revisions(1) == [("p2", 1, "Smoke")]


@pytest.mark.parametrize("step", STEPS)
async def test_a_stalled_owner_is_fenced(world: World, step: str) -> None:
    """An owner that stalls within a transaction and wakes after a take-over commits nothing of it."""
    stalled, wake = asyncio.Event(), asyncio.Event()

    async def stall() -> None:
        stalled.set()
        await wake.wait()

    stalling = Fault(step, stall)
    async with world.owner(stalling) as former:
        stalling.armed = True
        await world.push(post("p1", "Fire"))
        (batch,) = [batch for batch in await _arrived(former) if batch.tp.partition == 0]
        work = asyncio.create_task(former.agent.process(batch))
        await stalled.wait()
        async with world.owner() as present:
            await present.work()
            await world.push(post("p1", "Big fire"))
            await present.work()
            wake.set()
            await work

            # What the former owner had begun was taken back; the present one goes on undisturbed.
            await world.push(post("p1", "Fire out"))
            assert not former.ownership.partitions[batch.tp].running
            await former.ownership.assign(())
            await present.work()

    assert await world.revisions() == [("p1", 1, "Fire"), ("p1", 2, "Big fire"), ("p1", 3, "Fire out")]


async def test_what_was_aborted_is_not_remembered(world: World) -> None:
    """A new owner loads only committed memory: what a killed one had written but not committed is new to it."""
    dying = Fault("offset", die)
    async with world.owner(dying) as killed:
        await world.push(post("p1", "Fire"))
        batches = await _arrived(killed)
        dying.armed = True
        with pytest.raises(asyncio.CancelledError):
            await killed.agent.process(batches[0])
        await killed.ownership.stop()
    assert await world.revisions() == []

    async with world.owner() as next_owner:
        await next_owner.work()
    assert await world.revisions() == [("p1", 1, "Fire")]


async def test_a_crash_after_the_commit_doubles_nothing(world: World) -> None:
    """What is committed but not yet known to its owner is known to the next one."""
    dying = Fault("committed", die)
    async with world.owner(dying) as killed:
        await world.push(post("p1", "Fire"))
        batches = await _arrived(killed)
        dying.armed = True
        with pytest.raises(asyncio.CancelledError):
            await killed.agent.process(batches[0])
        await killed.ownership.stop()

    async with world.owner() as next_owner:
        await world.push(post("p1", "Fire"), post("p1", "Big fire"))
        await next_owner.work()
    assert await world.revisions() == [("p1", 1, "Fire"), ("p1", 2, "Big fire")]


async def test_the_beginning_is_committed_before_anything_is_read(world: World) -> None:
    """A partition that was never committed gets its start committed at the take-over (docs/faust.md, row 21)."""
    assert await world.committed() is None
    async with world.owner():
        assert await world.committed() == 0


async def test_a_batch_of_a_former_epoch_is_dropped_and_read_again(world: World) -> None:
    """What was fetched before a rebalance is dropped, sought back to and processed once."""
    async with world.owner() as owner:
        await world.push(post("p1", "Fire"))
        stale = await _arrived(owner)
        await owner.ownership.revoke(owner.tps)
        await owner.take_over()
        for batch in stale:
            await owner.agent.process(batch)
        assert await world.revisions() == []
        await owner.work()

    assert await world.revisions() == [("p1", 1, "Fire")]


async def test_a_batch_that_leaves_a_gap_is_refused(world: World) -> None:
    """A batch that does not begin where the last one ended starts the partition again: nothing is skipped."""
    async with world.owner() as owner:
        await world.push(post("p1", "Fire"))
        await owner.work()
        await world.push(post("p2", "Smoke"))
        await _arrived(owner)  # and lost: the consumer has moved on
        owner.release_hand_over()
        await world.push(post("p3", "Rain"))
        await owner.work()

        assert owner.count("liveline_batches_out_of_place_total") == 1
        assert owner.count("liveline_partition_restarts_total", reason="OutOfPlaceError") == 1
    assert await world.revisions() == [("p1", 1, "Fire"), ("p2", 1, "Smoke"), ("p3", 1, "Rain")]


async def test_a_batch_from_before_is_refused(world: World) -> None:
    """A consumer that goes back, as after a log that lost its end, does not publish again what stands."""
    async with world.owner() as owner:
        await world.push(post("p1", "Fire"), post("p2", "Smoke"))
        await owner.work()
        await owner.feed.seek(TP(world.names.raw, 0), 0)
        await owner.work()

        assert owner.count("liveline_batches_out_of_place_total") == 1
        assert owner.loads.count(0) == 2
    assert await world.revisions() == [("p1", 1, "Fire"), ("p2", 1, "Smoke")]


async def test_records_of_transactions_leave_no_gap(world: World) -> None:
    """Markers and aborted documents between two batches take offsets, and are nothing that was lost."""
    async with world.owner() as owner:
        for number, (headline, commit) in enumerate([("Fire", True), ("Hoax", False), ("Smoke", True), ("Rain", True)]):
            await world.push_in_transaction(post(f"p{number}", headline), commit=commit)
            await owner.work()

        assert owner.count("liveline_batches_out_of_place_total") == 0
        assert owner.loads.count(0) == 1
    assert [headline for _, _, headline in await world.revisions()] == ["Fire", "Smoke", "Rain"]


async def test_what_retention_deleted_before_a_take_over_is_counted(world: World) -> None:
    """The next owner goes on with what there is, and says how much is gone."""
    async with world.owner() as owner:
        await world.push(post("p1", "Fire"))
        await owner.work()
    await world.push(post("p2", "Smoke"), post("p3", "Rain"), post("p4", "Snow"))
    await world.delete_before(3)
    async with world.owner() as owner:
        await owner.work()

        assert owner.count("liveline_offsets_deleted_unread_total") == 2
        assert owner.count("liveline_batches_out_of_place_total") == 0
    async with world.owner() as owner:
        assert owner.count("liveline_offsets_deleted_unread_total") == 0
    assert await world.revisions() == [("p1", 1, "Fire"), ("p4", 1, "Snow")]


async def test_an_owner_that_retention_overtakes_is_told_from_one_that_skips(world: World) -> None:
    """Each document is published or counted as deleted; none counts as skipped."""
    async with world.owner() as owner:
        await world.push(post("p1", "Fire"))
        await owner.work()
        await world.push(post("p2", "Smoke"), post("p3", "Rain"), post("p4", "Snow"))
        await world.delete_before(3)
        await owner.work()

        published = await world.revisions()
        assert owner.count("liveline_offsets_deleted_unread_total") + len(published) == 4
        assert owner.count("liveline_batches_out_of_place_total") == 0
    assert published[-1] == ("p4", 1, "Snow")


async def test_a_partition_that_comes_back_goes_on_without_loading(world: World) -> None:
    """A rebalance that gives a partition back to its owner costs a seek; what nobody fenced is still true."""
    async with world.owner() as owner:
        await world.push(post("p1", "Fire"))
        await owner.work()
        await owner.ownership.revoke(owner.tps)
        await owner.take_over()
        await world.push(post("p1", "Big fire"))
        await owner.work()

        assert owner.loads.count(0) == 1
    assert await world.revisions() == [("p1", 1, "Fire"), ("p1", 2, "Big fire")]


async def test_a_rebalance_waits_for_the_open_transaction(world: World) -> None:
    """Revocation returns after the transaction that is under way, and what it did stands."""
    reached, go_on = asyncio.Event(), asyncio.Event()

    async def wait() -> None:
        reached.set()
        await go_on.wait()

    waiting = Fault("offset", wait)
    async with world.owner(waiting) as owner:
        await world.push(post("p1", "Fire"))
        batches = await _arrived(owner)
        waiting.armed = True
        work = asyncio.create_task(owner.agent.process(batches[0]))
        await reached.wait()
        revoked = asyncio.create_task(owner.ownership.revoke(owner.tps))
        await asyncio.sleep(0.05)
        assert not revoked.done()
        go_on.set()
        await revoked
        await work

    assert await world.revisions() == [("p1", 1, "Fire")]
    assert await world.committed() == 1


async def test_a_rebalance_abandons_a_transaction_that_hangs(world: World) -> None:
    """After its bound a revocation goes on; the transaction is aborted and its documents are read again."""
    hang = asyncio.Event()
    hanging = Fault("offset", hang.wait)
    async with world.owner(hanging) as owner:
        await world.push(post("p1", "Fire"))
        batches = await _arrived(owner)
        hanging.armed = True
        work = asyncio.create_task(owner.agent.process(batches[0]))
        await until(lambda: owner.ownership.partitions[batches[0].tp].busy)
        await owner.ownership.revoke(owner.tps)
        hang.set()
        await work
        assert await world.revisions() == []
        await owner.take_over()
        await owner.work()

    assert await world.revisions() == [("p1", 1, "Fire")]


async def test_a_bad_document_is_a_dead_letter_with_its_bytes_and_headers(world: World) -> None:
    """What can't be read is kept whole, says why and where it came from, and holds nothing up."""
    await world.append(0, b"k", b"no headers at all", [("x-own", b"kept")])
    await world.push(b"{half", post("p1", "Fire"), b'[{"headline": "good"}, {"headline": 7}]')
    async with world.owner() as owner:
        await owner.work()

    letters = await world.read(world.names.dead_letters)
    assert [letter.value for letter in letters] == [b"no headers at all", b"{half", b'{"headline":7}']
    first, second, third = (dict(letter.headers) for letter in letters)
    assert b"ce_id" in first["liveline-error"]
    assert first["x-own"] == b"kept"
    assert (second["ce_source"], second["liveline-stage"]) == (b"evening-post", Stage.PARSE.value.encode())
    assert second["liveline-origin"] == f"{world.names.raw}/0/1".encode()
    assert third["liveline-part"] == b"1"
    assert [revision[2] for revision in await world.revisions()] == ["Fire", "good"]


async def test_what_the_broker_refuses_for_its_size_is_singled_out(world: World) -> None:
    """One document whose entry is too large becomes a dead letter of stage deliver; its neighbours are published."""
    await world.limit(100_000)
    large = random.Random(1).randbytes(200_000).hex()  # not to be compressed below the limit
    await world.push(post("p1", "Fire"), post("p2", "Huge", body_text=large), post("p3", "Smoke"))
    async with world.owner() as owner:
        await owner.work()

    assert await world.revisions() == [("p1", 1, "Fire"), ("p3", 1, "Smoke")]
    (letter,) = await world.read(world.names.dead_letters)
    assert dict(letter.headers)["liveline-stage"] == Stage.DELIVER.value.encode()
    assert large.encode() in letter.value


async def test_a_partition_that_does_not_get_on_says_so(world: World) -> None:
    """Three starts at one offset make it stuck; once it gets on it is well again."""
    failing: list[bool] = []

    async def at_step(name: str) -> None:
        if name == "offset" and failing:
            raise LedgerError("the test lets this transaction fail")

    async with world.owner(at_step) as owner:
        failing.append(True)
        await world.push(post("p1", "Fire"))
        partition = next(owned for tp, owned in owner.ownership.partitions.items() if tp.partition == 0)
        async with asyncio.timeout(60):
            while partition.stuck is None:
                for batch in await owner.fetch():
                    await owner.agent.process(batch)
                await asyncio.sleep(0.01)
        assert str(partition.stuck).startswith("has started again 3 times at offset 0: LedgerError")
        failing.clear()
        await owner.work()

        assert partition.stuck is None
    assert await world.revisions() == [("p1", 1, "Fire")]


async def _arrived(owner: Owner) -> list[Any]:
    """Return the first batches that arrive."""
    async with asyncio.timeout(20):
        while not (batches := await owner.fetch()):
            await asyncio.sleep(0.01)
    return batches
