"""A deployment as the README describes it: topics, two workers, a gateway, each a process, on a real Kafka."""

import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from streams.topology import TOPICS

from real_kafka import RealKafka

ROOT = Path(__file__).parents[2]
NEWSROOM = "coverages:\n" + "".join(
    f"  - id: coverage-{number}\n    sources:\n      - id: source-{number}\n" for number in range(8)
)

pytestmark = pytest.mark.kafka


@pytest.fixture
def environment(tmp_path: Path, kafka: RealKafka) -> dict[str, str]:
    """Return settings of an installation of the test's own."""
    (tmp_path / "liveline.yaml").write_text(NEWSROOM)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIVELINE_")}
    return kept | {
        "PYTHONPATH": str(ROOT),
        "LIVELINE_KAFKA": kafka.bootstrap,
        "LIVELINE_TOPIC_PREFIX": "processes.",
        "LIVELINE_APPLICATION": "processes",
        "LIVELINE_BIND": "127.0.0.1:0",
    }


@pytest.fixture
def start(tmp_path: Path, environment: dict[str, str]) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Start processes that end with the test."""
    with ExitStack() as stack:

        def run(*arguments: str) -> "subprocess.Popen[str]":
            log = stack.enter_context((tmp_path / f"{arguments[0]}.log").open("a"))
            process = stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", "streams", *arguments], cwd=tmp_path, env=environment, stderr=log, text=True
                )
            )
            stack.callback(process.kill)
            return process

        yield run


def finished(folder: Path, environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "streams", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_topics_workers_and_a_gateway_do_the_work_together(
    tmp_path: Path, environment: dict[str, str], start: Callable[..., "subprocess.Popen[str]"]
) -> None:
    """What is pushed into Kafka is delivered once by the gateway, whichever worker has its partition."""
    without = finished(tmp_path, environment, "worker")
    assert (without.returncode, "liveline topics create" in without.stderr) == (1, True), without.stderr
    assert finished(tmp_path, environment, "topics", "check").returncode == 1

    created = finished(tmp_path, environment, "topics", "create")
    assert (created.returncode, created.stdout.count(": created")) == (0, len(TOPICS)), created.stderr
    assert finished(tmp_path, environment, "topics", "create").stdout == "all topics are as they must be\n"
    assert finished(tmp_path, environment, "topics", "check").returncode == 0

    processes = [start("worker"), start("worker"), start("gateway")]
    documents = [
        {
            "source": f"source-{number % 8}",
            "content_type": "application/vnd.liveline.post+json",
            "body": json.dumps({"id": f"p{number}", "headline": f"Update {number} from berth {number * 37}"}),
        }
        for number in range(40)
    ]
    (tmp_path / "documents.jsonl").write_text("\n".join(map(json.dumps, documents)))
    pushed = finished(tmp_path, environment, "push", "documents.jsonl")
    assert (pushed.returncode, len(pushed.stdout.splitlines())) == (0, 40), pushed.stderr

    url = _url(tmp_path / "gateway.log")
    _wait_until_ready(url)
    deadline = time.monotonic() + 90
    found: list[str] = []
    while len(found) < len(documents) and time.monotonic() < deadline:
        time.sleep(0.3)
        found = [
            entry["source_post_id"]
            for number in range(8)
            for entry in _entries(f"{url}/v1/coverages/coverage-{number}/entries")
        ]
    assert sorted(found) == sorted(f"p{number}" for number in range(40))

    for process in processes:
        process.terminate()
    assert [process.wait(60) for process in processes] == [0, 0, 0]


def _entries(url: str) -> list[dict[str, str]]:
    with urllib.request.urlopen(url, timeout=10) as response:  # noqa: S310
        entries: list[dict[str, str]] = json.load(response)["entries"]
        return entries


def _wait_until_ready(url: str) -> None:
    """Wait until a gateway that listens has taken up its archive; it answers 503 before."""
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=10):  # noqa: S310
                return
        except urllib.error.HTTPError as error:
            if error.code != 503 or time.monotonic() > deadline:
                raise
        time.sleep(0.1)


def _url(log: Path) -> str:
    """Return the address that the gateway says it listens on."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if found := re.search(r'"url": "(http://[^"]+)"', log.read_text()):
            return found[1]
        time.sleep(0.1)
    raise AssertionError(f"the gateway does not listen: {log.read_text()}")
