"""A worker goes on by another newsroom while it runs; on the embedded broker."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from embedded_worker import push, until, values

from schemas import Newsroom
from streams.bootstrap.reload_worker import WorkerPart
from streams.bootstrap.worker import create_app
from streams.embedded import EmbeddedBroker
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.worker import Worker
from streams.settings import Settings
from streams.topology import TOPICS, Names

NAMES = Names()
FIRE = {"id": "fire", "when": "entry.mentions('fire')", "per": "coverage", "cooldown": "1h"}


def newsroom(language: str, *alerts: dict[str, Any]) -> Newsroom:
    """Return a newsroom whose source writes in a language."""
    source = {"id": "evening-post", "language": language}
    return Newsroom.model_validate({"coverages": [{"id": "harbour", "sources": [source]}], "alerts": alerts})


@pytest.fixture
async def broker() -> AsyncIterator[EmbeddedBroker]:
    """Start a broker with Liveline's topics, a partition each."""
    with EmbeddedBroker() as broker:
        for topic in TOPICS:
            broker.create_topic(NAMES.of(topic.role), 1)
        yield broker


@asynccontextmanager
async def at_work(bootstrap: str, first: Newsroom) -> AsyncIterator[tuple[Worker, Callable[[Newsroom], Any]]]:
    """Run a worker; gives it with what has it go on by another newsroom."""
    settings = Settings(kafka="embedded", newsroom=first)
    worker = create_app(settings, KafkaConnection(bootstrap))
    part = WorkerPart(worker)

    async def take(changed: Newsroom) -> None:
        told = settings.model_copy(update={"newsroom": changed})
        await part.check(told)
        await part.take(told)
        await until(lambda: worker.not_ready() is None)

    await worker.start()
    try:
        await until(lambda: worker.not_ready() is None)
        yield worker, take
    finally:
        await worker.stop()


async def test_the_next_document_is_processed_by_the_new_newsroom(broker: EmbeddedBroker) -> None:
    """What was published stays as it is, and what is remembered stays too: an edit is the second revision."""
    async with at_work(broker.bootstrap, newsroom("nl")) as (_, take):
        push(broker.bootstrap, "harbour", "p1", "Brand")
        assert [each["language"] for each in await values(broker.bootstrap, NAMES.entries, 1)] == ["nl"]

        await take(newsroom("de"))
        push(broker.bootstrap, "harbour", "p1", "Brand am Hafen")

        entries = await values(broker.bootstrap, NAMES.entries, 2)
    assert [(each["revision"], each["language"]) for each in entries] == [(1, "nl"), (2, "de")]
    assert entries[0]["entry_id"] == entries[1]["entry_id"]


async def test_rules_come_change_and_go_while_the_worker_runs(broker: EmbeddedBroker) -> None:
    """The first rule starts its agent; a rule that changed keeps what it told; without rules the agent ends."""
    async with at_work(broker.bootstrap, newsroom("en")) as (worker, take):
        await take(newsroom("en", FIRE))
        push(broker.bootstrap, "harbour", "p1", "Fire at the harbour")
        assert [each["change"] for each in await values(broker.bootstrap, NAMES.alerts, 1)] == ["raised"]

        await take(newsroom("en", {**FIRE, "when": "entry.mentions('fire') || entry.mentions('smoke')"}))
        push(broker.bootstrap, "harbour", "p2", "Smoke over the quay")
        told = await values(broker.bootstrap, NAMES.alerts, 2)
        # Within the cooldown of the same alert: the memory was kept.
        assert [(each["change"], each.get("held_back")) for each in told] == [
            ("raised", None),
            ("updated", "cooldown"),
        ]
        assert told[0]["alert_id"] == told[1]["alert_id"]
        assert told[0]["rule_version"] != told[1]["rule_version"]

        await take(newsroom("en"))
        assert [host.identity.name for host in worker.hosts] == ["entries"]


async def test_documents_under_way_are_each_processed_once_over_many_changes(broker: EmbeddedBroker) -> None:
    """The newsroom is exchanged again and again while documents come: none is lost, none is doubled."""
    async with at_work(broker.bootstrap, newsroom("en", FIRE)) as (_, take):
        for number in range(200):
            await asyncio.to_thread(
                push, broker.bootstrap, "harbour", f"p{number}", f"Update number {number} of the day"
            )
            if number % 10 == 0:
                await take(newsroom("en" if number % 20 else "de", FIRE))
        entries = await values(broker.bootstrap, NAMES.entries, 200)

    assert sorted(each["source_post_id"] for each in entries) == sorted(f"p{number}" for number in range(200))
    assert {each["language"] for each in entries} == {"en", "de"}
