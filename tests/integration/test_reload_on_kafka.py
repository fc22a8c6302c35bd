"""`liveline.yaml` changes under a worker and a gateway that run, each a process, on a real Kafka."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from replay_harness import Topics

from real_kafka import RealKafka

pytestmark = pytest.mark.kafka

RULE = "alerts:\n  - id: fire\n    when: 'entry.mentions(\"fire\")'\n    per: entry\n"
POST = "application/vnd.liveline.post+json"


def newsroom(*sources: str, language: str = "en", more: str = "") -> str:
    """Return the file with these sources, all of one language."""
    listed = "".join(f"      - id: {source}\n        language: {language}\n" for source in sources)
    return f"coverages:\n  - id: harbour\n    sources:\n{listed}{more}"


class Deployment:
    """A worker and a gateway by one `liveline.yaml`."""

    def __init__(self, topics: Topics, stack: ExitStack) -> None:
        self.topics, self._stack = topics, stack
        self.file = topics.folder / "liveline.yaml"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, command: str) -> None:
        """Start a process that ends with the test."""
        log = self._stack.enter_context(self.log(command).open("a"))
        told = {"LIVELINE_APPLICATION": self.topics.prefix.rstrip("."), "LIVELINE_BIND": "127.0.0.1:0"}
        tokens = {"LIVELINE_TOKEN_POST": "of-the-post", "LIVELINE_TOKEN_WIRE": "of-the-wire"}
        process = self._stack.enter_context(
            subprocess.Popen(
                [sys.executable, "-m", "streams", command],
                cwd=self.topics.folder,
                env=self.topics.environment(**told, **tokens, PYTHONPATH=str(Path(__file__).parents[2])),
                stderr=log,
            )
        )
        self._stack.callback(process.kill)
        self.processes[command] = process

    def log(self, command: str) -> Path:
        """Return where a process's log is."""
        return self.topics.folder / f"{command}.log"

    def events(self, command: str, event: str) -> list[dict[str, Any]]:
        """Return a process's log lines of one event."""
        lines = [line for line in self.log(command).read_text().splitlines() if line.startswith("{")]
        return [told for told in map(json.loads, lines) if told["event"] == event]

    def write(self, text: str) -> None:
        """Put another file in place and tell both, as an operator does; wait until both have read it."""
        read = {command: self._read(command) for command in self.processes}
        self.file.write_text(text)
        for process in self.processes.values():
            process.send_signal(signal.SIGHUP)
        until(lambda: all(self._read(command) > read[command] for command in read))

    def _read(self, command: str) -> int:
        return sum(len(self.events(command, f"config.{result}")) for result in ("applied", "refused", "unchanged"))

    def taken_over(self, agent: str) -> int:
        """Return how often the worker's agent has taken over a partition."""
        return sum(each["agent"] == agent for each in self.events("worker", "partition.taken_over"))

    def push(self, source: str, post: str, headline: str) -> int:
        """Push to the gateway; return the status."""
        found = re.search(r'"url": "(http://[^"]+)"', self.log("gateway").read_text())
        assert found
        request = urllib.request.Request(  # noqa: S310
            f"{found[1]}/v1/sources/{source}/documents",
            data=json.dumps({"id": post, "headline": headline}).encode(),
            headers={"Authorization": f"Bearer of-the-{source}", "Content-Type": POST},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    def values(self, topic: str, least: int) -> list[dict[str, Any]]:
        """Return what is committed of a topic, once there is so much."""
        found: list[dict[str, Any]] = []

        def there() -> bool:
            found[:] = [json.loads(message.value() or b"") for message in self.topics.read(topic)]
            return len(found) >= least

        until(there)
        return found


def until(true: Callable[[], bool]) -> None:
    """Wait for a condition, within a bound."""
    deadline = time.monotonic() + 120
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.2)


@pytest.fixture
def deployment(kafka: RealKafka, tmp_path: Path) -> Iterator[Deployment]:
    """Start both by a file with one source."""
    with ExitStack() as stack:
        made = Deployment(Topics(kafka.bootstrap, tmp_path), stack)
        made.file.write_text(newsroom("post"))
        made.start("worker")
        made.start("gateway")
        until(lambda: bool(made.events("gateway", "gateway.listening")))
        until(lambda: made.taken_over("entries") >= made.topics.partitions)
        yield made


def test_a_new_source_and_a_new_rule_need_no_restart(deployment: Deployment) -> None:
    """What was refused before is taken after, read by the new file, and raises what the new rule says."""
    names = deployment.topics.names
    assert (deployment.push("post", "p1", "Fire on the quay"), deployment.push("wire", "w1", "Fire")) == (202, 401)
    assert [each["language"] for each in deployment.values(names.entries, 1)] == ["en"]
    before = {command: process.pid for command, process in deployment.processes.items()}

    deployment.write(newsroom("post", "wire", language="de", more=RULE))

    # The first rule starts its agent, which begins at the log's end.
    until(lambda: deployment.taken_over("alerts") == deployment.topics.partitions)
    assert deployment.push("wire", "w1", "The fire spreads") == 202
    entries = deployment.values(names.entries, 2)
    assert [(each["source_id"], each["language"]) for each in entries] == [("post", "en"), ("wire", "de")]
    alerts = deployment.values(names.alerts, 1)
    assert [(each["rule_id"], each["sources"]) for each in alerts] == [("fire", ["wire"])]
    assert {command: process.pid for command, process in deployment.processes.items()} == before
    assert all(process.poll() is None for process in deployment.processes.values())
    (applied,) = deployment.events("worker", "config.applied")
    assert (applied["sources_added"], applied["sources_changed"], applied["alerts_added"]) == (
        ["wire"],
        ["post"],
        ["fire"],
    )


def test_a_bad_file_leaves_the_old_one_in_force(deployment: Deployment) -> None:
    """Both say so in the words of `liveline config check`, and go on."""
    names = deployment.topics.names
    deployment.write(newsroom("post", language="de", more="alerts:\n  - id: fire\n    when: 'entry.nonsense > 3'\n"))

    checked = deployment.topics.run("config", "check").stderr.splitlines()
    assert len(checked) == 1
    for command in deployment.processes:
        assert [each["error"] for each in deployment.events(command, "config.refused")] == checked
    assert deployment.push("post", "p1", "Fire on the quay") == 202
    assert [each["language"] for each in deployment.values(names.entries, 1)] == ["en"]

    deployment.write(newsroom("post", language="nl"))
    assert deployment.push("post", "p2", "Smoke over the town") == 202
    assert [each["language"] for each in deployment.values(names.entries, 2)] == ["en", "nl"]


def test_a_kill_around_a_reload_loses_and_doubles_nothing(deployment: Deployment) -> None:
    """Documents come all the while; the worker is killed as it reads the file, and another goes on by it."""
    topics = deployment.topics
    for number in range(60):
        assert deployment.push("post", f"p{number}", f"Update {number} from berth {number * 37}") == 202
        if number % 20 == 10:
            deployment.file.write_text(newsroom("post", language=f"{'de' if number == 30 else 'nl'}"))
            worker = deployment.processes["worker"]
            worker.send_signal(signal.SIGHUP)
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait(30)
            deployment.start("worker")

    entries = deployment.values(topics.names.entries, 60)
    time.sleep(1.0)
    entries = deployment.values(topics.names.entries, 60)
    assert sorted(each["source_post_id"] for each in entries) == sorted(f"p{number}" for number in range(60))
    assert {each["revision"] for each in entries} == {1}
