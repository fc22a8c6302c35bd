"""`liveline replay --into` on a real Kafka."""

import json
import signal
import subprocess
import time
from collections import Counter

import pytest
from replay_harness import Topics, at, document_headers, entry, json_lines

pytestmark = pytest.mark.kafka


def test_records_are_copied_as_they_are(topics: Topics) -> None:
    """Key, value, headers, time and partition stay; a header tells where each was; one line says what was written."""
    target = topics.make(3)
    topics.write(topics.names.raw, b"\xff\x00", partition=1, key="fire", headers=document_headers(1), timestamp=1234)
    topics.write(topics.names.raw, b"two", partition=0, headers=document_headers(2, 5), timestamp=5678)

    done = topics.run("replay", "--topic", "raw", "--into", target)

    two, one = topics.read(target)
    assert (one.key(), one.value(), one.partition(), one.timestamp()[1]) == (b"fire", b"\xff\x00", 1, 1234)
    assert (two.key(), two.value(), two.partition(), two.timestamp()[1]) == (None, b"two", 0, 5678)
    own = [(name, value.encode()) for name, value in document_headers(1).items()]
    assert one.headers() == [*own, ("liveline-replayed-from", f"{topics.names.raw}/1/0".encode())]
    assert json_lines(done.stdout) == [
        {
            "from": topics.names.raw,
            "into": target,
            "records": 2,
            "bytes": 5,
            "transactions": 1,
            "first": at(0),
            "last": at(5),
        }
    ]


def test_one_of_our_own_topics_needs_a_yes(topics: Topics) -> None:
    """Without it nothing is written; with it a topic may be replayed into itself, and ends."""
    topics.write(topics.names.entries, entry("a", 0))

    refused = topics.run("replay", "--into", topics.names.entries)
    allowed = topics.run("replay", "--into", topics.names.entries, "--yes")

    assert (refused.returncode, "--yes" in refused.stderr) == (2, True)
    assert allowed.returncode == 0
    assert len(topics.read(topics.names.entries)) == 2


def test_a_target_with_fewer_partitions_is_refused(topics: Topics) -> None:
    """A record has to stay in its partition."""
    done = topics.run("replay", "--into", topics.make(1))

    assert (done.returncode, "it has 1 partitions; expected at least 2" in done.stderr) == (1, True)


def test_kill_9_leaves_whole_transactions_and_nothing_twice(topics: Topics) -> None:
    """Whatever it had written, what counts is a multiple of 500, each record once."""
    for number in range(20_000):
        topics.producer.produce(topics.names.entries, json.dumps(entry(str(number), number)), partition=number % 2)
        topics.producer.poll(0)
    assert topics.producer.flush(60) == 0
    target = topics.make(2)
    process = subprocess.Popen(topics.command("replay", "--into", target), env=topics.environment())
    deadline = time.monotonic() + 60
    while len(topics.read(target)) < 1000 and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait(60)

    found = topics.read(target)

    assert 1000 <= len(found) < 20_000
    assert len(found) % 500 == 0
    assert max(Counter(dict(message.headers() or ())["liveline-replayed-from"] for message in found).values()) == 1
