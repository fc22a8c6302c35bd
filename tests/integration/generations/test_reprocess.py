"""`liveline reprocess` on a real Kafka, as a user calls it, and killed."""

import contextlib
import json
import random
import time

import pytest
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient, ConfigResource, ResourceType
from generations_harness import Bench, Running, until

from streams.bootstrap.bounds import version_of_code

pytestmark = pytest.mark.kafka


def config_of(bench: Bench, topic: str) -> dict[str, str]:
    """Return a topic's settings."""
    asked = ConfigResource(ResourceType.TOPIC, topic)
    admin = AdminClient({"bootstrap.servers": bench.bootstrap})
    answer = admin.describe_configs([asked])[asked].result(30)
    return {name: str(entry.value) for name, entry in answer.items()}


def test_a_generation_is_what_one_run_over_the_log_says(bench: Bench) -> None:
    """In topics of its own with live's partitions and no retention; live's own stay as they were."""
    bench.push(600)

    done = bench.run("reprocess", "week")

    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["generation"], said["documents"], said["complete"]) == ("week", 600, True)
    assert f"{bench.names.raw} has documents from 20" in done.stderr
    assert bench.wrong("week").wrong == {}
    assert bench.stored(bench.names.entries) == []
    names = bench.of("week")
    assert config_of(bench, names.entries)["retention.ms"] == "-1"
    assert config_of(bench, names.dead_letters)["retention.ms"] == "-1"
    assert config_of(bench, names.latest)["cleanup.policy"] == "compact"
    admin = AdminClient({"bootstrap.servers": bench.bootstrap})
    groups = admin.list_consumer_groups().result(30)
    assert {each.group_id for each in groups.valid if bench.prefix.rstrip(".") in each.group_id} == {
        f"liveline-week.{bench.prefix.rstrip('.')}"
    }


def test_it_ends_where_the_log_ended_and_goes_on_there(bench: Bench) -> None:
    """Called again, it processes what came since; called with nothing new, nothing."""
    bench.push(100)
    assert json.loads(bench.run("reprocess", "week").stdout)["documents"] == 100
    bench.push(50)

    assert json.loads(bench.run("reprocess", "week").stdout)["documents"] == 50
    again = bench.run("reprocess", "week")

    assert json.loads(again.stdout)["documents"] == 0
    assert "week: goes on; it was begun on 20" in again.stderr
    assert bench.wrong("week").wrong == {}


def test_kills_lose_and_double_nothing(bench: Bench) -> None:
    """Record by record it is one run over the log, however often the process was killed on the way."""
    bench.push(3000)
    chance, kills, written = random.Random(5), 0, 0
    while kills < 5:
        with bench.running("reprocess", "week") as running:
            written = written_more(bench, running, written)
            if running.process.poll() is not None:
                break
            time.sleep(chance.uniform(0.0, 0.3))
            running.kill()
            kills += 1
    with bench.running("reprocess", "week") as two, bench.running("reprocess", "week") as one:
        assert [two.process.wait(120), one.process.wait(120)] == [0, 0], one.said() + two.said()

    assert kills >= 3
    assert bench.wrong("week").wrong == {}


def count(bench: Bench, generation: str) -> int:
    """Return how many revisions a generation has; none before its topics are there."""
    with contextlib.suppress(TimeoutError, KafkaException):
        return len(bench.stored(bench.of(generation).entries))
    return 0


def written_more(bench: Bench, running: Running, before: int) -> int:
    """Return how many revisions the generation has once these are more than before, or its process has ended."""
    until(lambda: count(bench, "week") > before or running.process.poll() is not None)
    return count(bench, "week")


def test_from_is_within_wherever_documents_stand(bench: Bench) -> None:
    """By the documents' own times, also of one that was pushed late."""
    times = ["10:00", "12:00", "11:00", "13:00", "11:59:59"]
    for number, clock in enumerate(times):
        body = {"id": f"p{number}", "headline": f"At {clock} in the harbour"}
        headers = {
            "ce_specversion": "1.0", "ce_id": f"d{number}", "ce_source": "post", "ce_type": "liveline.document.v1",
            "ce_time": f"2026-05-01T{clock.ljust(8, ':').replace('::', ':00') if len(clock) < 8 else clock}Z",
            "ce_subject": "fire", "content-type": "application/vnd.liveline.post+json",
        }  # fmt: skip
        bench.write(bench.names.raw, body, key="fire", headers=headers)

    done = bench.run("reprocess", "noon", "--from", "2026-05-01T12:00:00Z")

    assert done.returncode == 0, done.stderr
    stored = [json.loads(record.value or b"") for record in bench.stored(bench.of("noon").entries)]
    assert [entry["source_post_id"] for entry in stored] == ["p1", "p3"]


def test_other_rules_are_refused_for_a_generation_that_has_begun(bench: Bench) -> None:
    """Exit 2, with what to do; a change that no entry depends on is none."""
    bench.push(10)
    first, other = bench.folder / "first.yaml", bench.folder / "other.yaml"
    first.write_text("coverages: [{id: fire, title: Fire, sources: [{id: post}]}]")
    other.write_text("coverages: [{id: fire, title: Fire, sources: [{id: post, timezone: Europe/Berlin}]}]")
    assert bench.run("reprocess", "week", "--config", str(first)).returncode == 0

    refused = bench.run("reprocess", "week", "--config", str(other))
    first.write_text("coverages: [{id: fire, title: The fire, public: false, sources: [{id: post}]}]")
    renamed = bench.run("reprocess", "week", "--config", str(first))

    assert refused.returncode == 2
    assert "week: was begun with other rules" in refused.stderr
    assert "liveline reprocess --drop week" in refused.stderr
    assert renamed.returncode == 0, renamed.stderr


def test_a_topics_role_is_no_name(bench: Bench) -> None:
    """Wrong use: its topics would be others'. `test_generation_names.py` has the other names."""
    assert bench.run("reprocess", "entries").returncode == 2


def test_list_and_drop(bench: Bench) -> None:
    """The live one is listed and can't be dropped; a dropped one is gone with topics, group and record."""
    bench.push(20)
    assert bench.run("reprocess", "week").returncode == 0
    listed = {row["name"]: row for row in bench.lines("reprocess", "--list")}
    assert (listed["live"]["live"], listed["live"]["unread"]) == (True, 20)
    assert (listed["week"]["live"], listed["week"]["unread"], listed["week"]["follows"]) == (False, 0, False)
    assert listed["week"]["code"] == version_of_code()

    assert bench.run("reprocess", "--drop", "live").returncode == 2
    dropped = bench.run("reprocess", "--drop", "week")

    assert len(json.loads(dropped.stdout)["topics"]) == 4, dropped.stderr
    assert [row["name"] for row in bench.lines("reprocess", "--list")] == ["live"]
    assert bench.run("reprocess", "--drop", "week").returncode == 2
    assert json.loads(bench.run("reprocess", "week").stdout)["documents"] == 20


def test_one_that_follows_is_kept_from_being_dropped(bench: Bench) -> None:
    """It processes what comes, says so in the list, and ends in good order on SIGTERM."""
    bench.push(20)
    with bench.running("reprocess", "week", "--follow") as running:
        until(lambda: count(bench, "week"))
        bench.push(30)
        until(lambda: bench.lines("reprocess", "--list")[1]["unread"] == 0)

        assert bench.lines("reprocess", "--list")[1]["follows"] is True
        refused = bench.run("reprocess", "--drop", "week")
        assert (refused.returncode, "a process still writes it" in refused.stderr) == (2, True)
        assert running.stop() == 0
    assert bench.wrong("week").wrong == {}


def test_the_embedded_broker_is_wrong_use(bench: Bench) -> None:
    """It says that it needs a real Kafka."""
    done = bench.run("reprocess", "week", LIVELINE_KAFKA="embedded")

    assert (done.returncode, "needs a real Kafka" in done.stderr) == (2, True)


def test_a_released_embargo_stands_where_the_documents_put_it(bench: Bench) -> None:
    """Not when a clock came by: before the first document at or after its end."""

    def write(number: int, clock: str, **more: str) -> None:
        body = {"id": f"p{number}", "headline": f"Number {number} of the harbour", **more}
        headers = {
            "ce_specversion": "1.0", "ce_id": f"d{clock}", "ce_source": "post", "ce_type": "liveline.document.v1",
            "ce_time": f"2026-05-01T{clock}:00Z", "ce_subject": "fire",
            "content-type": "application/vnd.liveline.post+json",
        }  # fmt: skip
        bench.write(bench.names.raw, body, key="fire", headers=headers)

    write(1, "10:00", embargo_until="2026-05-01T11:00:00Z")
    write(2, "10:30")
    write(1, "10:45", embargo_until="2026-05-01T11:00:00Z", summary="Edited before its end")
    write(3, "11:30")

    done = bench.run("reprocess", "week")

    assert done.returncode == 0, done.stderr
    stored = [json.loads(record.value or b"") for record in bench.stored(bench.of("week").entries)]
    assert [(each["source_post_id"], each.get("summary"), each["received_at"]) for each in stored] == [
        ("p2", None, "2026-05-01T10:30:00Z"),
        ("p1", "Edited before its end", "2026-05-01T11:00:00Z"),
        ("p3", None, "2026-05-01T11:30:00Z"),
    ]
