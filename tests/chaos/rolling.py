"""A rolling restart of three workers under load: how late a revision is, from its push to its commit.

PYTHONPATH=tests:. python -m chaos.rolling --limit 3.0

Each worker is told to stop, and started again once it has; the next one follows when all partitions are at work. What
is measured is the time from a document's push until a reader of what is committed has its revision, beside the same
workers undisturbed just before.
"""

import argparse
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import orjson
from confluent_kafka import Consumer, Producer, TopicPartition

from schemas import Document
from schemas.envelope import document_headers
from streams.runtime.kafka.admin import create_topics
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.topic_plan import Plan as PlanOfTopics
from streams.topology import Names

from real_kafka import running_kafka

ROOT: Final = Path(__file__).resolve().parents[2]
PARTITIONS: Final = 6
WORKERS: Final = 3
PREFIX: Final = "rolling."
_PATIENCE_SECONDS: Final = 120.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is pushed, and for how long it is left alone."""

    a_second: float = 60.0
    """Documents pushed; each is an entry of its own."""
    calm_seconds: float = 20.0
    """Before the first restart, for comparison."""
    pause_seconds: float = 4.0
    """After each restart."""
    limit_seconds: float = 3.0
    """No revision may be later."""


@dataclass
class Load(threading.Thread):
    """Pushes posts at a steady rate until it is stopped."""

    bootstrap: str
    a_second: float
    pushed: dict[str, float] = field(default_factory=dict)
    """When each post was pushed, by the wall clock."""
    over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        """Push; the time of a post is that at which it was handed to Kafka's client."""
        producer = Producer({"bootstrap.servers": self.bootstrap, "enable.idempotence": True, "linger.ms": 5})
        began = time.monotonic()
        while not self.over.is_set():
            number = len(self.pushed)
            now = datetime.now(UTC)
            post = f"p{number}"
            body = orjson.dumps({"id": post, "headline": f"Update {number} from berth {number * 37}"})
            coverage = number % PARTITIONS
            document = Document(
                id=post,
                source_id=f"source-{coverage}",
                coverage_id=f"coverage-{coverage}",
                received_at=now,
                content_type="application/vnd.liveline.post+json",
                body=body,
            )
            self.pushed[post] = now.timestamp()
            headers = list(document_headers(document))
            producer.produce(Names(PREFIX).raw, body, document.coverage_id, partition=coverage, headers=headers)
            producer.poll(0)
            self.over.wait(max(0.0, began + (number + 1) / self.a_second - time.monotonic()))
        producer.flush(60)


@dataclass
class Reader(threading.Thread):
    """Notes when each post's first revision can be read, and how many revisions there are."""

    bootstrap: str
    committed: dict[str, float] = field(default_factory=dict)
    revisions: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        """Read what is committed, as it comes."""
        consumer = Consumer(
            {
                "bootstrap.servers": self.bootstrap, "group.id": "rolling-reader", "enable.auto.commit": False,
                "isolation.level": "read_committed", "auto.offset.reset": "earliest", "fetch.wait.max.ms": 10,
            }
        )  # fmt: skip
        consumer.assign([TopicPartition(Names(PREFIX).entries, each, 0) for each in range(PARTITIONS)])
        while not self.over.is_set():
            message = consumer.poll(0.1)
            if message is not None and not message.error():
                self.revisions += 1
                self.committed.setdefault(orjson.loads(message.value() or b"")["source_post_id"], time.time())
        consumer.close()


class Workers:
    """Real workers by the command, each with a log of its own."""

    def __init__(self, bootstrap: str, folder: Path, stack: ExitStack) -> None:
        self._folder, self._stack, self._started = folder, stack, 0
        own = {name: value for name, value in os.environ.items() if not name.startswith("LIVELINE_")}
        self._environment = own | {
            "PYTHONPATH": str(ROOT), "LIVELINE_KAFKA": bootstrap, "LIVELINE_TOPIC_PREFIX": PREFIX,
            "LIVELINE_APPLICATION": "rolling", "LIVELINE_PARTITIONS": str(PARTITIONS), "LIVELINE_LOG_FORMAT": "json",
        }  # fmt: skip
        sources = "".join(
            f"  - id: coverage-{each}\n    sources:\n      - id: source-{each}\n" for each in range(PARTITIONS)
        )
        (folder / "liveline.yaml").write_text(f"coverages:\n{sources}")

    def start(self) -> subprocess.Popen[bytes]:
        """Start one more."""
        self._started += 1
        log = self._stack.enter_context((self._folder / f"worker-{self._started}.log").open("wb"))
        process = subprocess.Popen(
            [sys.executable, "-m", "streams", "worker"], cwd=self._folder, env=self._environment, stderr=log
        )
        self._stack.callback(process.wait, 60)
        self._stack.callback(process.kill)
        return process

    def joined(self) -> bool:
        """Whether the worker that was started last has taken over a partition."""
        log = self._folder / f"worker-{self._started}.log"
        return re.search(rb'"event": ?"partition.taken_over"', log.read_bytes()) is not None

    def restart(self, worker: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
        """Stop one as a supervisor does, and start another one in its place; return it once it is at work."""
        worker.send_signal(signal.SIGTERM)
        code = worker.wait(60)
        if code:
            raise RuntimeError(f"a worker ended with {code}; see {self._folder}")
        other = self.start()
        wait_until(self.joined)
        return other


def wait_until(true: Callable[[], bool]) -> None:
    """Wait for a condition, within a bound."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError("the workers did not get on")
        time.sleep(0.1)


def figures(name: str, late: list[float]) -> str:
    """Return a line of figures, in seconds."""
    ordered = sorted(late)
    p99 = ordered[int(len(ordered) * 0.99)]
    median = statistics.median(late)
    return f"{name}: {len(late):,} documents, median {median:.3f} s, p99 {p99:.3f} s, max {ordered[-1]:.3f} s"


def run(plan: Plan) -> bool:
    """Run once on a Kafka of its own; print what was found, and return whether it was right."""
    with ExitStack() as stack:
        kafka = stack.enter_context(running_kafka())
        folder = Path(tempfile.mkdtemp(prefix="rolling-test-"))
        create_topics(KafkaConnection(kafka.bootstrap), PlanOfTopics(Names(PREFIX), PARTITIONS, 1))
        workers = Workers(kafka.bootstrap, folder, stack)
        running = []
        for _ in range(WORKERS):
            running.append(workers.start())
            wait_until(workers.joined)
        load, reader = Load(kafka.bootstrap, plan.a_second), Reader(kafka.bootstrap)
        reader.start()
        load.start()
        wait_until(lambda: len(reader.committed) > 2 * plan.a_second)
        calm_from = time.time()
        time.sleep(plan.calm_seconds)
        rolling_from = time.time()
        for number in range(WORKERS):
            began = time.time()
            running[number] = workers.restart(running[number])
            time.sleep(plan.pause_seconds)
            print(
                f"worker {number + 1}: stopped and at work again after {time.time() - began - plan.pause_seconds:.1f} s"
            )
        load.over.set()
        load.join()
        wait_until(lambda: len(reader.committed) == len(load.pushed))
        reader.over.set()
        reader.join()
    late = {post: reader.committed[post] - at for post, at in load.pushed.items()}
    calm = [late[post] for post, at in load.pushed.items() if calm_from <= at < rolling_from - 1]
    rolling = [late[post] for post, at in load.pushed.items() if at >= rolling_from - 1]
    print(figures("undisturbed", calm))
    print(figures("rolling restart", rolling))
    doubled = reader.revisions - len(load.pushed)
    right = not doubled and max(rolling) <= plan.limit_seconds
    print(
        f"rolling: {'right' if right else 'WRONG'}; the latest revision came {max(rolling):.2f} s after its push "
        f"(limit {plan.limit_seconds:g} s), {max(rolling) / max(calm):.1f} times the latest undisturbed; "
        f"{doubled} doubled, 0 lost; logs: {folder}"
    )
    return right


def main() -> int:
    """Return 0 when it was right, 1 when not."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--limit", type=float, default=Plan().limit_seconds, help="seconds from push to commit")
    asked = parser.parse_args()
    return 0 if run(Plan(limit_seconds=asked.limit)) else 1


if __name__ == "__main__":
    sys.exit(main())
