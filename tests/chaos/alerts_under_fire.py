"""A day of posts through rules of every kind while workers and the deliverer are killed, on a clock that runs faster.

PYTHONPATH=tests:. python -m chaos.alerts_under_fire [--hours 24] [--speed 100] [--kills 20]

No alert may be missing or doubled on the topic; each that is told has to reach a recording sink, in order per alert.
The processes' clock waits for a document that is on its way: so an undisturbed run says exactly what must come.
"""

import argparse
import asyncio
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import orjson
from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from sink_endpoint import SinkEndpoint, sink_serving

from schemas import Document
from schemas.envelope import document_headers
from streams.archive.state import SinkDeliveries, SinkStatus, open_state
from streams.runtime.kafka.admin import create_topics
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.topic_plan import Plan as PlanOfTopics
from streams.testing import ScaledClock
from streams.topology import Names

from chaos.alert_day import NEWSROOM, SINK, documents, has_real, posts
from chaos.alerts import wrong_alerts
from chaos.lag import has_read
from chaos.log import Stored, read
from real_kafka import running_kafka

PARTITIONS: Final = 2
WORKERS: Final = 2
_TESTS: Final = Path(__file__).resolve().parents[1]
_AFTER: Final = timedelta(hours=2)
"""Of the clock, after the last document: every alert is over by then, and every silence raised."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much there is of it."""

    posts: int = 1500
    hours: float = 24
    speed: float = 100
    kills: int = 20
    patience_seconds: float = 300
    seed: int = 1
    real: bool = True
    """Collected posts, where the checkout has them."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it."""

    documents: int
    kills: Counter[str]
    alerts: int
    changes: Counter[str]
    told: int
    messages: int
    again: int
    """Revisions that a sink got again, with a word of doubt."""
    wrong: Counter[str]
    examples: list[Any]
    seconds: float

    @property
    def line(self) -> str:
        """One line for a person."""
        return (
            f"alerts: {f'WRONG {dict(self.wrong)} {self.examples[:3]}' if self.wrong else 'right'}: "
            f"{self.documents:,} documents, kills {dict(self.kills)}, {self.alerts:,} revisions of alerts "
            f"{dict(self.changes)}, {self.told:,} told in {self.messages:,} messages, in doubt and sent again "
            f"{self.again}, {self.seconds:.0f} s"
        )


class Day:
    """One run: processes, documents and what is found at the end."""

    def __init__(self, bootstrap: str, folder: Path, plan: Plan) -> None:
        self._bootstrap, self._folder, self._plan = bootstrap, folder, plan
        self._prefix = f"day-{uuid4().hex[:8]}."
        self._names = Names(self._prefix)
        self._chance = random.Random(plan.seed)
        # In the past altogether: Kafka takes no record whose time is far ahead of its own clock.
        self._length = timedelta(hours=plan.hours)
        self._start = datetime.now(UTC).replace(microsecond=0) - self._length - timedelta(hours=2)
        self._endpoint = SinkEndpoint()
        self._processes: list[tuple[str, subprocess.Popen[bytes]]] = []
        self._kills: Counter[str] = Counter()
        self._pushed, self._read, self._finished = [0] * PARTITIONS, [0] * PARTITIONS, False

    async def run(self) -> Outcome:
        """Push, kill, wait for the end, and judge."""
        began = time.monotonic()
        texts = posts(self._plan.posts, self._chance, real=self._plan.real and has_real())
        day = list(documents(texts, self._start, self._length, self._chance))
        await asyncio.to_thread(
            create_topics, KafkaConnection(self._bootstrap), PlanOfTopics(self._names, PARTITIONS, 1)
        )
        async with sink_serving(self._endpoint):
            self._set_clock(self._start)
            try:
                for kind in ("deliver", *["worker"] * WORKERS):
                    self._begin(kind)
                await self._at_work()
                self._clock = ScaledClock(self._start, datetime.now(UTC), self._plan.speed)
                ticking = asyncio.create_task(self._tick(day))
                try:
                    await self._push(day)
                    entries, alerts = await self._end()
                finally:
                    ticking.cancel()
            finally:
                for _, process in self._processes:
                    process.kill()
                    process.wait()
        return self._judge(len(day), entries, alerts, time.monotonic() - began)

    def _set_clock(self, now: datetime) -> None:
        written = self._folder / "clock.new"
        written.write_text(now.isoformat())
        written.replace(self._folder / "clock")

    async def _at_work(self) -> None:
        """Wait until the workers have all partitions of both agents."""
        deadline = time.monotonic() + self._plan.patience_seconds
        log = self._folder / "worker.log"
        while log.read_bytes().count(b"partition.taken_over") < 2 * PARTITIONS:
            if time.monotonic() > deadline:
                raise TimeoutError("the workers did not start")
            await asyncio.sleep(0.2)

    async def _tick(self, day: list[Document]) -> None:
        """Let time pass, as far as the rules have seen the documents of before."""
        while True:
            done = await asyncio.to_thread(self._processed)
            # Documents come to their partitions in the day's order: the first that is not read holds the clock.
            left = dict(enumerate(done))
            passed = 0
            for document in day:
                if left[_partition(document)] == 0:
                    break
                left[_partition(document)] -= 1
                passed += 1
            self._finished = passed == len(day)
            now = self._clock()
            self._set_clock(now if self._finished else min(now, day[passed].received_at))
            await asyncio.sleep(0.1)

    def _processed(self) -> list[int]:
        """Return how many documents of each partition have been through both agents."""
        consumer = Consumer({"bootstrap.servers": self._bootstrap, "group.id": f"{self._prefix}app"})
        try:
            found = consumer.committed([TopicPartition(self._names.raw, number) for number in range(PARTITIONS)], 10)
        except KafkaException:
            return self._read
        finally:
            consumer.close()
        if has_read(self._bootstrap, f"{self._prefix}app-alerts", self._names.entries, PARTITIONS):
            self._read = [min(max(0, each.offset), pushed) for each, pushed in zip(found, self._pushed, strict=True)]
        return self._read

    def _begin(self, kind: str) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("LIVELINE_")}
        with (self._folder / f"{kind}.log").open("ab") as log:
            process = subprocess.Popen(
                [
                    sys.executable, "-m", "chaos.alert_process", kind, self._bootstrap, self._prefix,
                    str(self._folder), self._endpoint.address,
                ],
                stdout=log, stderr=log,
                env={**clean, "PYTHONPATH": os.pathsep.join((str(_TESTS), str(_TESTS.parent)))},
            )  # fmt: skip
        self._processes.append((kind, process))

    def _kill(self) -> None:
        """Kill a worker, or every second time the deliverer, and start another."""
        kind = "worker" if self._kills.total() % 2 == 0 else "deliver"
        chosen = self._chance.choice([each for each in self._processes if each[0] == kind])
        self._processes.remove(chosen)
        chosen[1].kill()
        chosen[1].wait()
        self._kills[kind] += 1
        self._begin(kind)

    async def _push(self, day: list[Document]) -> None:
        """Push each document when its time has come; kill at times spread over the day."""
        producer = Producer({"bootstrap.servers": self._bootstrap, "enable.idempotence": True, "linger.ms": 5})
        times = sorted(self._start + self._length * self._chance.uniform(0.05, 0.97) for _ in range(self._plan.kills))
        for document in day:
            while times and times[0] <= document.received_at:
                times.pop(0)
                await asyncio.to_thread(self._kill)
            ahead = (document.received_at - self._clock()).total_seconds() / self._plan.speed
            await asyncio.sleep(max(0.0, ahead))
            partition = _partition(document)
            self._pushed[partition] += 1
            producer.produce(
                self._names.raw, document.body, document.coverage_id,
                partition=partition, headers=list(document_headers(document)),
            )  # fmt: skip
            producer.poll(0)
        if await asyncio.to_thread(producer.flush, 60):
            raise TimeoutError("documents could not be pushed")

    async def _end(self) -> tuple[list[Stored], list[Stored]]:
        """Wait until the clock has come to the end of everything and the sink has all; return the topics."""
        last = self._start + self._length + _AFTER
        deadline = time.monotonic() + self._plan.patience_seconds
        while not self._finished or self._clock() < last:
            if time.monotonic() > deadline:
                break
            await asyncio.sleep(0.5)
        while True:
            entries = await asyncio.to_thread(read, self._bootstrap, self._names.entries, PARTITIONS)
            alerts = await asyncio.to_thread(read, self._bootstrap, self._names.alerts, PARTITIONS)
            wrong = await asyncio.to_thread(self._wrong, entries, alerts)
            done = self._finished and not wrong and self._told(alerts) <= self._sent()
            if done or time.monotonic() > deadline:
                return entries, alerts
            await asyncio.sleep(1)

    def _wrong(self, entries: list[Stored], alerts: list[Stored]) -> list[tuple[str, object]]:
        return wrong_alerts(entries, alerts, NEWSROOM, self._start + self._length + _AFTER)

    @staticmethod
    def _told(alerts: list[Stored]) -> set[tuple[str, int]]:
        found = (orjson.loads(record.value or b"") for record in alerts)
        return {(alert["alert_id"], alert["revision"]) for alert in found if alert["notify"]}

    def _sent(self) -> set[tuple[str, int]]:
        state = open_state(f"sqlite:///{self._folder}/state.db")
        try:
            every = SinkDeliveries(state).all()
        finally:
            state.close()
        return {(e.alert_id, e.revision) for e in every if e.sink == SINK and e.status is SinkStatus.SENT}

    def _judge(self, documents_: int, entries: list[Stored], alerts: list[Stored], seconds: float) -> Outcome:
        found = self._wrong(entries, alerts)
        found += [] if self._finished else [("documents were not processed", self._read)]
        told, sent = self._told(alerts), self._sent()
        newest: dict[str, int] = {}
        for alert, revision in self._endpoint.revisions:
            newest[alert] = max(revision, newest.get(alert, 0))
        found += [("told and not marked as sent", each) for each in told - sent]
        found += [("told and never came", each) for each in told if newest.get(each[0], 0) < each[1]]
        found += [("came and was not to be told", each) for each in set(self._endpoint.revisions) - told]
        found += [("out of order at the sink", each) for each in self._endpoint.out_of_order()]
        found += [("twice without doubt", each) for each in self._endpoint.doubled()]
        changes = Counter(orjson.loads(record.value or b"")["change"] for record in alerts)
        return Outcome(
            documents_,
            self._kills,
            len(alerts),
            changes,
            len(told),
            len(self._endpoint.taken),
            len(self._endpoint.revisions) - len(set(self._endpoint.revisions)),
            Counter(what for what, _ in found),
            found[:5],
            seconds,
        )


def _partition(document: Document) -> int:
    return int(document.coverage_id.rpartition("-")[2]) % PARTITIONS


def main() -> int:
    """Run the long form on a Kafka of its own; returns 0 when all was right."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=Plan().hours)
    parser.add_argument("--speed", type=float, default=Plan().speed)
    parser.add_argument("--kills", type=int, default=Plan().kills)
    given = parser.parse_args()
    plan = Plan(hours=given.hours, speed=given.speed, kills=given.kills)
    with running_kafka() as kafka, tempfile.TemporaryDirectory() as folder:
        outcome = asyncio.run(Day(kafka.bootstrap, Path(folder), plan).run())
    print(outcome.line)
    return 1 if outcome.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
