"""`liveline status` and `liveline healthcheck` over processes on a real Kafka."""

import json
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from replay_harness import Topics, document_headers

from real_kafka import RealKafka

pytestmark = pytest.mark.kafka


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@pytest.fixture
def settings(kafka: RealKafka, tmp_path: Path) -> tuple[Topics, dict[str, str]]:
    """Make topics of the test's own, and settings of a deployment on them."""
    (tmp_path / "liveline.yaml").write_text(
        "coverages:\n  - id: fire\n    sources:\n      - id: post\n      - id: wire\n"
    )
    topics = Topics(kafka.bootstrap, tmp_path)
    return topics, {
        "LIVELINE_APPLICATION": topics.prefix.rstrip("."),
        "LIVELINE_BIND": f"127.0.0.1:{_free_port()}",
        "LIVELINE_WORKER_BIND": f"127.0.0.1:{_free_port()}",
    }


@pytest.fixture
def start(settings: tuple[Topics, dict[str, str]], tmp_path: Path) -> Iterator[Callable[[str], Any]]:
    """Start processes that end with the test."""
    topics, told = settings
    with ExitStack() as stack:

        def run(name: str) -> "subprocess.Popen[bytes]":
            log = stack.enter_context((tmp_path / f"{name}.log").open("a"))
            process = stack.enter_context(
                subprocess.Popen(topics.command(name), cwd=tmp_path, env=topics.environment(**told), stderr=log)
            )
            stack.callback(process.kill)
            return process

        yield run


def test_status_tells_who_is_there_and_what_is_wrong(
    settings: tuple[Topics, dict[str, str]], start: Callable[[str], Any]
) -> None:
    """From nobody at work over all well to a process that stopped, and one that fell silent."""
    topics, told = settings

    def status() -> tuple[int, dict[str, Any]]:
        done = topics.run("status", "--json", **told)
        assert done.stderr == ""
        found: dict[str, Any] = json.loads(done.stdout)
        return done.returncode, found

    def until(ready: Callable[[dict[str, Any]], bool]) -> tuple[int, dict[str, Any]]:
        deadline = time.monotonic() + 90
        while True:
            code, found = status()
            if ready(found):
                return code, found
            assert time.monotonic() < deadline, found
            time.sleep(0.5)

    body = json.dumps({"id": "p1", "headline": "Fire", "body_text": "It burns."}).encode()
    headers = {**document_headers(1), "content-type": "application/vnd.liveline.post+json"}
    topics.write(topics.names.raw, body, key="fire", headers=headers)
    topics.write(topics.names.raw, b"{}", key="fire", headers={**headers, "ce_id": "d2"})
    code, found = status()
    assert code == 1
    assert found["problems"] == [
        "no worker is alive",
        "no gateway is alive",
        f"{topics.names.raw} partition 0: 2 offsets wait, and no worker has it",
    ]
    assert topics.run("healthcheck", "worker", **told).returncode == 1

    worker, gateway = start("worker"), start("gateway")
    code, found = until(
        lambda each: (
            not each["problems"]
            and bool(each["dead_letters"])
            and "age_seconds" in each["sources"][0]
            and each["processes"][-1].get("partitions") == {"entries": [0, 1]}
        )
    )
    assert code == 0
    assert [each["kind"] for each in found["processes"]] == ["gateway", "worker"]
    assert found["processes"][1]["pid"] == worker.pid
    assert [each["offsets"] for each in found["lag"]] == [0, 0]
    assert found["dead_letters"] == [{"source": "post", "stage": "parse", "waiting": 1}]
    assert [("age_seconds" in each, each["id"]) for each in found["sources"]] == [(True, "post"), (False, "wire")]
    assert found["archives"][0]["bytes"] > 0
    assert {each["topic"]: each["partitions"] for each in found["topics"]}[topics.names.raw] == 2
    screen = topics.run("status", **told)
    assert screen.returncode == 0
    assert all(part in screen.stdout for part in ("Topics", "post, parse", "worker", "nothing"))
    assert [topics.run("healthcheck", name, **told).returncode for name in ("worker", "gateway")] == [0, 0]

    gateway.terminate()
    gateway.wait(30)
    assert status()[1]["problems"] == ["no gateway is alive"]
    now = datetime.now(UTC)
    silent = {
        "kind": "gateway", "version": "0", "host": "elsewhere", "pid": 7, "since": "2026-01-01T00:00:00Z",
        "at": (now - timedelta(minutes=5)).isoformat(), "every_seconds": 15.0,
    }  # fmt: skip
    topics.write(topics.names.control, silent, key="process/gone")
    topics.write(topics.names.control, {**silent, "pid": 6, "at": "2026-01-02T00:00:00Z"}, key="process/long-gone")
    assert [each.split(": not heard")[0] for each in status()[1]["problems"]] == [
        "gateway on elsewhere, pid 7", "no gateway is alive",
    ]  # fmt: skip
    started_again = {**silent, "pid": 8, "since": (now - timedelta(minutes=4)).isoformat(), "at": now.isoformat()}
    topics.write(topics.names.control, {**started_again, "every_seconds": 60.0}, key="process/back")
    assert status()[1]["problems"] == []


def test_a_missing_topic_is_named(settings: tuple[Topics, dict[str, str]]) -> None:
    """As `topics check` does, and the rest is told all the same."""
    topics, told = settings
    done = topics.run("status", "--json", **told, LIVELINE_TOPIC_PREFIX=f"{topics.prefix}none.")

    assert done.returncode == 1
    assert "none.raw" in json.loads(done.stdout)["problems"][0]


def test_the_embedded_broker_has_no_status(settings: tuple[Topics, dict[str, str]]) -> None:
    """It lives in one process, which nobody else can ask: exit code 2, with words."""
    topics, _ = settings
    done = topics.run("status", LIVELINE_KAFKA="embedded")

    assert (done.returncode, "needs a real Kafka" in done.stderr) == (2, True)
