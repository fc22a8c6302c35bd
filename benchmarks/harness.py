"""What the benchmarks share: a Kafka as in production on a core of its own, rounds, medians, a table and a JSON file.

Every comparison is a ratio of figures from one run, the compared things taking turns: the machine is never quiet.
"""

import argparse
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[1]
# This checkout's code is measured, whatever else is installed; the tests' Kafka is ours too.
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from confluent_kafka import Producer  # noqa: E402

from schemas.envelope import Headers  # noqa: E402
from streams.runtime.kafka.admin import create_topics  # noqa: E402
from streams.runtime.kafka.connection import KafkaConnection  # noqa: E402
from streams.runtime.kafka.topic_plan import Plan  # noqa: E402
from streams.topology import Names  # noqa: E402

from real_kafka import running_kafka  # noqa: E402  (it lives with the tests)

PARTITIONS = 4
_CORES = sorted(os.sched_getaffinity(0))
WORK, OTHER = _CORES[0], _CORES[-1]
"""The core of what is measured, and the one of the broker and of the measuring."""
# Kafka's own defaults for production (bin/kafka-run-class.sh), with a heap that fits a small machine.
_JVM = "-Xms512m -Xmx1g -XX:+UseG1GC -XX:MaxGCPauseMillis=20 -XX:InitiatingHeapOccupancyPercent=35"


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """Keep this thread, and the processes that it starts meanwhile, on one core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def kafka() -> Iterator[str]:
    """Start a broker as in production, on the other core; yield its address."""
    os.environ.setdefault("KAFKA_JVM_OPTS", _JVM)
    with on_core(OTHER), running_kafka() as broker:
        yield broker.bootstrap


@contextmanager
def topics(bootstrap: str) -> Iterator[Names]:
    """Create the topics under a prefix of their own."""
    names = Names(f"bench-{uuid4().hex[:8]}.")
    create_topics(KafkaConnection(bootstrap), Plan(names, PARTITIONS, replication=1))
    yield names


@dataclass(frozen=True, slots=True)
class Raw:
    """A record for `liveline.raw`."""

    partition: int
    key: bytes
    value: bytes
    headers: Headers


def fill(bootstrap: str, topic: str, records: Sequence[Raw]) -> None:
    """Write raw records and wait until Kafka has them all."""
    producer = Producer({"bootstrap.servers": bootstrap, "linger.ms": 20, "enable.idempotence": True})
    failed: list[str] = []
    for record in records:
        producer.produce(
            topic, record.value, record.key, record.partition, headers=list(record.headers),
            on_delivery=lambda error, _: failed.append(str(error)) if error else None,
        )  # fmt: skip
        while len(producer) > 20_000:
            producer.poll(0.05)
    left = producer.flush(60)
    if left or failed:
        raise RuntimeError(f"{left} records not written, {len(failed)} failed: {failed[:1]}")


@dataclass
class Results:
    """Figures by name, one a round; printed as a table and written as JSON."""

    benchmark: str
    note: str = ""
    figures: dict[str, list[float]] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)

    def add(self, name: str, value: float) -> None:
        """Take up a round's figure."""
        self.figures.setdefault(name, []).append(value)

    def median(self, name: str) -> float:
        """Return the median over the rounds."""
        return statistics.median(self.figures[name])

    def ratio(self, name: str, base: str) -> float:
        """Return the median of each round's own ratio, so that what slowed a whole round down cancels out."""
        return statistics.median(
            [one / other for one, other in zip(self.figures[name], self.figures[base], strict=True)]
        )

    def print(self, columns: Mapping[str, Callable[[str], str]], names: Sequence[str] = ()) -> None:
        """Print a row a name."""
        shown = names or list(self.figures)
        rows = [["", *columns], *([name, *(cell(name) for cell in columns.values())] for name in shown)]
        widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
        print(f"\n{self.benchmark}  {self.note}")
        for row in rows:
            print("  ".join(f"{cell:{'<' if place == 0 else '>'}{widths[place]}}" for place, cell in enumerate(row)))

    def write(self, folder: Path | None, **more: object) -> None:
        """Write everything that was measured, and where."""
        if folder is None:
            return
        folder.mkdir(parents=True, exist_ok=True)
        told = {
            "benchmark": self.benchmark,
            "note": self.note,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": round(time.monotonic() - self.began, 1),
            "machine": machine(),
            "rounds": self.figures,
            "medians": {name: self.median(name) for name in self.figures},
            **more,
        }
        (folder / f"{self.benchmark}.json").write_text(json.dumps(told, indent=1) + "\n")


def machine() -> dict[str, object]:
    """Return what class of machine this is, and how busy it was."""
    return {
        "cores": len(_CORES),
        "processor": next(
            (line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
             if line.startswith("model name")),
            platform.machine(),
        ),
        "python": platform.python_version(),
        "load": [round(load, 1) for load in os.getloadavg()],
    }  # fmt: skip


def options(description: str | None, texts: Mapping[str, str] | None = None, **defaults: float) -> argparse.Namespace:
    """Return what was asked for on the command line: `--rounds`, `--json FOLDER`, and an option for each default."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", type=Path, default=None, metavar="FOLDER", help="where to write the figures")
    for name, default in {"rounds": 3, **(texts or {}), **defaults}.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(default), default=default)
    return parser.parse_args()


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which that share of them lies."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]
