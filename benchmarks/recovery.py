"""How quickly a worker is back at work: memory loaded at assignment, a clean restart, and a restart after kill -9.

python benchmarks/recovery.py [--entries 40000] [--rounds 3] [--json FOLDER]

`back` is from the signal to the moment when a read-committed consumer has seen a new entry in every partition, with a
new process started as soon as the old one has ended, and documents coming in all the time.
"""

import asyncio
import signal
import tempfile
import threading
import time
from pathlib import Path

import psutil  # noqa: TC002
from confluent_kafka import Consumer, Producer, TopicPartition
from documents import posts, raw
from harness import OTHER, PARTITIONS, Raw, Results, fill, kafka, on_core, options, topics
from processes import environment, start
from step import Step

from streams.dedupe import Memory
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.partition.load import load_memory
from streams.topology import Names

_PATIENCE = 60.0
_EVERY = 0.02  # seconds between two documents


def memory_records(entries: int) -> list[Raw]:
    """Return records of `liveline.memory`: those that 1,000 documents leave, again and again under other coverages."""
    step = Step(Names("memory."), 0)
    found = step.run([(n, r.value, r.headers) for n, r in enumerate(map(raw, posts(1000, coverages=10)))])
    kept = {record.key: record.value for record in found if record.topic == "memory.memory" and record.value}
    copies = -(-entries // len(kept))
    return [Raw(0, f"copy-{copy}-".encode() + key, value, ()) for copy in range(copies) for key, value in kept.items()]


async def load(bootstrap: str, results: Results, entries: int, rounds: int) -> None:
    """Load a partition's memory, and decode a coverage when it is first spoken of."""
    records = memory_records(entries)
    with topics(bootstrap) as names:
        fill(bootstrap, names.memory, records)
        for _ in range(rounds):
            began = time.perf_counter()
            memory = await load_memory(KafkaConnection(bootstrap), names.memory, 0, Memory())
            results.add("memory loaded, entries/s", len(records) / (time.perf_counter() - began))
            began, decoded = time.perf_counter(), 0
            for coverage in {record.key.partition(b"\0")[0].decode() for record in records[: len(records) // 8]}:
                decoded += len(memory.coverage(coverage).entries)
            results.add("decoded when first spoken of, entries/s", decoded / (time.perf_counter() - began))
    size = sum(len(record.value) for record in records) / len(records)
    results.note = f"{len(records):,} records of {size:,.0f} bytes in one partition"


class Pushing(threading.Thread):
    """Writes a document to each partition in turn, until it is over."""

    def __init__(self, bootstrap: str, topic: str) -> None:
        super().__init__()
        self._producer = Producer({"bootstrap.servers": bootstrap, "enable.idempotence": True})
        self._topic = topic
        self.over = threading.Event()

    def run(self) -> None:
        """Write."""
        for number, document in enumerate(posts(10**9, coverages=4)):
            record = raw(document)
            self._producer.produce(
                self._topic, record.value, record.key, number % PARTITIONS, headers=list(record.headers)
            )
            self._producer.poll(0)
            if self.over.wait(_EVERY):
                break
        self._producer.flush(10)


class Seen:
    """What a read-committed consumer sees of `entries`."""

    def __init__(self, bootstrap: str, topic: str) -> None:
        self._consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "seen", "fetch.wait.max.ms": 20,
                                   "isolation.level": "read_committed", "enable.auto.commit": False})  # fmt: skip
        self._consumer.assign([TopicPartition(topic, partition, 0) for partition in range(PARTITIONS)])

    def drain(self) -> None:
        """Take what is there."""
        while self._consumer.consume(500, 0.2):
            pass

    def all_partitions(self) -> float:
        """Return the time at which an entry of every partition has come."""
        waiting, deadline = set(range(PARTITIONS)), time.monotonic() + _PATIENCE
        while waiting:
            waiting -= {message.partition() for message in self._consumer.consume(100, 0.02) if not message.error()}
            if time.monotonic() > deadline:
                raise RuntimeError(f"no entry in partitions {sorted(waiting)} after {_PATIENCE:.0f} s")
        return time.perf_counter()


def restart(bootstrap: str, results: Results, rounds: int, folder: Path) -> None:
    """Stop and kill by turns; a new process each time."""
    with topics(bootstrap) as names:
        told, log = environment(bootstrap, names), folder / "log"
        pushing, seen = Pushing(bootstrap, names.raw), Seen(bootstrap, names.entries)
        began = time.perf_counter()
        worker: psutil.Popen = start("worker", told, log)
        pushing.start()
        try:
            results.add("a group's first start, s", seen.all_partitions() - began)
            for number in (signal.SIGTERM, signal.SIGKILL) * rounds:
                time.sleep(3)
                began = time.perf_counter()
                worker.send_signal(number)
                worker.wait(_PATIENCE)
                ended = time.perf_counter()
                worker = start("worker", told, log)
                seen.drain()  # the old one's last; Python alone takes longer than this to start
                back = seen.all_partitions()
                name = "a clean restart" if number is signal.SIGTERM else "kill -9"
                results.add(f"back after {name}, s", back - began)
                results.add(f"  of which from the new start, s ({name})", back - ended)
        finally:
            pushing.over.set()
            pushing.join()
            worker.kill()
            worker.wait()


def main() -> None:
    """Measure both."""
    chosen = options(__doc__, entries=40_000)
    results = Results("recovery")
    with on_core(OTHER), kafka() as bootstrap, tempfile.TemporaryDirectory(prefix="bench-") as folder:
        asyncio.run(load(bootstrap, results, chosen.entries, chosen.rounds))
        restart(bootstrap, results, chosen.rounds, Path(folder))
    results.print(
        {
            "median": lambda name: f"{results.median(name):,.1f}",
            "worst": lambda name: f"{(max if name.strip()[:2] != 'me' else min)(results.figures[name]):,.1f}",
        }
    )
    results.write(chosen.json)


if __name__ == "__main__":
    main()
