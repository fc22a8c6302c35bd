"""One document never stops a partition: whatever it makes raise, it becomes a dead letter and the others go on."""

import asyncio
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import orjson
import pytest
from semantics.worlds import EmbeddedWorld, FakeWorld, KafkaWorld, Owner, World
from structlog.testing import capture_logs

from schemas import Document, Entry
from schemas.dead_letter import Stage
from schemas.envelope import rfc3339
from streams.agents.letters import FIRST_BYTES
from streams.embedded import EmbeddedBroker
from streams.runtime.breaker import TooManyBugsError
from streams.testing import FakeClock

Headers = list[tuple[str, bytes | None]]
HOUR = timedelta(hours=1)


@pytest.fixture(params=["fake", "embedded", pytest.param("kafka", marks=pytest.mark.kafka)])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """Make a broker with empty topics: in memory, the embedded one, real Kafka."""
    prefix = f"poison-{uuid.uuid4().hex[:8]}."
    if request.param == "fake":
        yield FakeWorld()
    elif request.param == "embedded":
        with EmbeddedBroker() as broker:
            yield EmbeddedWorld(broker, prefix)
    else:
        yield KafkaWorld(request.getfixturevalue("kafka").bootstrap, prefix)


def post(name: str, headline: str, **more: Any) -> bytes:
    """Return a pushed post."""
    return orjson.dumps({"id": name, "headline": headline, "published_at": "2026-01-01T08:00:00Z", **more})


def headers(**changed: bytes | None) -> Headers:
    """Return a good document's headers, some of them changed; `_` stands for `-`."""
    good: dict[str, bytes | None] = {
        "ce_id": b"d1", "ce_source": b"evening-post", "ce_subject": b"harbour-fire-0",
        "ce_time": b"2026-01-01T00:00:00Z", "content-type": b"application/vnd.liveline.post+json",
    }  # fmt: skip
    return list((good | changed).items())


async def settle(owner: Owner) -> None:
    """Process all that has arrived; on a partition that starts again for ever this ends with a time-out."""
    async with asyncio.timeout(60):
        await owner.work()


async def headlines(world: World) -> list[str]:
    """Return what was published."""
    return [headline for _, _, headline in await world.revisions()]


async def letters(world: World) -> list[tuple[dict[str, bytes | None], bytes]]:
    """Return the dead letters: headers and body."""
    return [(dict(each.headers), each.value) for each in await world.read(world.names.dead_letters)]


BAD_HEADERS: dict[str, tuple[Callable[[datetime], Headers], str]] = {
    "a null header": (lambda _: headers(x_trace=None), "x_trace' is null"),
    "a null id": (lambda _: headers(ce_id=None), "ce_id' is null"),
    "a header that is not UTF-8": (lambda _: headers(ce_source=b"\xff\xfe"), "ce_source' is not UTF-8"),
    "a year 1 that UTC does not have": (lambda _: headers(ce_time=b"0001-01-01T00:00:00+14:00"), "since 1970"),
    "a year 9999 that UTC does not have": (lambda _: headers(ce_time=b"9999-12-31T23:59:59-14:00"), "an hour after"),
    "a time two hours ahead": (
        lambda now: headers(ce_time=rfc3339(now + 2 * HOUR).encode()),
        "more than an hour after its record",
    ),
    "a time without a zone": (lambda _: headers(ce_time=b"2026-01-01T00:00:00"), "with its zone"),
    "a coverage with the separator of memory's keys": (lambda _: headers(ce_subject=b"a\0b"), "ce_subject is"),
    "a coverage that no key can hold": (lambda _: headers(ce_subject=b"x" * 1_001), "ce_subject is"),
    "a url of 100 kB": (lambda _: headers(**{"liveline-url": b"h" * 100_000}), "liveline-url has 100,000 characters"),
    "a format of 100 kB": (lambda _: headers(**{"liveline-format": b"h" * 100_000}), "liveline-format has 100,000"),
}


async def test_records_of_others_are_dead_letters(world: World) -> None:
    """Whatever headers a record of `liveline.raw` has, it is kept with them and its neighbours are published."""
    await world.push(post("p1", "Fire"))
    written = [(make(world.now()), error) for make, error in BAD_HEADERS.values()]
    for number, (bad, _) in enumerate(written):
        await world.append(0, b"k", post(f"bad-{number}", "Poison"), bad)
    await world.push(post("p2", "Smoke"))
    async with world.owner() as owner:
        await settle(owner)

    assert await headlines(world) == ["Fire", "Smoke"]
    found = await letters(world)
    assert len(found) == len(written)
    for number, ((kept, body), (bad, error)) in enumerate(zip(found, written, strict=True)):
        assert error in (kept["liveline-error"] or b"").decode()
        assert kept["liveline-stage"] == b"parse"
        assert dict(bad).items() <= kept.items()
        assert body == post(f"bad-{number}", "Poison")


async def test_each_letter_is_logged_and_counted_by_its_source(world: World) -> None:
    """As a warning with where and why, once it is committed; a source that nobody bounds is `other` in the metric."""
    for number in range(2):
        await world.append(0, b"k", b"{}", headers(ce_id=f"bad-{number}".encode(), ce_source=f"s{number}".encode()))
    async with world.owner() as owner:
        owner.agent.metrics.most_letter_sources = 1
        with capture_logs() as logs:
            await settle(owner)
        counted = [
            (sample.labels["source"], sample.labels["stage"], sample.value)
            for family in owner.agent.metrics.dead_letters.collect()
            for sample in family.samples
            if sample.name.endswith("_total")
        ]

    written = [each for each in logs if each["event"] == "dead_letter.written"]
    assert [(each["log_level"], each["source"], each["stage"]) for each in written] == [
        ("warning", "s0", "parse"), ("warning", "s1", "parse"),
    ]  # fmt: skip
    assert written[0]["origin"] == f"{world.names.raw}/0/0"
    assert written[0]["error"]
    assert counted == [("s0", "parse", 1.0), ("other", "parse", 1.0)]


async def test_a_record_without_a_body_is_a_dead_letter(world: World) -> None:
    """A tombstone, which nobody should write on `liveline.raw`, is an empty document."""
    await world.append(0, b"k", None, headers())
    async with world.owner() as owner:
        await settle(owner)

    ((kept, body),) = await letters(world)
    assert (kept["liveline-error"], body) == (b"the document is empty", b"")


async def test_a_body_too_large_for_a_letter_is_kept_in_part(world: World) -> None:
    """40 MB that came compressed: the letter has the headers, the size, the hash and the first MiB."""
    large = b"All quiet at the harbour. " * (40 * 1024 * 1024 // 26)
    await world.append(0, b"k", large, [*headers(), ("x-own", b"kept")])
    await world.push(post("p1", "Fire"))
    async with world.owner() as owner:
        await settle(owner)

    assert await headlines(world) == ["Fire"]
    ((kept, body),) = await letters(world)
    assert body == large[:FIRST_BYTES]
    assert (kept["liveline-body-bytes"], kept["x-own"]) == (str(len(large)).encode(), b"kept")
    assert kept["liveline-body-sha256"] == sha256(large).hexdigest().encode()
    assert b"at most 8,388,608 are read" in (kept["liveline-error"] or b"")


async def test_headers_too_large_for_a_letter_are_left_out(world: World) -> None:
    """20 MB of headers that came compressed: as many as there is room for, and how many were left out."""
    many: Headers = [(f"x-{number}", b"x" * 1_000_000) for number in range(20)]
    await world.append(0, b"k", b"body", [*headers(ce_id=None), *many])
    await world.push(post("p1", "Fire"))
    async with world.owner() as owner:
        await settle(owner)

    assert await headlines(world) == ["Fire"]
    ((kept, body),) = await letters(world)
    assert (body, kept["liveline-headers-left-out"], kept["ce_source"]) == (b"body", b"20", b"evening-post")


@pytest.mark.parametrize(("field", "most"), [("id", "4,000"), ("version", "1,000"), ("url", "4,000")])
async def test_an_overlong_field_is_a_bad_post(world: World, field: str, most: str) -> None:
    """70,000 characters where memory had room for 65,535 bytes: a dead letter that names the field."""
    good = {"id": "p2", "headline": "Smoke"}
    overlong = ("https://example.org/" if field == "url" else "").ljust(70_000, "9")
    await world.push(post("p1", "Fire"), orjson.dumps([good, {"headline": "Poison", field: overlong}]))
    async with world.owner() as owner:
        await settle(owner)

    assert await headlines(world) == ["Fire", "Smoke"]
    ((kept, _),) = await letters(world)
    assert kept["liveline-error"] == f"{field} has 70,000 characters; at most {most} are read".encode()
    assert kept["liveline-part"] == b"1"


def memory_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a post's memory record raise."""
    from streams.dedupe import draft  # noqa: PLC0415

    encode = draft.encode

    def broken(known: Any) -> bytes:
        if known.post_id == "poison":
            raise ZeroDivisionError
        return encode(known)

    monkeypatch.setattr(draft, "encode", broken)


def entry_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a post's entry raise when it is written as JSON."""
    to_json = Entry.to_json

    def broken(entry: Entry) -> bytes:
        if entry.headline == "Poison":
            raise ZeroDivisionError
        return to_json(entry)

    monkeypatch.setattr(Entry, "to_json", broken)


def enrichment_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the step that runs the enrichers raise."""
    from streams import pipeline  # noqa: PLC0415

    enrich = pipeline.enrich

    def broken(entry: Entry, *more: Any, **options: Any) -> Entry:
        if entry.headline == "Poison":
            raise ZeroDivisionError
        return enrich(entry, *more, **options)

    monkeypatch.setattr(pipeline, "enrich", broken)


def repetition_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what the pipeline does before its own guard raise."""
    from streams.dedupe.draft import Draft  # noqa: PLC0415

    repeats = Draft.repeats

    def broken(draft: Draft, document: Document, *more: Any) -> bool:
        if b"Poison" in document.body:
            raise ZeroDivisionError
        return repeats(draft, document, *more)

    monkeypatch.setattr(Draft, "repeats", broken)


@pytest.mark.parametrize(
    ("break_it", "stage"),
    [
        (memory_raises, Stage.DEDUPLICATE),
        (entry_raises, Stage.DELIVER),
        (enrichment_raises, Stage.ENRICH),
        (repetition_raises, Stage.DEDUPLICATE),
    ],
)
async def test_whatever_raises_is_narrowed_down_to_its_document(
    world: World, monkeypatch: pytest.MonkeyPatch, break_it: Callable[[pytest.MonkeyPatch], None], stage: Stage
) -> None:
    """Of nine documents of a batch one raises, in whatever step: it is a dead letter and eight are published."""
    break_it(monkeypatch)
    good = [post(f"p{number}", f"Report {number}") for number in range(8)]
    await world.push(*good[:5], post("poison", "Poison"), *good[5:])
    async with world.owner() as owner:
        await settle(owner)
        assert owner.loads.count(0) == 1  # it never started again

    assert await headlines(world) == [f"Report {number}" for number in range(8)]
    ((kept, body),) = await letters(world)
    assert (kept["liveline-stage"], kept["liveline-origin"]) == (stage.encode(), f"{world.names.raw}/0/5".encode())
    assert b"ZeroDivisionError in Liveline, not your input" in (kept["liveline-error"] or b"")
    assert body == post("poison", "Poison")
    assert await world.committed() == 9


async def test_records_have_their_documents_times(world: World) -> None:
    """Entries and latest: when the document was received; a letter: when it failed, in a header as well."""
    received = FakeClock()() - 5 * HOUR
    good, bad = ({"ce_time": rfc3339(received).encode(), "ce_id": name} for name in (b"d1", b"d2"))
    await world.append(0, b"k", post("p1", "Fire"), headers(**good))
    await world.append(0, b"k", b"{half", headers(**bad))
    async with world.owner() as owner:
        await settle(owner)
        failed = owner.clock()

    for topic in (world.names.entries, world.names.latest):
        (entry,) = await world.read(topic)
        assert entry.timestamp == int(received.timestamp() * 1000)
    (letter,) = await world.read(world.names.dead_letters)
    kept = dict(letter.headers)
    assert letter.timestamp == int(failed.timestamp() * 1000)
    assert kept["liveline-failed-at"] == rfc3339(failed).encode()
    assert kept["ce_time"] == rfc3339(received).encode()


async def test_a_time_that_kafka_would_refuse_is_held_back(world: World) -> None:
    """A document 50 minutes ahead of a record that is itself 50 minutes ahead is published, with its own time."""
    record = world.now() + timedelta(minutes=50)
    received = record + timedelta(minutes=50)
    stated = headers(ce_time=rfc3339(received).encode())
    await world.append(0, b"k", post("p1", "Fire"), stated, int(record.timestamp() * 1000))
    async with world.owner() as owner:
        await settle(owner)

    (entry,) = await world.read(world.names.entries)
    assert datetime.fromisoformat(orjson.loads(entry.value)["received_at"]) == received
    assert entry.timestamp < int(record.timestamp() * 1000)


async def test_the_end_of_an_embargo_has_its_time(world: World) -> None:
    """Whoever notices first, the timer or a document: the revision was received when the embargo ended."""
    async with world.owner() as owner:
        start = owner.clock()
        until = start + HOUR
        held = {"status": "withheld", "embargo_until": until.isoformat()}
        await world.push(post("p1", "Report", **held), partition=0)
        await world.push(post("p2", "Report", **held), partition=1)
        await settle(owner)
        owner.clock.advance(3 * HOUR)
        later = {"ce_time": rfc3339(start + 2 * HOUR).encode(), "ce_subject": b"harbour-fire-1"}
        if isinstance(world, FakeWorld):
            world.clock.advance(3 * HOUR)
        await world.append(1, b"k", post("p3", "Later"), headers(**later))
        await settle(owner)
        await owner.agent.tick()

    for partition in (0, 1):
        first = (await world.read(world.names.entries, partition))[0]
        entry = orjson.loads(first.value)
        assert (entry["headline"], datetime.fromisoformat(entry["received_at"])) == ("Report", until)
        assert first.timestamp == int(until.timestamp() * 1000)


async def test_a_worker_stops_when_most_of_what_comes_in_fails(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bad deploy stops it after minutes; what failed is in dead letters, so that the next start goes on after it."""

    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as deploy:
        deploy.setattr("streams.pipeline.parse", broken)
        async with world.owner(most_bugs=4) as owner:
            for number in range(4):
                await world.push(post(f"p{number}", "Fire"), source=f"source-{number % 2}")
            await settle(owner)
            assert owner.failure is None  # not for one bad minute

            owner.clock.advance(timedelta(minutes=3))
            await world.push(post("p4", "Fire"), source="source-1")
            await settle(owner)
            assert isinstance(owner.failure, TooManyBugsError)
            assert await world.committed() == 5

            await world.push(post("p5", "Smoke"), source="source-1")
            await owner.agent.process(await next_batch(owner, world))
            assert await world.committed() == 5

    async with world.owner(most_bugs=4) as owner:
        await settle(owner)
        assert owner.failure is None
    assert await headlines(world) == ["Smoke"]
    assert len(await letters(world)) == 5


async def next_batch(owner: Owner, world: World) -> Any:
    """Return the batch of partition 0 that has arrived."""
    async with asyncio.timeout(20):
        while True:
            for batch in await owner.fetch():
                if batch.tp.topic == world.names.raw and batch.tp.partition == 0:
                    return batch
            await asyncio.sleep(0.01)
