"""Raw documents and dead letters through a real worker, and what comes of them when they are replayed."""

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from replay_harness import Topics, json_lines

pytestmark = pytest.mark.kafka

POST = "application/vnd.liveline.post+json"
CONFIG = """
coverages:
  - id: fire
    sources:
      - {id: post, timezone: Europe/London, identity: url}
      - {id: wire, timezone: Asia/Tokyo, language: ja}
"""


@contextmanager
def worker(topics: Topics) -> Iterator[None]:
    """Run a worker."""
    with (
        (topics.folder / "worker.log").open("w") as log,
        subprocess.Popen(
            topics.command("worker"), cwd=topics.folder, env=topics.environment(), stdout=log, stderr=log
        ) as process,
    ):
        try:
            yield
        finally:
            process.terminate()
            process.wait(60)


def until(look: Callable[[], list[Any]], count: int) -> list[Any]:
    """Wait until there are so many."""
    deadline = time.monotonic() + 60
    while len(found := look()) < count and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


def push(topics: Topics, *documents: dict[str, Any]) -> None:
    """Push documents as a user does."""
    (topics.folder / "liveline.yaml").write_text(CONFIG)
    (topics.folder / "documents.jsonl").write_text("\n".join(map(json.dumps, documents)))
    done = topics.run("push", "documents.jsonl")
    assert done.returncode == 0, done.stderr


def document(source: str, minute: int, **post: Any) -> dict[str, Any]:
    """Return a line of a `.jsonl` file."""
    told = {"source": source, "content_type": POST, "body": json.dumps(post)}
    return {**told, "received_at": f"2026-05-01T12:{minute:02}:00Z"}


def test_a_replay_of_raw_through_process_says_what_live_said(topics: Topics) -> None:
    """With the same liveline.yaml: zones, identity, revisions, all but when it was done and where it stood."""
    documents = [
        document("post", 0, id="1", url="https://example.org/#a", headline="Fire", published_at="2026-05-01T13:00:00"),
        document("wire", 1, id="w1", headline="Fire at the quay", published_at="2026-05-01T21:00:30"),
        document(
            "post", 2, id="2", url="https://example.org/#a", headline="Fire out", published_at="2026-05-01T13:00:00"
        ),
    ]
    push(topics, *documents)
    with worker(topics):
        until(lambda: topics.lines("replay"), 3)
    live = topics.lines("replay")

    (topics.folder / "raw.jsonl").write_text(topics.run("replay", "--topic", "raw").stdout)
    again = json_lines(topics.run("process", "--config", "liveline.yaml", "raw.jsonl").stdout)

    for entry in (*live, *again):
        entry.pop("origin", None)
        entry.pop("processed_at")
    assert [entry["revision"] for entry in live] == [1, 1, 2]
    assert again == live


def test_a_raw_documents_time_is_its_ce_time(topics: Topics) -> None:
    """Kafka's timestamp of what our producers write is when the document was received."""
    push(topics, document("post", 7, id="1", headline="Fire"))

    (message,) = topics.read(topics.names.raw)

    assert message.timestamp()[1] == 1777637220000
    assert dict(message.headers() or ())["ce_time"] == b"2026-05-01T12:07:00Z"


def test_what_a_worker_refused_is_processed_after_a_retry(topics: Topics) -> None:
    """A wrong header put right makes an entry; what fails again is a letter that names the first."""
    push(topics, {**document("post", 0, id="1", headline="Fire"), "format": "feed"}, document("post", 1))
    with worker(topics):
        letters = until(lambda: topics.lines("dlq", "list"), 2)
        assert [letter["state"] for letter in letters] == ["waiting", "waiting"]
        first, second = (letter["id"] for letter in letters)
        topics.lines("dlq", "retry", first, "--set", "liveline-format=post")
        topics.lines("dlq", "retry", second)
        entries = until(lambda: topics.lines("replay"), 1)
        (again,) = until(lambda: topics.lines("dlq", "list"), 1)

    assert [entry["headline"] for entry in entries] == ["Fire"]
    assert (again["retry_of"], again["tries"]) == (second, 1)
