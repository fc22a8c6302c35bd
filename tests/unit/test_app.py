"""The worker's composition root: what Faust is told, and what is not done before the start."""

import importlib.metadata

import pytest
from faust.types import TP

from streams.agents.entries import EntriesAgent
from streams.bootstrap.bounds import limits_of, thresholds_of
from streams.bootstrap.worker import create_app
from streams.dedupe import Memory, Thresholds
from streams.exceptions import NewerMemoryError
from streams.parse import Limits
from streams.runtime.agent_host import Identity
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.ledger.transactional import TransactionalLedger
from streams.runtime.partition.owned import Standstill
from streams.runtime.worker import Worker
from streams.settings import Settings


@pytest.fixture
async def worker() -> Worker:
    """Make a worker that is not started."""
    return create_app(Settings(kafka="127.0.0.1:1"), KafkaConnection("127.0.0.1:1"))


async def test_nothing_connects_before_the_start(worker: Worker) -> None:
    """Made with an address where nobody listens, a worker stands, owns nothing and says why it is not ready."""
    assert worker.hosts[0].ownership.partitions == {}
    assert worker.not_ready() == "the worker is joining its group"


async def test_faust_serves_no_tables_over_http(worker: Worker) -> None:
    """Row 18 of the notes: Faust would show table data to anyone who reaches its port."""
    conf = worker.hosts[0].faust.conf

    assert (conf.web_enabled, conf.web_tables_enabled, conf.web_router_enabled) == (False, False, False)


async def test_a_rebalance_waits_for_our_own_hand_over_only(worker: Worker) -> None:
    """Row 17: with `stream_wait_empty` one stuck batch blocks a rebalance for good."""
    assert worker.hosts[0].faust.conf.stream_wait_empty is False


async def test_faust_makes_no_topics_and_keeps_no_tables(worker: Worker) -> None:
    """Rows 9 to 12: topics are made by `liveline topics create`, state is in `liveline.memory`."""
    assert worker.hosts[0].faust.conf.topic_allow_declare is False
    assert worker.hosts[0].faust.conf.processing_guarantee.name == "AT_LEAST_ONCE"
    assert len(worker.hosts[0].faust.tables) == 0


async def test_documents_come_undecoded(worker: Worker) -> None:
    """Row 14: a value that a codec can't decode would raise inside Faust and be acknowledged."""
    (agent,) = worker.hosts[0].faust.agents.values()

    assert (agent.channel.value_serializer, agent.channel.key_serializer, agent.channel.acks) == ("batch", "raw", False)


async def test_the_limits_of_reading_are_settings() -> None:
    """What is told by `LIVELINE_PARSE_MAX_*` bounds what the worker reads."""
    worker = create_app(Settings(kafka="127.0.0.1:1", parse_max_posts=3), KafkaConnection("127.0.0.1:1"))

    agent = worker.hosts[0]._agent

    assert isinstance(agent, EntriesAgent)
    assert agent.pipeline.limits.max_posts == 3
    assert limits_of(Settings()) == Limits()


async def test_group_and_transactional_ids_never_change(worker: Worker) -> None:
    """Old and new workers fence each other in a rolling deploy only if they go by the same ids."""
    assert [host.identity for host in worker.hosts] == [Identity("entries", "liveline", "liveline.raw")]
    ledger = worker.hosts[0]._ledger(TP("liveline.raw", 3))

    assert isinstance(ledger, TransactionalLedger)
    assert (worker.hosts[0].faust.conf.id, ledger._group, ledger._transactional_id) == (
        "liveline",
        "liveline",
        "liveline-3",
    )


async def test_memory_of_a_newer_version_stops_the_worker(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Starting again would not help: the worker ends with what a person has to do."""

    async def load(*_: object) -> Memory:
        memory = Memory()
        memory.load(b"harbour-fire\0", b"\xff[]")
        return memory

    monkeypatch.setattr("streams.bootstrap.agents.load_memory", load)
    with pytest.raises(NewerMemoryError):
        await worker.hosts[0]._load(TP("liveline.raw", 0))

    with pytest.raises(NewerMemoryError, match="is 255, this Liveline knows 1"):
        raise worker.failure or AssertionError("the worker goes on")
    assert "255" in (worker.not_ready() or "")


def test_the_thresholds_of_deduplication_are_settings() -> None:
    """What is not told is what was measured; what is told decides."""
    assert thresholds_of(Settings()) == Thresholds()
    assert thresholds_of(Settings(dedupe_missing_snapshots=5, dedupe_enough_long=0.9)) == Thresholds(
        missing_snapshots=5, enough_long=0.9
    )


def test_faust_is_the_version_whose_behaviour_was_measured() -> None:
    """Row 20 and all others: what we rely on was read and run on this version."""
    assert importlib.metadata.version("faust-streaming") == "0.15.3"


class _Stuck:
    """A partition that starts again and again."""

    def __init__(self, stuck: Standstill | None) -> None:
        self.stuck, self.running = stuck, True


async def test_a_partition_that_stands_still_makes_the_worker_not_ready(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which one, since when and why."""
    monkeypatch.setattr(type(worker.hosts[0].faust), "started", True)
    assert worker.not_ready() is None
    partitions = {
        TP("liveline.raw", 0): _Stuck(None),
        TP("liveline.raw", 3): _Stuck(Standstill(120, 4, "LedgerError: the broker is away")),
    }
    monkeypatch.setattr(type(worker.hosts[0].ownership), "partitions", partitions)

    assert worker.not_ready() == (
        "partition 3 has started again 4 times at offset 120: LedgerError: the broker is away"
    )
