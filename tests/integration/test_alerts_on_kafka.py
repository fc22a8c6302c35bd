"""The agent alerts on real Kafka: where its group begins, and its alerts over workers that are killed."""

import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewPartitions, NewTopic

from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.group_start import begin_group

from real_kafka import RealKafka

pytestmark = pytest.mark.kafka
MONDAY = datetime(2026, 1, 5, tzinfo=UTC)


class Log:
    """A topic of two partitions with a record an hour in each."""

    def __init__(self, kafka: RealKafka) -> None:
        self.connection = KafkaConnection(kafka.bootstrap)
        self.topic = f"log-{uuid.uuid4().hex[:8]}"
        self.group = f"group-{self.topic}"
        self.admin = AdminClient({"bootstrap.servers": kafka.bootstrap})
        for future in self.admin.create_topics([NewTopic(self.topic, 2, 1, config={"retention.ms": "-1"})]).values():
            future.result()
        self.write(range(10), (0, 1))

    def write(self, hours: range, partitions: tuple[int, ...]) -> None:
        """Write a record an hour into each partition."""
        producer = Producer({"bootstrap.servers": self.connection.bootstrap})
        for hour in hours:
            for partition in partitions:
                time = int((MONDAY + timedelta(hours=hour)).timestamp() * 1000)
                producer.produce(self.topic, b"entry", partition=partition, timestamp=time)
        assert producer.flush(30) == 0

    async def read(self, least: int) -> list[tuple[int, int]]:
        """Join the group and return partition and offset of the first records that come."""
        consumer = AIOKafkaConsumer(
            self.topic, **self.connection.aiokafka(), group_id=self.group, auto_offset_reset="earliest"
        )
        await consumer.start()
        found: list[tuple[int, int]] = []
        try:
            while len(found) < least:
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    found += [(record.partition, record.offset) for record in records]
            # Others find the group at work now, and leave it alone.
            assert not begin_group(self.connection, self.group, self.topic)
            await consumer.commit()
        finally:
            await consumer.stop()
        return sorted(found)


async def test_a_group_begins_at_the_end_and_then_goes_on(kafka: RealKafka) -> None:
    """What stood before its first start is not read; what comes afterwards is, once; a later start changes nothing."""
    log = Log(kafka)
    assert begin_group(log.connection, log.group, log.topic)
    log.write(range(10, 12), (0, 1))

    assert not begin_group(log.connection, log.group, log.topic, MONDAY)
    assert await log.read(4) == [(0, 10), (0, 11), (1, 10), (1, 11)]
    assert not begin_group(log.connection, log.group, log.topic)


async def test_a_group_begins_at_a_time(kafka: RealKafka) -> None:
    """At the first record of that time or later; where there is none yet, at the end."""
    log = Log(kafka)
    log.write(range(10, 12), (1,))
    assert begin_group(log.connection, log.group, log.topic, MONDAY + timedelta(hours=9, minutes=30))
    log.write(range(12, 13), (0,))

    assert await log.read(3) == [(0, 10), (1, 10), (1, 11)]


async def test_a_partition_that_is_added_is_read_from_its_beginning(kafka: RealKafka) -> None:
    """What comes into it before any worker has seen it is not passed over."""
    log = Log(kafka)
    assert begin_group(log.connection, log.group, log.topic)
    for future in log.admin.create_partitions([NewPartitions(log.topic, 3)]).values():
        future.result()
    log.write(range(2), (2,))

    assert not begin_group(log.connection, log.group, log.topic)
    assert await log.read(2) == [(2, 0), (2, 1)]


ROOT = Path(__file__).parents[2]
NEWSROOM = """
coverages:
  - {id: harbour-fire, title: Harbour fire, sources: [{id: evening-post}]}
alerts:
  - {id: fire, when: 'entry.mentions("fire")', per: coverage, cooldown: 1h, to: [desk]}
sinks:
  - {id: desk}
"""


class Installation:
    """Commands in a folder with a newsroom, on an installation of its own."""

    def __init__(self, folder: Path, kafka: RealKafka) -> None:
        (folder / "liveline.yaml").write_text(NEWSROOM)
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LIVELINE_")}
        prefix = f"alerts-{uuid.uuid4().hex[:8]}."
        self.environment = kept | {
            "PYTHONPATH": str(ROOT),
            "LIVELINE_KAFKA": kafka.bootstrap,
            "LIVELINE_TOPIC_PREFIX": prefix,
            "LIVELINE_APPLICATION": prefix,
        }

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "streams", *arguments], cwd=self.folder, env=self.environment | environment,
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    @contextmanager
    def worker(self, command: str = "worker", **environment: str) -> Iterator[None]:
        """Run a worker, or another command that does not end, and kill it at the end."""
        with (
            (self.folder / f"{command}.log").open("a") as log,
            subprocess.Popen(
                [sys.executable, "-m", "streams", command],
                cwd=self.folder,
                env=self.environment | environment,
                stderr=log,
            ) as process,
        ):
            try:
                yield
            finally:
                process.kill()

    def push(self, *headlines: str) -> None:
        """Push a post for each headline."""
        posts = [
            {
                "source": "evening-post",
                "content_type": "application/vnd.liveline.post+json",
                "body": json.dumps({"id": headline, "headline": headline}),
            }
            for headline in headlines
        ]
        (self.folder / "posts.jsonl").write_text("\n".join(map(json.dumps, posts)))
        pushed = self.run("push", "posts.jsonl")
        assert pushed.returncode == 0, pushed.stderr

    def alert_at_revision(self, revision: int) -> dict[str, object]:
        """Return the one alert once it has come so far."""
        deadline = time.monotonic() + 90
        while True:
            listed = self.run("alerts", "list", "--json")
            assert listed.returncode == 0, listed.stderr
            found = [json.loads(line) for line in listed.stdout.splitlines()]
            if found and found[0]["revision"] >= revision:
                (alert,) = found
                return dict(alert)
            assert time.monotonic() < deadline, (listed.stdout, (self.folder / "worker.log").read_text()[-2000:])


def test_alerts_are_listed_and_explained_over_workers_that_are_killed(tmp_path: Path, kafka: RealKafka) -> None:
    """A worker is killed with kill -9; the next one goes on in the same alert, and the command line says why."""
    installation = Installation(tmp_path, kafka)
    assert installation.run("topics", "create").returncode == 0
    with installation.worker():
        installation.push("Fire at the harbour", "Ferry late")
        alert_id = str(installation.alert_at_revision(1)["alert_id"])
    installation.push("Fire spreads to the sheds")
    with installation.worker():
        assert installation.alert_at_revision(2)["alert_id"] == alert_id

    explained = installation.run("alerts", "explain", alert_id[:8])
    assert explained.returncode == 0, explained.stderr
    lines = explained.stdout.splitlines()
    assert lines[:2] == [f"alert {alert_id}: rule fire, coverage harbour-fire", "coverage harbour-fire"]
    assert [line.split("revision ")[1] for line in lines if "revision " in line] == [
        "1 raised, told",
        "2 updated, nobody was told: cooldown",
    ]
    assert lines[-1] == "it stands"
    listed = installation.run("alerts", "list", "--rule", "fire").stdout
    assert alert_id in listed
    assert "updated (not told: cooldown)" in listed
    assert installation.run("alerts", "list", "--rule", "other").stdout == ""


def test_it_is_said_where_an_alert_was_sent_and_the_rules_are_run_again_over_kafka(
    tmp_path: Path, kafka: RealKafka
) -> None:
    """`list` in a word, `explain` with the time; `test --from` raises what the worker raised, and changes nothing."""
    installation = Installation(tmp_path, kafka)
    assert installation.run("topics", "create").returncode == 0
    with installation.worker(), installation.worker("deliver", LIVELINE_SINK_DESK="print:"):
        installation.push("Fire at the harbour", "Ferry late")
        alert_id = str(installation.alert_at_revision(1)["alert_id"])
        deadline = time.monotonic() + 90
        while "sink desk: sent at" not in installation.run("alerts", "explain", alert_id).stdout:
            assert time.monotonic() < deadline, (tmp_path / "deliver.log").read_text()[-2000:]

    assert "[desk sent]" in installation.run("alerts", "list").stdout
    assert "desk ▸ " in (tmp_path / "deliver.log").read_text()
    again = installation.run("alerts", "test", "--from", "-1h")
    assert again.returncode == 0, again.stderr
    assert [json.loads(line)["alert_id"] for line in again.stdout.splitlines()] == [alert_id]
    assert installation.run("alerts", "test", "--to", "-1h").stdout == ""
    assert installation.run("alerts", "test", "--from", "-1h", LIVELINE_KAFKA="embedded").returncode == 2


def test_an_alert_that_is_not_there_and_a_broker_that_cannot_be_read(tmp_path: Path, kafka: RealKafka) -> None:
    """An unknown id ends with 1, the embedded broker with 2; both say what to do."""
    installation = Installation(tmp_path, kafka)
    assert installation.run("topics", "create").returncode == 0

    unknown = installation.run("alerts", "explain", "5e0f6c1a")
    assert (unknown.returncode, "liveline alerts list" in unknown.stderr) == (1, True), unknown.stderr
    for arguments in (["alerts", "list"], ["alerts", "explain", "5e0f6c1a"]):
        embedded = installation.run(*arguments, LIVELINE_KAFKA="embedded")
        assert (embedded.returncode, "LIVELINE_KAFKA: found 'embedded'" in embedded.stderr) == (2, True)
