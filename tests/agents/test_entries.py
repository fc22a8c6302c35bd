"""The agent in Faust's own test context: a batch in, a commit out, and nothing that escapes the loop."""

from datetime import timedelta
from typing import Any

import faust
import orjson
import pytest
from faust.serializers import codecs
from faust.types import TP

from schemas import Document
from schemas.envelope import document_headers
from streams.agents.entries import EntriesAgent
from streams.dedupe import Memory
from streams.pipeline import Pipeline
from streams.runtime.batch import Batch, batch_serializer
from streams.runtime.faust.app import drive
from streams.runtime.metrics import WorkerMetrics
from streams.runtime.partition.owned import OwnedPartition, Restarts
from streams.runtime.partition.ownership import Ownership
from streams.testing import FakeBroker, FakeClock, FakeFeed, FakeLedger, FakeRecord
from streams.topology import Names

RAW = TP("liveline.raw", 0)


class Worker:
    """The agent and what it needs, on the broker in memory."""

    def __init__(self) -> None:
        self.names, self.clock = Names(), FakeClock()
        self.broker = FakeBroker(self.clock)
        self.feed = FakeFeed(self.broker, "liveline")
        self.metrics = WorkerMetrics()

        async def load(tp: TP) -> Memory:
            memory = Memory()
            for record in self.broker.read(self.names.memory, tp.partition):
                memory.load(record.key or b"", record.value)
            return memory

        self.ownership: Ownership[Memory] = Ownership(
            lambda tp: OwnedPartition(
                tp,
                open_ledger=lambda tp: FakeLedger(self.broker, "liveline-0", "liveline", tp),
                load=load,
                feed=self.feed,
                metrics=self.metrics,
                restarts=Restarts(first=0.01),
            )
        )
        self.agent = EntriesAgent(
            pipeline=Pipeline(),
            names=self.names,
            ownership=self.ownership,
            metrics=self.metrics,
            stop_worker=lambda _: None,
            clock=self.clock,
        )

    async def start(self) -> OwnedPartition[Memory]:
        """Own the partition."""
        await self.ownership.assign([RAW])
        owned = self.ownership.partitions[RAW]
        assert owned._starting
        await owned._starting
        return owned

    def batch(self, *bodies: bytes, coverage: str = "harbour-fire") -> Batch:
        """Push documents and return them as the consumer would."""
        records: list[FakeRecord] = []
        for number, body in enumerate(bodies):
            document = Document(
                id=f"d{number}",
                source_id="evening-post",
                coverage_id=coverage,
                received_at=self.clock(),
                content_type="application/vnd.liveline.post+json",
                body=body,
            )
            records.append(
                self.broker.append(self.names.raw, 0, coverage.encode(), body, tuple(document_headers(document)))
            )
        owned = self.ownership.partitions[RAW]
        batch = Batch(RAW, owned.epoch, records, records[0].offset, records[-1].offset + 1)
        owned.hand_over(batch)
        return batch

    async def go_on(self) -> None:
        """Wait for the partition's next start and process what has arrived."""
        owned = self.ownership.partitions[RAW]
        assert owned._starting
        await owned._starting
        for read in await self.feed.fetch([RAW]):
            await self.agent.process(Batch(read.tp, owned.epoch, read.records, read.start, read.end))

    def letters(self) -> list[dict[str, bytes | None]]:
        """Return the headers of the dead letters, each by name."""
        return [dict(record.headers) for record in self.broker.read(self.names.dead_letters, 0)]

    def headlines(self) -> list[str]:
        """Return the headlines on `liveline.entries`."""
        return [
            orjson.loads(record.value or b"").get("headline", "") for record in self.broker.read(self.names.entries, 0)
        ]


@pytest.fixture
async def worker() -> Worker:
    """Make a worker that owns its partition."""
    made = Worker()
    await made.start()
    return made


async def test_faust_hands_a_batch_to_the_agent_whole(worker: Worker, tmp_path: Any) -> None:
    """In Faust's test context one message is one batch, and its effect stands when the message is done."""
    codecs.register("batch", batch_serializer())
    app = faust.App("test", broker="kafka://127.0.0.1:1", datadir=str(tmp_path), loghandlers=[], web_enabled=False)
    drive(app, "entries", worker.names.raw, worker.agent.process)
    agent = app.agents["entries"]

    async with agent.test_context() as entries:
        event = await entries.put(worker.batch(b'{"headline": "Fire"}', b'{"headline": "Smoke"}'))

    app.consumer._thread.thread_loop.close()  # Faust makes its consumer's thread, which never ran
    assert isinstance(event.value, Batch)
    assert worker.headlines() == ["Fire", "Smoke"]
    assert worker.broker.committed("liveline", worker.names.raw, 0) == 2


async def test_nothing_that_goes_wrong_leaves_the_loop(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows 1 and 2 of the notes: Faust would acknowledge the batch; here the partition starts again with it."""
    commit = FakeLedger.commit
    broken = [True]

    async def once(*args: Any) -> None:
        if broken:
            broken.clear()
            raise ZeroDivisionError
        await commit(*args)

    monkeypatch.setattr(FakeLedger, "commit", once)
    await worker.agent.process(worker.batch(b'{"headline": "Fire"}'))
    assert worker.headlines() == []

    await worker.go_on()
    assert worker.headlines() == ["Fire"]


async def test_a_batch_of_a_revoked_partition_is_left_alone(worker: Worker) -> None:
    """A batch that was on its way while the partition moved away is the next owner's."""
    batch = worker.batch(b'{"headline": "Fire"}')
    await worker.ownership.revoke([RAW])
    await worker.ownership.assign([])
    await worker.agent.process(batch)

    assert worker.headlines() == []


async def test_an_embargo_ends_by_the_clock(worker: Worker) -> None:
    """A held post is published by the timer at its time, as a revision with the memory that goes with it."""
    until = (worker.clock() + timedelta(hours=1)).isoformat()
    held = {"id": "p1", "headline": "Report", "status": "withheld", "embargo_until": until}
    await worker.agent.process(worker.batch(orjson.dumps(held)))
    await worker.agent.tick()
    assert worker.headlines() == []

    worker.clock.advance(timedelta(hours=1, seconds=1))
    await worker.agent.tick()
    await worker.agent.tick()
    assert worker.headlines() == ["Report"]


SKELETONS = b"harbour-fire\0#0"


async def test_quiet_coverages_shrink_by_the_documents_time(worker: Worker) -> None:
    """After the quiet time the memory topic gets tombstones, as soon as later documents tell that time has passed."""
    await worker.agent.process(worker.batch(b'{"id": "p1", "headline": "Fire"}'))
    known = {record.key for record in worker.broker.read(worker.names.memory, 0)}
    await worker.agent.tick()
    worker.clock.advance(timedelta(hours=72))
    other = worker.batch(b'{"id": "p2", "headline": "Other"}', coverage="election-night")
    await worker.agent.process(other)
    await worker.agent.tick()

    newest = {record.key: record.value for record in worker.broker.read(worker.names.memory, 0)}
    assert worker.headlines() == ["Fire", "Other"]
    assert {key for key, value in newest.items() if value is None} == known - {b"harbour-fire\0"}
    assert newest[SKELETONS]


async def test_a_page_that_was_quiet_goes_on_where_it_stopped(worker: Worker) -> None:
    """Over a sweep and a restart of the partition its edit is the next revision."""
    await worker.agent.process(worker.batch(b'{"id": "p1", "headline": "Fire"}'))
    worker.clock.advance(timedelta(hours=72))
    await worker.agent.process(worker.batch(b'{"id": "p2", "headline": "Other"}', coverage="election-night"))
    await worker.agent.tick()
    worker.clock.advance(timedelta(minutes=20))
    await worker.agent.process(worker.batch(b'{"id": "p2", "headline": "Other"}', coverage="election-night"))
    await worker.agent.tick()
    await worker.ownership.revoke([RAW])
    await worker.ownership.assign([])
    await worker.start()
    await worker.agent.process(worker.batch(b'{"id": "p1", "headline": "Fire"}', b'{"id": "p1", "headline": "Out"}'))

    said = [orjson.loads(record.value or b"") for record in worker.broker.read(worker.names.entries, 0)]
    assert [(entry["headline"], entry["revision"]) for entry in said] == [("Fire", 1), ("Other", 1), ("Out", 2)]
    assert {
        key for key in (record.key for record in worker.broker.read(worker.names.memory, 0)) if b"#" in (key or b"")
    }


async def test_posts_of_a_forgotten_coverage_are_counted(worker: Worker) -> None:
    """After a year its old post is not published again, its new one is, and its old retraction ends on the way."""
    old = b'{"id": "p1", "headline": "Fire", "published_at": "2020-01-01T10:00:00Z"}'
    await worker.agent.process(worker.batch(old, b'{"id": "p1", "status": "canceled"}'))
    worker.clock.advance(timedelta(days=365))
    published = worker.clock().isoformat()
    new = orjson.dumps({"id": "p2", "headline": "Rebuilt", "published_at": published})
    await worker.agent.process(worker.batch(old, new))

    assert worker.headlines()[-1:] == ["Rebuilt"]
    assert worker.metrics.forgotten._value.get() == 1
    latest = {record.key: record.value for record in worker.broker.read(worker.names.latest, 0)}
    assert sorted(value is None for value in latest.values()) == [False, True]


async def test_a_replay_of_old_documents_is_swept_by_their_time(worker: Worker) -> None:
    """A tick before the first document says nothing about the documents' time, which may be years ago."""
    await worker.agent.tick()
    worker.clock.advance(timedelta(days=-400))
    await worker.agent.process(worker.batch(b'{"id": "p1", "headline": "Fire"}'))
    known = {record.key for record in worker.broker.read(worker.names.memory, 0)}
    await worker.agent.tick()
    worker.clock.advance(timedelta(hours=72))
    await worker.agent.process(worker.batch(b'{"id": "p2", "headline": "Other"}', coverage="election-night"))
    await worker.agent.tick()

    newest = {record.key: record.value for record in worker.broker.read(worker.names.memory, 0)}
    assert {key for key, value in newest.items() if value is None} == known - {b"harbour-fire\0"}
    assert newest[SKELETONS]


async def test_an_enricher_that_raises_is_named_and_the_entry_goes_out(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Enrichment is never a reason to lose an entry."""
    from streams.enrich import registry  # noqa: PLC0415

    def bad(*_: Any) -> None:
        raise ValueError("no gazetteer")

    monkeypatch.setattr(registry, "enrichers", lambda: (registry.Enricher("places", bad, None, 0),))
    await worker.agent.process(worker.batch(b'{"headline": "Fire"}'))

    (record,) = worker.broker.read(worker.names.entries, 0)
    assert orjson.loads(record.value or b"")["enrichment_errors"] == ["places: ValueError: no gazetteer"]


async def test_a_document_that_no_ledger_can_write_is_singled_out(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the client raises is no ledger's error: after two tries alone the document is a dead letter."""
    commit = FakeLedger.commit

    async def broken(ledger: FakeLedger, records: Any, offset: int) -> None:
        if any(b"Poison" in (record.value or b"") for record in records if record.topic == worker.names.entries):
            raise TypeError("a header that is no bytes")
        await commit(ledger, records, offset)

    monkeypatch.setattr(FakeLedger, "commit", broken)
    await worker.agent.process(
        worker.batch(b'{"headline": "Fire"}', b'{"headline": "Poison"}', b'{"headline": "Smoke"}')
    )
    for _ in range(3):
        await worker.go_on()

    assert worker.headlines() == ["Fire", "Smoke"]
    (letter,) = worker.letters()
    assert (letter["liveline-stage"], letter["liveline-origin"]) == (b"deliver", b"liveline.raw/0/1")
    assert b"TypeError in Liveline" in (letter["liveline-error"] or b"")


async def test_a_letter_that_is_refused_is_cut(worker: Worker) -> None:
    """Where even the dead letter is too large for its topic, its first part is kept."""
    worker.broker.max_bytes = {worker.names.entries: 1_000_000, worker.names.dead_letters: 900_000}
    large = orjson.dumps({"headline": "Poison", "summary": "x" * 950_000, "dateline": "y" * 100_000})
    await worker.agent.process(worker.batch(b'{"headline": "Fire"}', large))
    for _ in range(3):
        await worker.go_on()

    assert worker.headlines() == ["Fire"]
    (record,) = worker.broker.read(worker.names.dead_letters, 0)
    headers = dict(record.headers)
    assert large.startswith(record.value or b"-")
    assert headers["liveline-body-bytes"] == str(len(large)).encode()
    assert b"refused by the broker" in (headers["liveline-error"] or b"")


async def test_an_embargo_whose_end_cannot_be_published_stops_nothing(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The partition goes on without starting again, and the end is tried again after a while."""
    from streams import pipeline  # noqa: PLC0415

    until = (worker.clock() + timedelta(hours=1)).isoformat()
    held = {"id": "p1", "headline": "Report", "status": "withheld", "embargo_until": until}
    await worker.agent.process(worker.batch(orjson.dumps(held)))
    worker.clock.advance(timedelta(hours=1, seconds=1))

    def broken(*_: Any) -> None:
        raise ZeroDivisionError

    epoch = worker.ownership.partitions[RAW].epoch
    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "enrich", broken)
        await worker.agent.tick()
        await worker.agent.tick()
    assert worker.ownership.partitions[RAW].epoch == epoch
    assert worker.metrics.registry.get_sample_value("liveline_bugs_total", {"stage": "deliver"}) == pytest.approx(1)

    await worker.agent.process(worker.batch(b'{"id": "p2", "headline": "Other"}', coverage="election-night"))
    worker.clock.advance(timedelta(minutes=11))
    await worker.agent.tick()
    assert worker.headlines() == ["Other", "Report"]
