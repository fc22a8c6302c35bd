"""What stands on the topics, read committed, and what should stand there."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
from confluent_kafka import Consumer, TopicPartition

from schemas import Document, Entry, Origin
from schemas.envelope import read_document
from streams.dedupe import Memory
from streams.pipeline import Pipeline
from streams.topology import Names

from chaos.alerts import wrong_alerts
from chaos.sse_client import Subscriber
from chaos.workload import Expected


@dataclass(frozen=True, slots=True)
class Stored:
    """A record as it stands."""

    partition: int
    offset: int
    key: bytes
    value: bytes | None
    headers: dict[str, bytes]
    timestamp: int


def read(bootstrap: str, topic: str, partitions: int) -> list[Stored]:
    """Return all that is committed on a topic, in order by partition."""
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": "ledger-test-reader",
            "isolation.level": "read_committed",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "auto.offset.reset": "earliest",
        }
    )
    consumer.assign([TopicPartition(topic, partition, 0) for partition in range(partitions)])
    found: list[Stored] = []
    ended: set[int] = set()
    try:
        while len(ended) < partitions:
            message = consumer.poll(10)
            if message is None:
                raise TimeoutError(f"{topic} can't be read to its end: a transaction is open")
            if message.error():
                ended.add(message.partition())
                continue
            found.append(
                Stored(
                    message.partition(), message.offset(), message.key() or b"", message.value(),
                    dict(message.headers() or ()), message.timestamp()[1],
                )
            )  # fmt: skip
    finally:
        consumer.close()
    return sorted(found, key=lambda record: (record.partition, record.offset))


@dataclass
class Report:
    """What was found wrong; empty is right."""

    figures: dict[str, int] = field(default_factory=dict)
    wrong: dict[str, int] = field(default_factory=dict)
    examples: list[str] = field(default_factory=list)
    revisions: set[tuple[str, int]] = field(default_factory=set)
    newest: dict[str, Any] = field(default_factory=dict)
    """The value of each entry's newest revision."""

    @property
    def right(self) -> bool:
        """Whether the log is exactly what it must be."""
        return not self.wrong

    def note(self, what: str, example: object) -> None:
        """Count a fault."""
        self.wrong[what] = self.wrong.get(what, 0) + 1
        if self.wrong[what] <= 3:
            self.examples.append(f"{what}: {example}")


def judge(bootstrap: str, prefix: str, partitions: int, expected: Expected) -> Report:
    """Compare the topics with what the generator knows, and with the pipeline run over the raw topic in a loop."""
    names, report = Names(prefix), Report()
    raw = read(bootstrap, names.raw, partitions)
    entries = read(bootstrap, names.entries, partitions)
    latest = read(bootstrap, names.latest, partitions)
    letters = read(bootstrap, names.dead_letters, partitions)
    for record in entries:
        said = orjson.loads(record.value or b"")
        report.revisions.add((said["entry_id"], said["revision"]))
        report.newest[said["entry_id"]] = said
    alone, alone_letters = run_alone(raw, names.raw)
    report.figures = {
        "documents": len(raw), "revisions": len(entries), "entries": len({record.key for record in entries}),
        "dead letters": len(letters),
        "duplicates": sum(b'"duplicate_of":' in (record.value or b"") for record in latest),
    }  # fmt: skip
    same_log(entries, alone, report)
    _as_generated(entries, expected, report)
    _newest(latest, entries, report)
    _letters(letters, alone_letters, expected, report)
    alerts = read(bootstrap, names.alerts, partitions)
    report.figures["alerts"] = len(alerts)
    for what, example in wrong_alerts(entries, alerts):
        report.note(what, example)
    return report


def judge_subscriber(report: Report, subscriber: Subscriber) -> None:
    """Compare what a subscriber heard with what stands: each revision once, an entry's in order, the newest last."""
    seen = Counter(subscriber.seen)
    for key in report.revisions - seen.keys():
        report.note("the subscriber missed", key)
    for key in seen.keys() - report.revisions:
        report.note("the subscriber heard what does not stand", key)
    for key, times in seen.items():
        if times > 1:
            report.note("the subscriber heard twice", key)
    last: dict[str, int] = {}
    for entry, revision in subscriber.seen:
        if revision != last.get(entry, 0) + 1:
            report.note("the subscriber heard out of order", (entry, revision))
        last[entry] = revision
    if {entry: orjson.loads(value) for entry, value in subscriber.newest.items()} != report.newest:
        report.note("the subscriber's newest revisions are not the log's", len(subscriber.newest))
    if subscriber.incomplete:
        report.note("the subscriber was told of gaps", subscriber.incomplete)


def run_alone(raw: Sequence[Stored], topic: str) -> tuple[dict[int, list[dict[str, Any]]], list[tuple[int, int]]]:
    """Return what one undisturbed run over the same documents says."""
    pipeline, memories = Pipeline(), {}
    out: dict[int, list[dict[str, Any]]] = {}
    letters: list[tuple[int, int]] = []
    for record in raw:
        memory = memories.setdefault(record.partition, Memory())
        document: Document = read_document(
            record.headers.items(), record.value or b"", datetime.fromtimestamp(record.timestamp / 1000, UTC)
        )
        draft = memory.draft()
        origin = Origin(topic=topic, partition=record.partition, offset=record.offset)
        outcome = pipeline.run([(document, origin)], draft, document.received_at)
        memory.apply(draft)
        out.setdefault(record.partition, []).extend(comparable(entry) for entry in outcome.entries)
        letters += [(record.partition, record.offset) for _ in outcome.letters]
    return out, letters


def comparable(entry: Entry) -> dict[str, Any]:
    """Return a revision without what differs from run to run."""
    said = entry.to_dict()
    del said["processed_at"]
    return said


def same_log(entries: Sequence[Stored], alone: dict[int, list[dict[str, Any]]], report: Report) -> None:
    """Note each revision that is missing, doubled, out of order or another than the undisturbed run says."""
    for partition, should in alone.items():
        stands = [
            comparable(Entry.from_json(record.value or b"")) for record in entries if record.partition == partition
        ]
        keys = [(said["entry_id"], said["revision"]) for said in stands]
        wanted = [(said["entry_id"], said["revision"]) for said in should]
        for key in set(wanted) - set(keys):
            report.note("missing", key)
        for key in set(keys) - set(wanted):
            report.note("extra", key)
        for key, times in Counter(keys).items():
            if times > 1:
                report.note("doubled", key)
        if sorted(keys) == sorted(wanted) and keys != wanted:
            report.note("out of order", partition)
        by_key = {(said["entry_id"], said["revision"]): said for said in should}
        for said in stands:
            key = (said["entry_id"], said["revision"])
            if key in by_key and by_key[key] != said:
                report.note("conflicting", (key, [name for name in said if said[name] != by_key[key].get(name)]))


def _as_generated(entries: Sequence[Stored], expected: Expected, report: Report) -> None:
    count: dict[str, int] = {}
    last: dict[str, tuple[str, str | None]] = {}
    for record in entries:
        said = orjson.loads(record.value or b"")
        if said["source_id"].startswith("wire-"):
            continue
        key = f"{said['source_id']}/{said['source_post_id']}"
        count[key] = count.get(key, 0) + 1
        if said["revision"] != count[key]:
            report.note("revision out of turn", (key, said["revision"], count[key]))
        last[key] = (said["status"], said.get("headline"))
    for key in expected.revisions.keys() | count.keys():
        if expected.revisions.get(key, 0) != count.get(key, 0):
            report.note("not as generated", (key, expected.revisions.get(key), count.get(key)))
    for key, state in expected.last.items():
        if key in last and last[key] != state:
            report.note("last revision is not the last version", (key, state, last[key]))


def _newest(latest: Sequence[Stored], entries: Sequence[Stored], report: Report) -> None:
    newest = {record.key: record.value for record in entries}
    compacted = {record.key: record.value for record in latest}
    for key in newest.keys() | compacted.keys():
        if newest.get(key) != compacted.get(key):
            report.note("latest is not the newest revision", key)


def _letters(letters: Sequence[Stored], alone: Sequence[tuple[int, int]], expected: Expected, report: Report) -> None:
    bodies = sorted(record.value or b"" for record in letters)
    if bodies != sorted(expected.bad):
        report.note("dead letters are not the bad documents, once each", (len(bodies), len(expected.bad)))
    origins = sorted(tuple(record.headers["liveline-origin"].decode().rsplit("/", 2)[1:]) for record in letters)
    if origins != sorted((str(partition), str(offset)) for partition, offset in alone):
        report.note("dead letters have other origins", origins[:5])
