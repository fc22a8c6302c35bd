"""Topics of a test's own on the session's Kafka, and the commands as a user calls them."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from streams.runtime.kafka.admin import bounds_of, create_topics
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.message import Message
from streams.runtime.kafka.read_until import ReadUntil
from streams.runtime.kafka.topic_plan import Plan
from streams.topology import Names

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def at(seconds: float) -> str:
    """Return a time after noon, as it is written."""
    return (NOON + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


def entry(name: str, seconds: float, **more: Any) -> dict[str, Any]:
    """Return as much of an Entry as a replay looks at."""
    told = {"coverage_id": "fire", "source_id": "post", "headline": name, "revision": 1}
    return {"entry_id": name, "received_at": at(seconds), **told, **more}


def document_headers(number: int, seconds: float = 0, **more: str) -> dict[str, str]:
    """Return the headers of a raw document."""
    told = {"ce_specversion": "1.0", "ce_id": f"d{number}", "ce_source": "post", "ce_type": "liveline.document.v1"}
    return {**told, "ce_time": at(seconds), "ce_subject": "fire", "content-type": "application/json", **more}


@dataclass
class Topics:
    """Liveline's topics under a prefix of the test's own."""

    bootstrap: str
    folder: Path
    partitions: int = 2
    prefix: str = field(default_factory=lambda: f"t{uuid.uuid4().hex[:8]}.")

    def __post_init__(self) -> None:
        """Make them."""
        self.names = Names(self.prefix)
        self.connection = KafkaConnection(self.bootstrap)
        create_topics(self.connection, Plan(self.names, self.partitions))
        self.producer = Producer({"bootstrap.servers": self.bootstrap, "log_level": 0})

    def make(self, partitions: int) -> str:
        """Make one more topic."""
        name = f"{self.prefix}{uuid.uuid4().hex[:6]}"
        admin = AdminClient({"bootstrap.servers": self.bootstrap})
        admin.create_topics([NewTopic(name, partitions, 1)])[name].result(30)
        return name

    def write(self, topic: str, value: Any, *, partition: int = 0, key: str | None = None, **about: Any) -> None:
        """Write a record; what is no bytes is written as JSON."""
        body = value if value is None or isinstance(value, bytes) else json.dumps(value).encode()
        if "headers" in about:
            about["headers"] = list(about["headers"].items())
        self.producer.produce(topic, body, key, partition, **about)
        assert self.producer.flush(30) == 0

    def read(self, topic: str) -> list[Message]:
        """Return what is committed of a topic, partition by partition."""
        bounds, found = bounds_of(self.connection, topic), []
        with ReadUntil(self.connection, topic, bounds) as reading:
            while not reading.done:
                found += reading.read()
        return sorted(found, key=lambda message: (message.partition(), message.offset()))

    def environment(self, **more: str) -> dict[str, str]:
        """Return what the commands run with."""
        told = {"LIVELINE_KAFKA": self.bootstrap, "LIVELINE_TOPIC_PREFIX": self.prefix, "TZ": "UTC"}
        own = {name: value for name, value in os.environ.items() if not name.startswith("LIVELINE_")}
        return {**own, **told, "LIVELINE_PARTITIONS": str(self.partitions), **more}

    def command(self, *arguments: str) -> Sequence[str]:
        """Return a command line."""
        return (sys.executable, "-m", "streams", *arguments)

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            self.command(*arguments), cwd=self.folder, env=self.environment(**more), capture_output=True, text=True,
            timeout=120, check=False,
        )  # fmt: skip

    def lines(self, *arguments: str) -> list[dict[str, Any]]:
        """Run a command that must succeed; return its lines."""
        done = self.run(*arguments)
        assert (done.returncode, done.stderr) == (0, "")
        return json_lines(done.stdout)


def json_lines(text: str) -> list[dict[str, Any]]:
    """Return lines of JSON."""
    return [json.loads(line) for line in text.splitlines()]


def committed_offsets(bootstrap: str, group: str, topic: str, partitions: Iterable[int]) -> list[int]:
    """Return what a group has committed."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": group})
    found = consumer.committed([TopicPartition(topic, partition) for partition in partitions], timeout=30)
    consumer.close()
    return [each.offset for each in found]
