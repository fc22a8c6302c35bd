"""Subscribers that move between two gateways on one PostgreSQL, while these are killed: each ends with the log's state.

`make chaos-subscribers` runs the long form (200 subscribers, 10 kills) on a Kafka and a PostgreSQL of its own.
"""

import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import structlog
from gateway_harness import Worker, an_entry

from schemas import Change, Entry, Status
from streams.archive.open import open_maintenance
from streams.gateway.delivery.cursor import log_tag
from streams.runtime.kafka.admin import create_topics, log_identity
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.topic_plan import Plan as PlanOfTopics
from streams.topology import Names

from chaos.gateways import Gateways
from chaos.moving_subscriber import MovingSubscriber
from chaos.reference import Reference
from real_kafka import running_kafka
from real_postgres import running_postgres

PARTITIONS = 3
COVERAGES = 4
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
_PRUNED_BEFORE = datetime(2021, 1, 1, tzinfo=UTC)
_ALL_HAVE_IT_SECONDS = 120
_FLOOR_SEEN_SECONDS = 2.5
"""By then gateways know; one that does not yet may still have in memory what was pruned, and then nothing is missed."""
_FORGOTTEN = 5
"""Entries that are pruned while some subscribers are away."""


@dataclass(frozen=True)
class Plan:
    """How much is published, by how many it is read, and how often a gateway is ended."""

    subscribers: int = 200
    revisions: int = 5_000
    a_second: float = 60.0
    kills: int = 10
    away: int = 12
    """Subscribers that are away while entries come and are pruned: they are told `incomplete`."""
    damaged: int = 8
    """Subscribers that come back with a damaged cursor."""
    seed: int = 1


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    plan: Plan
    wrong: list[str]
    received: int
    cuts: int
    moves: int
    told_incomplete: int
    refused: int
    seconds: float
    kinds: Counter[str] = field(default_factory=Counter)

    @property
    def right(self) -> bool:
        """Whether each subscriber ended with the log's state, and nothing was missing, twice or told wrongly."""
        return not self.wrong

    @property
    def line(self) -> str:
        """One line for a person."""
        said = f": {'; '.join(self.wrong[:5])}" if self.wrong else ""
        return (
            f"subscribers: {'right' if self.right else f'WRONG ({len(self.wrong)})'}: {self.plan.subscribers} over "
            f"{dict(self.kinds)}, {self.plan.revisions} revisions, {self.plan.kills} ends of gateways, "
            f"{self.cuts} cuts, {self.moves} moves, {self.received} received, incomplete {self.told_incomplete}, "
            f"not answered {self.refused}, {self.seconds:.0f} s{said}"
        )


def revisions_of(plan: Plan) -> list[Entry]:
    """Return revisions of entries, edits and retractions among them, each entry's in order."""
    chance = random.Random(plan.seed)
    newest: dict[int, Entry] = {}
    made: list[Entry] = []
    while len(made) < plan.revisions:
        if newest and chance.random() < 0.5:
            number, before = chance.choice(list(newest.items()))
            fields = before.revision + 1
            if before.status is not Status.USABLE:
                continue
            gone = chance.random() < 0.15
            entry = _entry(number, fields, chance, gone=gone)
        else:
            number = len(newest)
            entry = _entry(number, 1, chance)
        newest[number] = entry
        made.append(entry)
    return made


def _entry(number: int, revision: int, chance: random.Random, *, gone: bool = False) -> Entry:
    if gone:
        told = {"change": Change.RETRACTED, "status": Status.CANCELED, "headline": None, "body_text": None}
    else:
        told = {
            "headline": chance.choice(("Fire at the quay", "All clear", "Smoke over the town")),
            "key_event": chance.random() < 0.3,
            "urgency": chance.randint(1, 8),
        }
    source = ("evening-post", "radio-quay")[number % 2]
    duplicate = "another" if number % 7 == 0 else None
    return an_entry(
        number, revision, coverage_id=f"coverage-{number % COVERAGES}", source_id=source, duplicate_of=duplicate, **told
    )


async def play(bootstrap: str, archive: str, folder: Path, plan: Plan) -> Outcome:
    """Publish, kill, cut and move; returns whether the subscribers have the log's state in the end."""
    began = time.monotonic()
    names = Names(f"subscribers-{uuid4().hex[:8]}.")
    connection = KafkaConnection(bootstrap)
    await asyncio.to_thread(create_topics, connection, PlanOfTopics(names, PARTITIONS, -1))
    tag = log_tag(await asyncio.to_thread(log_identity, connection, names.entries))
    seeds = [an_entry(10**6 + n, coverage_id=f"coverage-{n}") for n in range(COVERAGES)]
    reference = Reference(list(seeds))
    async with (
        Worker(bootstrap, names.entries, PARTITIONS) as worker,
        Gateways(bootstrap, names.prefix, PARTITIONS, archive, folder) as gateways,
    ):
        await worker.publish(seeds)
        await gateways.ready(seeds)
        subscribers = [
            MovingSubscriber(number, gateways.urls, tag, random.Random(plan.seed * 1000 + number))
            for number in range(plan.subscribers)
        ]
        for each in subscribers:
            each.begin_with(reference)
        tasks = [asyncio.create_task(each.run()) for each in subscribers]
        try:
            async with asyncio.timeout(120):
                await asyncio.gather(*(each.begun.wait() for each in subscribers))
            troubles = asyncio.create_task(_trouble(plan, gateways, subscribers, worker, archive, reference))
            await _publish(worker, plan, reference)
            await troubles
            for each in subscribers:
                each.stay()
            await _until_all_have_it(subscribers, reference, tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    return Outcome(
        plan,
        [problem for each in subscribers for problem in each.problems(reference)],
        sum(len(each.received) for each in subscribers),
        sum(each.cuts for each in subscribers),
        sum(each.moves for each in subscribers),
        sum(len(each.incomplete) for each in subscribers),
        sum(each.refused for each in subscribers),
        time.monotonic() - began,
        Counter(each.client.name for each in subscribers),
    )


async def _publish(worker: Worker, plan: Plan, reference: Reference) -> None:
    chance = random.Random(plan.seed)
    revisions = revisions_of(plan)
    at = 0
    while at < len(revisions):
        some = revisions[at : at + chance.randint(1, 30)]
        at += len(some)
        if chance.random() < 0.1:
            await worker.publish(some[:1], abort=True)  # never to be seen
        async with reference.writing:
            await worker.publish(some)
            reference.add(some)
        await asyncio.sleep(len(some) / plan.a_second)


async def _trouble(
    plan: Plan,
    gateways: Gateways,
    subscribers: Sequence[MovingSubscriber],
    worker: Worker,
    archive: str,
    reference: Reference,
) -> None:
    """End gateways, damage cursors, and prune while some are away."""
    chance = random.Random(plan.seed)
    duration = plan.revisions / plan.a_second
    away, rest = subscribers[: plan.away], subscribers[plan.away :]
    for kill in range(plan.kills):
        if kill == plan.kills // 2:
            await asyncio.gather(*(each.leave() for each in away))
            forgotten = [
                an_entry(2 * 10**6 + n, coverage_id=f"coverage-{n % COVERAGES}", received_at=LONG_AGO)
                for n in range(_FORGOTTEN)
            ]
            async with reference.writing:
                await worker.publish(forgotten)
                reference.add(forgotten, forgotten=True)
            await gateways.ready(forgotten)
            maintenance = open_maintenance(archive, structlog.get_logger())
            pruned = await asyncio.to_thread(maintenance.prune, _PRUNED_BEFORE, dry_run=False)
            assert pruned.entries == _FORGOTTEN
            reference.floor = dict(pruned.floor)
            await asyncio.sleep(_FLOOR_SEEN_SECONDS)
            for each in away:
                each.come_back()
            for each in rest[: plan.damaged]:
                each.damage()
        await gateways.end(kill % 2, hard=chance.random() < 0.7)
        await asyncio.sleep(chance.random() * duration / plan.kills / 3)
        await gateways.start(kill % 2)
        await asyncio.sleep(chance.random() * duration / plan.kills / 3)


async def _until_all_have_it(
    subscribers: Sequence[MovingSubscriber], reference: Reference, tasks: Sequence["asyncio.Task[None]"]
) -> None:
    deadline = time.monotonic() + _ALL_HAVE_IT_SECONDS
    while time.monotonic() < deadline:
        for task in tasks:
            if task.done():
                task.result()
        if all(each.has_all(reference) and not each.is_to_return for each in subscribers):
            await asyncio.sleep(1)  # what comes twice would come now
            return
        await asyncio.sleep(0.2)


def main() -> int:
    """Run the long form on servers of its own; returns 0 when all was right."""
    with running_kafka() as kafka, running_postgres() as postgres, tempfile.TemporaryDirectory() as folder:
        url = postgres.new_database()
        outcome = asyncio.run(play(kafka.bootstrap, url, Path(folder), Plan()))
    print(outcome.line)
    return 0 if outcome.right else 1


if __name__ == "__main__":
    sys.exit(main())
