"""The broker of deploy/kafka itself: what it keeps over a restart, a kill and the loss of a node."""

import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from real_kafka import SCRIPT, RealKafka

pytestmark = pytest.mark.kafka


def written(bootstrap: str, topic: str, *values: bytes) -> None:
    """Write values and fail unless the broker has acknowledged each."""
    producer = Producer({"bootstrap.servers": bootstrap, "message.timeout.ms": 30_000, "acks": "all"})
    errors: list[object] = []
    for value in values:
        producer.produce(topic, value, on_delivery=lambda error, _: errors.append(error))
    assert producer.flush(30) == 0
    assert errors == [None] * len(values)


def read(bootstrap: str, topic: str, count: int) -> list[bytes]:
    """Read that many values from partition 0."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": uuid.uuid4().hex})
    consumer.assign([TopicPartition(topic, 0, 0)])
    try:
        messages = consumer.consume(count, timeout=30)
        return [message.value() for message in messages if message.error() is None]
    finally:
        consumer.close()


def made(bootstrap: str, replicas: int = 1) -> str:
    """Make a topic of one partition."""
    topic = f"t-{uuid.uuid4().hex}"
    admin = AdminClient({"bootstrap.servers": bootstrap})
    admin.create_topics([NewTopic(topic, 1, replicas)])[topic].result(30)
    return topic


@pytest.mark.parametrize("hard", [False, True], ids=["clean", "kill -9"])
def test_a_restart_keeps_address_and_data(own_kafka: RealKafka, *, hard: bool) -> None:
    """What was acknowledged is there after a restart, at the same address, and writing goes on."""
    address, topic = own_kafka.bootstrap, made(own_kafka.bootstrap)
    written(address, topic, b"before")

    own_kafka.restart(hard=hard)
    written(own_kafka.bootstrap, topic, b"after")

    assert own_kafka.bootstrap == address
    assert read(address, topic, 2) == [b"before", b"after"]


def test_three_nodes_lose_one_and_go_on(three_kafkas: RealKafka) -> None:
    """With three copies and two in sync, a killed node costs nothing that was acknowledged."""
    topic = made(three_kafkas.bootstrap, replicas=3)
    written(three_kafkas.bootstrap, topic, b"three")

    three_kafkas.kill(node=2)
    written(three_kafkas.bootstrap, topic, b"two")
    three_kafkas.start(node=2)

    assert read(three_kafkas.bootstrap, topic, 2) == [b"three", b"two"]


@pytest.mark.parametrize("hard", [False, True], ids=["clean", "kill -9"])
def test_three_nodes_come_back_together(three_kafkas: RealKafka, *, hard: bool) -> None:
    """All nodes at once are stopped, or lose power, and start with what was acknowledged."""
    topic = made(three_kafkas.bootstrap, replicas=3)
    written(three_kafkas.bootstrap, topic, b"before")

    three_kafkas.restart(hard=hard)

    assert read(three_kafkas.bootstrap, topic, 1) == [b"before"]


def test_a_pid_that_is_somebody_elses_is_left_alone(own_kafka: RealKafka) -> None:
    """A pid file that names another process, as after a reboot, ends nothing but is not believed."""
    own_kafka.stop()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (own_kafka.data / "node-1" / "pid").write_text(str(stranger.pid))

        own_kafka.kill()
        own_kafka.start()

        assert stranger.poll() is None
        stranger.kill()


def test_a_taken_port_is_named(kafka: RealKafka, tmp_path: Path) -> None:
    """A second broker on the same port is refused with a line that says what to do."""
    port = kafka.bootstrap.rpartition(":")[2]

    done = subprocess.run(
        [SCRIPT, "start", "--data", tmp_path, "--port", port], capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert f"port {port} is in use" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("has", "line"),
    [((), "Java is missing"), (("old java",), "is Java 11: Kafka needs Java 17"), (("java",), "Maven is missing")],
)
def test_what_the_machine_lacks_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has: tuple[str, ...], line: str
) -> None:
    """The start ends with its own exit code and one line; Maven is only asked for while its jars aren't there."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in has:
        version = "11.0.2" if name.startswith("old") else "17.0.1"
        program = programs / "java"
        program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("JAVA_HOME", raising=False)

    done = subprocess.run(
        [sys.executable, SCRIPT, "start", "--data", tmp_path / "data", "--port", "0"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert line in done.stderr
