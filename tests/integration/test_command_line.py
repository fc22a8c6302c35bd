"""The command line with a broker: the embedded one, so that it runs everywhere."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from streams.embedded import EmbeddedBroker

ROOT = Path(__file__).parents[2]
NEWSROOM = "coverages:\n  - id: harbour-fire\n    sources:\n      - id: evening-post\n"
POST = '{"id": "p1", "headline": "Smoke over the quay", "published_at": "2024-05-01T12:00:00Z"}'


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Return an environment without settings but for a free port and a token, and write a newsroom."""
    (tmp_path / "liveline.yaml").write_text(NEWSROOM)
    (tmp_path / "post.json").write_text(POST)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIVELINE_")}
    return kept | {
        "PYTHONPATH": str(ROOT),
        "LIVELINE_BIND": "127.0.0.1:0",
        "LIVELINE_TOKEN_EVENING_POST": "change-me",
    }


def liveline(folder: Path, environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
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


def test_the_demo_checks_itself(tmp_path: Path, environment: dict[str, str]) -> None:
    """Everything runs in one process, comes out as a person expects, and leaves nothing behind."""
    before = set(tmp_path.iterdir())

    done = liveline(tmp_path, environment, "demo", "--check")

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("All as expected.\n")
    assert set(tmp_path.iterdir()) == before


@pytest.fixture
def up(tmp_path: Path, environment: dict[str, str]) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """Give the URL and the process of `liveline up`."""
    with (
        (tmp_path / "log").open("w") as log,
        subprocess.Popen(
            [sys.executable, "-m", "streams", "up"],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        assert process.stdout
        try:
            yield process.stdout.readline().strip(), process
        finally:
            process.kill()


def test_up_takes_a_push_and_delivers_it_and_ends_when_told(
    tmp_path: Path, environment: dict[str, str], up: tuple[str, "subprocess.Popen[str]"]
) -> None:
    """One command runs all of it; SIGTERM ends it with 0."""
    url, process = up
    pushed = liveline(tmp_path, environment, "push", "--source", "evening-post", "--gateway", url, "post.json")
    assert pushed.returncode == 0, pushed.stderr
    assert json.loads(pushed.stdout)["document"] == "post.json"

    deadline = time.monotonic() + 60
    entries: list[dict[str, object]] = []
    while not entries and time.monotonic() < deadline:
        with urllib.request.urlopen(f"{url}/v1/coverages/harbour-fire/entries", timeout=10) as response:  # noqa: S310
            entries = json.load(response)["entries"]
        time.sleep(0.1)
    assert [entry["headline"] for entry in entries] == ["Smoke over the quay"]

    refused = liveline(
        tmp_path, environment, "push", "--source", "evening-post", "--token", "no", "--gateway", url, "post.json"
    )
    assert (refused.returncode, "401" in refused.stderr) == (1, True)

    taken = liveline(tmp_path, environment | {"LIVELINE_BIND": url.removeprefix("http://")}, "up")
    assert (taken.returncode, taken.stderr.splitlines()[-1].startswith("liveline: LIVELINE_BIND: ")) == (2, True)

    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0, (tmp_path / "log").read_text()


def test_a_push_straight_into_kafka_says_where_it_stands(tmp_path: Path, environment: dict[str, str]) -> None:
    """Documents of a coverage follow one another in one partition; a source nobody configured is refused."""
    with EmbeddedBroker() as broker:
        broker.create_topic("liveline.raw", 4)
        kafka = environment | {"LIVELINE_KAFKA": broker.bootstrap}
        done = liveline(tmp_path, kafka, "push", "--source", "evening-post", "post.json", "post.json", "missing.json")
        stranger = liveline(tmp_path, kafka, "push", "--source", "stranger", "post.json")

    first, second = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert done.stderr == "liveline: missing.json: no such file or directory\n"
    assert first["partition"] == second["partition"]
    assert (first["offset"], second["offset"]) == (0, 1)
    assert first["id"] != second["id"]
    assert (stranger.returncode, stranger.stdout) == (1, "")
    assert "source 'stranger' is not configured" in stranger.stderr


@pytest.mark.parametrize("command", [("worker",), ("gateway",), ("topics", "check")])
def test_what_needs_a_kafka_says_so(tmp_path: Path, environment: dict[str, str], command: tuple[str, ...]) -> None:
    """The embedded broker lives in one process; a process alone can do nothing with it."""
    done = liveline(tmp_path, environment, *command)

    assert done.returncode == 2
    assert done.stderr.startswith("liveline: LIVELINE_KAFKA: found 'embedded'")
