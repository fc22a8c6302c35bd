"""`liveline replay` on a real Kafka, as a user calls it."""

import json
import os
import signal
import subprocess
import time

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient
from replay_harness import Topics, at, committed_offsets, document_headers, entry, json_lines

pytestmark = pytest.mark.kafka


def test_entries_come_by_time_over_the_partitions(topics: Topics) -> None:
    """By each partition's latest time so far, ties by partition; the value's time counts, not Kafka's."""
    for name, partition, seconds in (("a", 1, 0), ("b", 0, 10), ("late", 0, 5), ("c", 1, 10), ("d", 1, 20)):
        topics.write(topics.names.entries, entry(name, seconds), partition=partition, timestamp=1)

    found = topics.lines("replay")

    assert [each["headline"] for each in found] == ["a", "b", "late", "c", "d"]
    assert found[0] == entry("a", 0)


def test_from_is_within_and_to_without(topics: Topics) -> None:
    """Both by the records' own times; words and zones count as well."""
    for seconds in range(5):
        topics.write(topics.names.entries, entry(str(seconds), seconds))

    assert [each["headline"] for each in topics.lines("replay", "--from", at(1), "--to", at(3))] == ["1", "2"]
    there = topics.lines("replay", "--from", "2026-05-01 14:00:03", "--timezone", "Europe/Berlin")
    assert [each["headline"] for each in there] == ["3", "4"]
    assert topics.lines("replay", "--to", "2026-05-01") == []


def test_filters_look_at_the_record_alone_unless_asked_otherwise(topics: Topics) -> None:
    """Nothing is left out by default, duplicates neither; `ever=true` keeps what became of an entry that fitted."""
    topics.write(topics.names.entries, entry("a", 0, key_event=True))
    topics.write(topics.names.entries, entry("a", 1, revision=2, status="canceled"))
    topics.write(topics.names.entries, entry("b", 2, duplicate_of="a", source_id="wire", coverage_id="flood"))

    def kept(*options: str) -> list[tuple[str, int]]:
        return [(each["headline"], each["revision"]) for each in topics.lines("replay", *options)]

    assert kept() == [("a", 1), ("a", 2), ("b", 1)]
    assert kept("--filter", "key_event=true") == [("a", 1)]
    assert kept("--filter", "key_event=true", "--filter", "ever=true") == [("a", 1), ("a", 2)]
    assert kept("--source", "wire") == kept("--coverage", "flood") == [("b", 1)]
    assert kept("--filter", "duplicates=collapse") == [("a", 1), ("a", 2)]
    assert kept("--limit", "2") == [("a", 1), ("a", 2)]


def test_latest_has_each_entry_once_and_no_tombstone(topics: Topics) -> None:
    """The newest record of each entry, those that ended left out."""
    for name, seconds in (("a", 0), ("b", 1), ("a", 2), ("c", 3)):
        topics.write(topics.names.latest, entry(name, seconds), key=name)
    topics.write(topics.names.latest, None, key="b")

    found = topics.lines("replay", "--topic", "latest")

    assert [(each["headline"], each["received_at"]) for each in found] == [("a", at(2)), ("c", at(3))]


def test_it_ends_at_the_last_stable_offset_of_its_start(topics: Topics) -> None:
    """An aborted transaction and one still open at the end are passed over: it ends, without them."""
    topics.write(topics.names.entries, entry("a", 0))
    producers = [
        Producer({"bootstrap.servers": topics.bootstrap, "transactional.id": f"{topics.prefix}{n}"}) for n in "12"
    ]
    for producer in producers:
        producer.init_transactions(30)
        producer.begin_transaction()
        producer.produce(topics.names.entries, json.dumps(entry("never", 1)), partition=0)
        producer.flush(30)
    producers[0].abort_transaction(30)

    assert [each["headline"] for each in topics.lines("replay")] == ["a"]
    producers[1].commit_transaction(30)
    assert [each["headline"] for each in topics.lines("replay")] == ["a", "never"]


def test_raw_documents_make_the_same_entries_again(topics: Topics) -> None:
    """What `process` makes of a replay of raw is what it makes of the documents; bytes and charsets survive."""
    bodies = [
        (b'{"id": "p1", "headline": "Fire at the harbour"}', "application/vnd.liveline.post+json"),
        ('{"id": "p2", "headline": "Caf\u00e9 closed"}'.encode("latin-1"),
         "application/vnd.liveline.post+json; charset=iso-8859-1"),
    ]  # fmt: skip
    for number, (body, content_type) in enumerate(bodies):
        headers = document_headers(
            number, number, **{"content-type": content_type, "liveline-url": "https://example.org/a"}
        )
        topics.write(topics.names.raw, body, key="fire", headers=headers)

    replayed = topics.run("replay", "--topic", "raw")
    (topics.folder / "raw.jsonl").write_text(replayed.stdout)
    made = json_lines(topics.run("process", "raw.jsonl").stdout)

    assert [line["source"] for line in json_lines(replayed.stdout)] == ["post", "post"]
    assert [(each["headline"], each["coverage_id"], each["received_at"]) for each in made] == [
        ("Fire at the harbour", "fire", at(0)),
        ("Caf\u00e9 closed", "fire", at(1)),
    ]


def test_alerts_and_dead_letters_have_times_of_their_own(topics: Topics) -> None:
    """Alerts by `at`, letters by when they failed."""
    for name, seconds in (("b", 2), ("a", 1)):
        topics.write(
            topics.names.alerts, {"alert_id": name, "at": at(seconds), "coverage_id": "fire"}, partition=seconds % 2
        )
    for number, failed in ((0, 9), (1, 3)):
        headers = document_headers(number, 100, **{"liveline-failed-at": at(failed), "liveline-stage": "parse"})
        topics.write(topics.names.dead_letters, b"x", partition=number, headers=headers)

    assert [each["alert_id"] for each in topics.lines("replay", "--topic", "alerts")] == ["a", "b"]
    letters = topics.lines("replay", "--topic", "dead-letters", "--from", at(3), "--to", at(10))
    assert [(each["id"], each["received_at"]) for each in letters] == [("d1", at(100)), ("d0", at(100))]


def test_what_is_no_json_is_named_and_the_others_go_on(topics: Topics) -> None:
    """Exit 1, with the record's place."""
    for value in (entry("a", 0), b"not json", [1], {"entry_id": "x"}, None, entry("b", 1)):
        topics.write(topics.names.entries, value)

    done = topics.run("replay")

    assert done.returncode == 1
    assert [each["headline"] for each in json_lines(done.stdout)] == ["a", "b"]
    places = [line.split(": ")[1] for line in done.stderr.splitlines()]
    assert places == [f"{topics.names.entries}/0/{offset}" for offset in (1, 2, 3, 4)]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--topic", "raw", "--filter", "kind=post"), 2, "kind is no filter of raw"),
        (("--filter", "kinds=post"), 2, "did you mean kind?"),
        (("--filter", "min_urgency=x"), 2, "min_urgency is 'x'"),
        (("--from", "soon"), 2, "'soon' is no time"),
        (("--speed", "0"), 2, "'0' is no speed"),
        (("--timezone", "Mars/Base"), 2, "no IANA time zone"),
        (("--into", "nowhere"), 1, "there is no such topic"),
    ],
)
def test_wrong_use_is_told(topics: Topics, arguments: tuple[str, ...], code: int, told: str) -> None:
    """The message names what was given."""
    done = topics.run("replay", *arguments)

    assert (done.returncode, told in done.stderr) == (code, True), done.stderr


def test_an_absent_topic_and_the_embedded_broker(topics: Topics) -> None:
    """The one is exit 1, the other 2 with what is needed."""
    absent = topics.run("replay", LIVELINE_TOPIC_PREFIX="absent.")
    embedded = topics.run("replay", LIVELINE_KAFKA="embedded")

    assert (absent.returncode, "no topic absent.entries" in absent.stderr) == (1, True)
    assert (embedded.returncode, "needs a real Kafka" in embedded.stderr) == (2, True)


def test_a_closed_pipe_ends_it_quietly(topics: Topics) -> None:
    """`| head` is no failure."""
    for number in range(300):
        topics.producer.produce(topics.names.entries, json.dumps(entry("x" * 2000, number)), partition=0)
    assert topics.producer.flush(30) == 0
    process = subprocess.Popen(
        topics.command("replay"), env=topics.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()

    assert (process.wait(60), process.stderr.read()) == (0, b"")
    process.stderr.close()


def test_sigint_ends_it_after_the_line_at_hand(topics: Topics) -> None:
    """At the original speed the second record is an hour away; what came is whole, and the exit code 130."""
    topics.write(topics.names.entries, entry("a", 0))
    topics.write(topics.names.entries, entry("b", 3600))
    with subprocess.Popen(
        topics.command("replay", "--speed", "original"), env=topics.environment(), stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        os.kill(process.pid, signal.SIGINT)
        rest = process.stdout.read()

        assert (json.loads(first)["headline"], rest, process.wait(60)) == ("a", b"", 130)


def test_speed_keeps_the_distances(topics: Topics) -> None:
    """Four seconds at ten times the speed take no less than 0.4 s."""
    for seconds in (0, 4):
        topics.write(topics.names.entries, entry(str(seconds), seconds))
    with subprocess.Popen(
        topics.command("replay", "--speed", "10"), env=topics.environment(), stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        first = time.monotonic()
        process.stdout.readline()

        assert time.monotonic() - first > 0.35


def test_no_group_is_touched(topics: Topics) -> None:
    """What a live group has committed stays, and no group is there that was not before."""
    topics.write(topics.names.entries, entry("a", 0))
    group = f"{topics.prefix}live"
    consumer = Consumer({"bootstrap.servers": topics.bootstrap, "group.id": group})
    consumer.commit(offsets=[TopicPartition(topics.names.entries, 0, 1)], asynchronous=False)
    consumer.close()
    admin = AdminClient({"bootstrap.servers": topics.bootstrap})

    def groups() -> set[str]:
        return {each.group_id for each in admin.list_consumer_groups().result(30).valid}

    before = groups()
    topics.lines("replay")

    assert groups() == before
    assert committed_offsets(topics.bootstrap, group, topics.names.entries, [0]) == [1]
