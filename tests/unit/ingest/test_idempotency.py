"""A repeated push is stored once."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from schemas import Document
from streams.ingest.idempotency import KeyReusedError, RecentKeys, document_digest, document_id
from streams.ingest.producer import Stored
from streams.ingest.unavailable import KafkaUnavailable


class FakeKafka:
    """Counts what it is sent; fails as often as it is told to."""

    def __init__(self, failures: int = 0) -> None:
        self.sent = 0
        self.failures = failures

    async def send(self) -> Stored:
        """Store, in a moment."""
        await asyncio.sleep(0)
        self.sent += 1
        if self.sent <= self.failures:
            raise KafkaUnavailable("down")
        return Stored(0, self.sent)


async def test_the_same_key_and_body_is_sent_once() -> None:
    """Repeats get the first's answer, whether it is under way or done."""
    kafka, keys = FakeKafka(), RecentKeys(10)

    answers = await asyncio.gather(*(keys.once("post", "k", b"body", kafka.send) for _ in range(4)))
    answers.append(await keys.once("post", "k", b"body", kafka.send))

    assert answers == [Stored(0, 1)] * 5
    assert kafka.sent == 1


async def test_another_body_under_the_same_key_is_refused() -> None:
    """A key names one document; another source's keys are its own."""
    kafka, keys = FakeKafka(), RecentKeys(10)
    await keys.once("post", "k", b"body", kafka.send)

    with pytest.raises(KeyReusedError):
        await keys.once("post", "k", b"other", kafka.send)
    assert await keys.once("quay", "k", b"other", kafka.send) == Stored(0, 2)


async def test_a_failed_push_is_sent_again() -> None:
    """All who wait for it are told; the next repeat is sent."""
    kafka, keys = FakeKafka(failures=1), RecentKeys(10)

    failed = await asyncio.gather(
        *(keys.once("post", "k", b"body", kafka.send) for _ in range(2)), return_exceptions=True
    )
    assert [type(each) for each in failed] == [KafkaUnavailable] * 2
    assert await keys.once("post", "k", b"body", kafka.send) == Stored(0, 2)


async def test_a_client_that_leaves_does_not_fail_the_other() -> None:
    """The push goes on for who repeated it."""
    kafka, keys = FakeKafka(), RecentKeys(10)
    first = asyncio.create_task(keys.once("post", "k", b"body", kafka.send))
    await asyncio.sleep(0)
    first.cancel()

    assert await keys.once("post", "k", b"body", kafka.send) == Stored(0, 1)


async def test_only_so_many_keys_are_remembered() -> None:
    """The oldest is forgotten; what it stands for keeps its id, so that the worker knows it again."""
    kafka, keys = FakeKafka(), RecentKeys(2)
    for key in "abc":
        await keys.once("post", key, b"body", kafka.send)
    await keys.once("post", "c", b"body", kafka.send)
    await keys.once("post", "a", b"body", kafka.send)

    assert kafka.sent == 4
    assert document_id("post", "a") == document_id("post", "a") != document_id("pos", "ta")


def test_everything_that_decides_how_a_document_is_read_tells_two_pushes_apart() -> None:
    """Another address, format or type under the same key is another document; so is what stands one part further on."""
    parts: list[dict[str, Any]] = [
        {},
        {"url": "https://x.test/1"},
        {"url": "https://x.test/2"},
        {"format": "feed"},
        {"url": "feed"},
        {"content_type": "text/html"},
        {"content_type": "text/html; charset=utf-8"},
        {"body": b"{} "},
        {"content_type": "application/json1", "url": ""},
        {"url": "", "format": ""},
    ]
    digests = [document_digest(document(**each)) for each in parts]

    assert len(set(digests)) == len(parts)
    assert document_digest(document()) == digests[0]


def document(**parts: Any) -> Document:
    """Return a pushed document; its id and time do not count."""
    return Document.model_validate(
        {
            "id": str(uuid4()),
            "source_id": "evening-post",
            "coverage_id": "fire",
            "received_at": datetime.now(UTC),
            "content_type": "application/json",
            "body": b"{}",
            **parts,
        }
    )
