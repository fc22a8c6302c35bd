"""`liveline dlq` on a real Kafka, as a user calls it."""

import signal
import subprocess
import time
from base64 import b64decode
from collections import Counter
from typing import Any

import pytest
from replay_harness import Topics, at, document_headers, json_lines

pytestmark = pytest.mark.kafka


def letter(topics: Topics, number: int, body: bytes = b"x", *, partition: int = 0, **headers: str) -> None:
    """Write a letter as a worker does."""
    told = {
        **document_headers(number, number),
        "liveline-stage": "parse",
        "liveline-error": "no known format",
        "liveline-origin": f"{topics.names.raw}/{partition}/{100 + number}",
        "liveline-failed-at": at(60 + number),
    }
    about = {name if name.startswith("ce_") else name.replace("_", "-"): text for name, text in headers.items()}
    topics.write(topics.names.dead_letters, body, partition=partition, key="fire", headers={**told, **about})


def raw(topics: Topics) -> list[tuple[bytes | None, dict[str, str]]]:
    """Return the documents on `liveline.raw` with their headers."""
    return [(message.value(), _headers(message)) for message in topics.read(topics.names.raw)]


def _headers(message: Any) -> dict[str, str]:
    return {name: value.decode() for name, value in message.headers()}


def test_a_letter_is_listed_with_what_its_headers_say(topics: Topics) -> None:
    """A JSON line a letter, by the time at which they failed; what is absent is left out."""
    letter(topics, 1, b"12345", partition=1)
    letter(topics, 0, liveline_part="/liveBlogUpdate/17", liveline_stage="enrich")

    found = topics.lines("dlq", "list")

    shared = {"source": "post", "coverage": "fire", "error": "no known format", "state": "waiting", "tries": 0}
    assert found == [
        {"id": "0-0", "stage": "enrich", **shared, "part": "/liveBlogUpdate/17", "document_at": at(0),
         "failed_at": at(60), "bytes": 1},
        {"id": "1-0", "stage": "parse", **shared, "document_at": at(1), "failed_at": at(61), "bytes": 5},
    ]  # fmt: skip


def test_letters_are_filtered_and_counted(topics: Topics) -> None:
    """By stage, source, coverage, a text of the error, when they failed; counted by one of them."""
    letter(topics, 0)
    letter(topics, 1, ce_source="wire", ce_subject="flood")
    letter(topics, 2, ce_source="wire", liveline_error="OVERFLOW in it", liveline_stage="enrich")

    def ids(*options: str) -> list[str]:
        return [each["id"] for each in topics.lines("dlq", "list", *options)]

    assert ids("--source", "wire") == ["0-1", "0-2"]
    assert ids("--coverage", "flood") == ["0-1"]
    assert ids("--stage", "enrich") == ids("--error", "overflow") == ["0-2"]
    assert ids("--from", at(61), "--to", at(62)) == ["0-1"]
    assert ids("--state", "retried") == []
    assert topics.lines("dlq", "list", "--count-by", "source") == [
        {"source": "wire", "count": 2},
        {"source": "post", "count": 1},
    ]


def test_show_has_headers_and_body(topics: Topics) -> None:
    """Text as text, other bytes in base64; `--body` is the bytes alone."""
    letter(topics, 0, b"text")
    letter(topics, 1, b"\xff\x00")

    (text,) = topics.lines("dlq", "show", "0-0")
    (other,) = topics.lines("dlq", "show", "0-1")
    alone = subprocess.run(
        topics.command("dlq", "show", "0-1", "--body"), env=topics.environment(), capture_output=True, check=True
    )
    absent = topics.run("dlq", "show", "0-9")

    assert (text["body"], text["headers"]["ce_id"], text["id"]) == ("text", "d0", "0-0")
    assert b64decode(other["body_base64"]) == alone.stdout == b"\xff\x00"
    assert (absent.returncode, "no such letter" in absent.stderr) == (1, True)
    assert topics.run("dlq", "show", "x").returncode == 2


def test_a_retry_puts_the_document_back_once(topics: Topics) -> None:
    """With its own headers, without the letter's, with the letter's id; again only when it is asked for."""
    letter(topics, 0, b"the document")

    first = topics.run("dlq", "retry", "0-0")
    second = topics.run("dlq", "retry", "0-0")
    (message,) = topics.read(topics.names.raw)
    again = topics.run("dlq", "retry", "0-0", "--again")

    assert (first.returncode, json_lines(first.stdout)) == (0, [{"retried": 1}])
    assert (second.returncode, "retried already; give --again" in second.stderr) == (1, True)
    assert (message.key(), message.value(), message.partition()) == (b"fire", b"the document", 0)
    assert _headers(message) == {**document_headers(0), "liveline-retry-of": "0-0"}
    assert again.returncode == 0
    assert len(topics.read(topics.names.raw)) == 2
    assert topics.lines("dlq", "list") == []
    (listed,) = topics.lines("dlq", "list", "--state", "retried")
    assert (listed["state"], listed["tries"]) == ("retried", 2)


def test_headers_change_and_parts_are_documents_of_their_own(topics: Topics) -> None:
    """`--set` changes, adds and removes; a part has an id of its own."""
    letter(topics, 0, b'{"headline": "x"}', liveline_part="2", content_type="text/html", liveline_format="feed")
    letter(topics, 1, ce_subject="flood")

    topics.lines("dlq", "retry", "0-0", "--set", "liveline-format=", "--set", "liveline-url=https://example.org/")
    topics.lines("dlq", "retry", "0-1", "--set", "ce_subject=fire")

    ((_, part), (_, moved)) = sorted(raw(topics), key=lambda each: each[1]["ce_id"])
    assert (part["ce_id"], part["content-type"], part["liveline-url"]) == (
        "d0#2",
        "application/json",
        "https://example.org/",
    )
    assert not {"liveline-part", "liveline-format"} & set(part)
    assert moved["ce_subject"] == "fire"


def test_they_go_back_in_the_order_of_their_origins(topics: Topics) -> None:
    """Whatever order they failed in."""
    for number in (2, 0, 1):
        letter(topics, number)

    topics.lines("dlq", "retry", "--stage", "parse")

    assert [headers["ce_id"] for _, headers in raw(topics)] == ["d0", "d1", "d2"]


def test_a_letter_that_fails_again_names_the_first(topics: Topics) -> None:
    """`retry_of` is the first letter's id however often it fails, `tries` how often it was given back."""
    letter(topics, 0)
    topics.lines("dlq", "retry", "0-0")
    letter(topics, 1, liveline_retry_of="0-0")
    topics.lines("dlq", "retry", "0-1")
    letter(topics, 2, liveline_retry_of="0-0")

    (third,) = topics.lines("dlq", "list")

    assert (third["id"], third["retry_of"], third["tries"]) == ("0-2", "0-0", 2)
    assert [headers["liveline-retry-of"] for _, headers in raw(topics)] == ["0-0", "0-0"]


def test_discarded_letters_wait_no_more(topics: Topics) -> None:
    """They stay readable, and nothing is written on raw."""
    letter(topics, 0)
    letter(topics, 1)

    assert topics.lines("dlq", "discard", "--from", at(61)) == [{"discarded": 1}]

    assert [each["id"] for each in topics.lines("dlq", "list")] == ["0-0"]
    assert [each["state"] for each in topics.lines("dlq", "list", "--state", "discarded")] == ["discarded"]
    assert raw(topics) == []


def test_many_need_a_yes_and_a_dry_run_counts(topics: Topics) -> None:
    """101 letters are refused and counted, with `--yes` they all go back."""
    for number in range(101):
        topics.producer.produce(
            topics.names.dead_letters, b"x", b"fire", 0, headers={**document_headers(number), "liveline-stage": "parse"}
        )
    assert topics.producer.flush(30) == 0

    dry = topics.lines("dlq", "retry", "--stage", "parse", "--dry-run")
    refused = topics.run("dlq", "retry", "--stage", "parse")
    before = raw(topics)
    done = topics.lines("dlq", "retry", "--stage", "parse", "--yes")

    assert dry == [{"dry_run": True, "letters": 101}]
    assert (refused.returncode, "101 letters; give --yes" in refused.stderr, before) == (2, True, [])
    assert (done, len(raw(topics))) == ([{"retried": 101}], 101)


@pytest.mark.parametrize(
    "arguments",
    [
        ("retry",),
        ("retry", "0-0", "--source", "post"),
        ("retry", "--state", "retried"),
        ("retry", "0-0", "--set", "x"),
        ("discard",),
        ("list", "--stage", "nowhere"),
    ],
)
def test_wrong_use_is_exit_2(topics: Topics, arguments: tuple[str, ...]) -> None:
    """And nothing is changed."""
    letter(topics, 0)

    assert topics.run("dlq", *arguments).returncode == 2
    assert raw(topics) == []


def test_the_embedded_broker_has_no_letters_to_look_at(topics: Topics) -> None:
    """It says that a real Kafka is needed."""
    for arguments in (("list",), ("show", "0-0"), ("retry", "0-0"), ("discard", "0-0")):
        done = topics.run("dlq", *arguments, LIVELINE_KAFKA="embedded")

        assert (done.returncode, "needs a real Kafka" in done.stderr) == (2, True)


def test_a_letter_that_holds_only_a_beginning_is_refused(topics: Topics) -> None:
    """Half a document would be another one; the message says where the whole stands."""
    letter(topics, 0, liveline_body_bytes="9000000")

    done = topics.run("dlq", "retry", "0-0")

    assert (done.returncode, raw(topics)) == (1, [])
    assert f"{topics.names.raw}/0/100" in done.stderr


def test_kill_9_and_once_more_gives_each_back_once(topics: Topics) -> None:
    """However often it is killed: what went back is marked, what isn't marked did not go back."""
    count = 3_000
    for number in range(count):
        headers = {**document_headers(number), "liveline-stage": "parse", "liveline-failed-at": at(number)}
        topics.producer.produce(topics.names.dead_letters, b"x" * 1000, b"fire", number % 2, headers=headers)
        topics.producer.poll(0)
    assert topics.producer.flush(60) == 0
    command = topics.command("dlq", "retry", "--stage", "parse", "--yes")
    for _ in range(2):
        before = len(topics.read(topics.names.raw))
        process = subprocess.Popen(command, env=topics.environment(), stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while len(topics.read(topics.names.raw)) == before and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait(60)

    done = topics.run("dlq", "retry", "--stage", "parse", "--yes")

    assert done.returncode == 0, done.stderr
    counted = Counter(headers["ce_id"] for _, headers in raw(topics))
    assert (len(counted), set(counted.values())) == (count, {1})
    assert topics.lines("dlq", "list") == []
