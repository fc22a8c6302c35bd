"""A worker of two agents: each has its own consumer group, source and memory; on the embedded broker."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from embedded_worker import push, until, values
from faust.types import TP

from schemas import Newsroom
from streams.bootstrap.worker import create_app
from streams.embedded import EmbeddedBroker
from streams.runtime.agent_host import Identity
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.ledger.transactional import TransactionalLedger
from streams.runtime.worker import Worker
from streams.settings import Settings
from streams.topology import TOPICS, Names

NAMES = Names()
NEWSROOM = Newsroom.model_validate(
    {
        "coverages": [{"id": "harbour-fire", "sources": [{"id": "evening-post"}]}],
        "alerts": [{"id": "fire", "when": "entry.mentions('fire')"}],
    }
)


@pytest.fixture
async def broker() -> AsyncIterator[EmbeddedBroker]:
    """Start a broker with Liveline's topics, two partitions each."""
    with EmbeddedBroker() as broker:
        for topic in TOPICS:
            broker.create_topic(NAMES.of(topic.role), 2)
        yield broker


@asynccontextmanager
async def at_work(bootstrap: str) -> AsyncIterator[Worker]:
    """Run a worker whose agents have taken over all partitions."""
    worker = create_app(Settings(kafka="embedded", newsroom=NEWSROOM), KafkaConnection(bootstrap))
    await worker.start()
    try:
        await until(lambda: all(len(host.ownership.partitions) == 2 for host in worker.hosts))
        await until(lambda: worker.not_ready() is None)
        yield worker
    finally:
        await worker.stop()


async def alerts(bootstrap: str, least: int) -> list[str]:
    """Return the headlines on `liveline.alerts`, once there are so many."""
    return [each["entry"]["headline"] for each in await values(bootstrap, NAMES.alerts, least, partition=1)]


async def test_a_document_leads_to_an_alert_in_its_own_partition(broker: EmbeddedBroker) -> None:
    """Entries and alerts in one process; a worker that comes later goes on with what the rules remember."""
    async with at_work(broker.bootstrap):
        push(broker.bootstrap, "harbour-fire", "p1", "Fire at the harbour", partition=1)
        assert await alerts(broker.bootstrap, 1) == ["Fire at the harbour"]
    async with at_work(broker.bootstrap):
        push(broker.bootstrap, "harbour-fire", "p2", "Fire spreads", partition=1)
        push(broker.bootstrap, "harbour-fire", "p1", "Fire at the old harbour", partition=1)
        # Each is an alert of its own: without a story, the subject is the entry.
        assert (await alerts(broker.bootstrap, 3))[1:] == ["Fire spreads", "Fire at the old harbour"]


async def test_each_agent_has_ids_of_its_own_that_never_change() -> None:
    """Old and new workers fence each other in a rolling deploy only if they go by the same ids."""
    settings = Settings(kafka="127.0.0.1:1", newsroom=NEWSROOM, application="desk")
    worker = create_app(settings, KafkaConnection("127.0.0.1:1"))

    assert [host.identity for host in worker.hosts] == [
        Identity("entries", "desk", "liveline.raw"),
        Identity("alerts", "desk-alerts", "liveline.entries"),
    ]
    ledgers = [host._ledger(TP(host.identity.source, 3)) for host in worker.hosts]
    assert [
        (ledger._group, ledger._transactional_id) for ledger in ledgers if isinstance(ledger, TransactionalLedger)
    ] == [("desk", "desk-3"), ("desk-alerts", "desk-alerts-3")]
    assert worker.not_ready() == (
        "agent entries: the worker is joining its group; agent alerts: the worker is joining its group"
    )


async def test_without_rules_nothing_runs_for_them() -> None:
    """A newsroom without alerts has no second group."""
    worker = create_app(Settings(kafka="127.0.0.1:1"), KafkaConnection("127.0.0.1:1"))

    assert [host.identity.name for host in worker.hosts] == ["entries"]


async def test_the_first_start_of_the_rules_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is decided before the agent joins its group; on the embedded broker, whose log is new, there is nothing to."""
    asked: list[tuple[object, ...]] = []
    monkeypatch.setattr("streams.bootstrap.agents.begin_group", lambda *arguments: asked.append(arguments))
    since, connection = datetime(2026, 1, 31, tzinfo=UTC), KafkaConnection("127.0.0.1:1")
    for kafka in ("127.0.0.1:1", "embedded"):
        worker = create_app(Settings(kafka=kafka, newsroom=NEWSROOM, alerts_from=since), connection)
        if before := worker._hosted["alerts"].before:
            await before()

    assert asked == [(connection, "liveline-alerts", "liveline.entries", since)]
