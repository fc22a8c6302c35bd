"""`liveline switch` on a real Kafka: forth and back while documents come and processes are killed."""

import asyncio
import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from generations_harness import Bench, Running, until
from webhook_endpoints import Endpoint, serving

from streams.generations.control import read_generations
from streams.generations.record import Live
from streams.generations.switch import GIVEN_UP_SECONDS

from chaos.alerts import NEWSROOM, wrong_alerts
from chaos.log import Report, Stored, run_alone, same_log
from chaos.sse_client import Subscriber

pytestmark = pytest.mark.kafka
TESTS = Path(__file__).parents[2]


def live(bench: Bench) -> Live:
    """Return what is live."""
    return read_generations(bench.connection, bench.names).live


def told(bench: Bench) -> list[Stored]:
    """Return the entries that alerts and webhooks are told: one stretch after the other, partition by partition."""
    found: list[Stored] = []
    for stretch in live(bench).stretches:
        end = stretch.until or {}
        found += [
            record
            for record in bench.stored(bench.of(stretch.generation).entries)
            if stretch.begins.get(record.partition, 0) <= record.offset < end.get(record.partition, 1 << 62)
        ]
    return found


def wrong(bench: Bench, entries: list[Stored]) -> dict[str, int]:
    """Compare entries with what one undisturbed run over all documents says: both generations have the same rules."""
    report = Report()
    alone, _ = run_alone(bench.stored(bench.names.raw), bench.names.raw)
    same_log(entries, alone, report)
    return report.wrong


def processed(bench: Bench, generation: str) -> bool:
    """Whether a generation has processed all documents."""
    rows = {row["name"]: row for row in json_rows(bench)}
    return generation in rows and rows[generation]["unread"] == 0


def json_rows(bench: Bench) -> list[dict[str, Any]]:
    """Return what `reprocess --list` says."""
    return [json.loads(line) for line in bench.run("reprocess", "--list").stdout.splitlines()]


@contextmanager
def pushing(bench: Bench, pause: float = 0.05) -> Iterator[None]:
    """Push documents all the while."""
    over = threading.Event()

    def push() -> None:
        while not over.wait(pause):
            bench.push(5)

    thread = threading.Thread(target=push)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(60)


@contextmanager
def an_endpoint() -> Iterator[Endpoint]:
    """Serve a webhook's endpoint in a thread of its own."""
    endpoint, loop, ready, over = Endpoint(), asyncio.new_event_loop(), threading.Event(), asyncio.Event()

    async def serve() -> None:
        async with serving(hook=endpoint):
            ready.set()
            await over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert ready.wait(30)
    try:
        yield endpoint
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(30)
        loop.close()


def write_config(bench: Bench, webhook: str) -> dict[str, str]:
    """Write the newsroom with rules and a webhook; returns the variables that go with it."""
    found = NEWSROOM.model_dump(mode="json", include={"alerts"}, exclude_defaults=True)
    found["webhooks"] = [{"id": "hook", "url": webhook, "filter": {"duplicates": "include"}}]
    path = bench.folder / "liveline.yaml"
    path.write_text(yaml.safe_dump(found))
    return {
        "LIVELINE_CONFIG": str(path), "LIVELINE_WEBHOOK_SECRET_HOOK": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "LIVELINE_WEBHOOK_INTERNAL": "true", "LIVELINE_ADMIN_TOKEN": "a-token-of-the-admin-that-is-long-enough",
        "LIVELINE_STATE": f"sqlite:///{bench.folder}/state.db", "LIVELINE_ARCHIVE": f"sqlite:///{bench.folder}/a.db",
    }  # fmt: skip


def of_stretches(bench: Bench) -> list[tuple[str, dict[str, Any]]]:
    """Return what is told, with whose it is."""
    found = []
    for stretch in live(bench).stretches:
        for record in bench.stored(bench.of(stretch.generation).entries):
            begin, end = stretch.begins.get(record.partition, 0), (stretch.until or {}).get(record.partition, 1 << 62)
            if begin <= record.offset < end:
                found.append((stretch.generation, json.loads(record.value or b"")))
    return found


def wrong_deliveries(bench: Bench, endpoint: Endpoint) -> list[str]:
    """Return the ids that are missing at an endpoint, or too many; the same id may have come twice."""
    wanted = {
        f"{'week:' if generation == 'week' else ''}{entry['entry_id']}:{entry['revision']}"
        for generation, entry in of_stretches(bench)
    }
    return sorted(wanted.symmetric_difference(endpoint.ids))


@pytest.mark.timeout(600)
def test_forth_and_back_while_documents_come(bench: Bench) -> None:
    """Each document is told once, over both switches: entries, alerts and webhooks; what stands still stands still."""
    bench.push(300)
    with an_endpoint() as endpoint:
        more = write_config(bench, endpoint.url)
        with (
            bench.running("worker", **more),
            bench.running("worker", **more),
            bench.running("deliver", **more) as deliver,
            bench.running("reprocess", "week", "--follow", **more),
        ):
            until(lambda: "deliver.lease_held" in deliver.said())
            until(lambda: processed(bench, "week") and processed(bench, "live"))
            with pushing(bench):
                time.sleep(3)
                there = bench.run("switch", "week", "--yes", **more)
                assert there.returncode == 0, there.stderr
                stands = len(bench.stored(bench.names.entries))
                time.sleep(3)
                assert len(bench.stored(bench.names.entries)) == stands
                back = bench.run("switch", "live", **more)
                assert back.returncode == 0, back.stderr
                stands = len(bench.stored(bench.of("week").entries))
                time.sleep(3)
            until(lambda: processed(bench, "live"))
            assert len(bench.stored(bench.of("week").entries)) == stands
            entries = told(bench)
            assert wrong(bench, entries) == {}
            until(lambda: len(bench.stored(bench.names.alerts)) >= len(entries))
            until(lambda: len(endpoint.ids) >= len({record.key for record in entries}))
            time.sleep(3)
            assert wrong_alerts(entries, bench.stored(bench.names.alerts)) == []
    assert [stretch.generation for stretch in live(bench).stretches] == ["live", "week", "live"]
    assert wrong_deliveries(bench, endpoint) == []
    assert len(endpoint.ids) == len(set(endpoint.ids))
    assert any(message_id.startswith("week:") for message_id in endpoint.ids)


@pytest.mark.timeout(600)
def test_a_command_that_is_killed_changes_nothing(bench: Bench) -> None:
    """Between the stop and its record: a worker takes the stop back, and what was live goes on; then it can be done."""
    bench.push(50)
    with bench.running("worker"), bench.running("reprocess", "week", "--follow"):
        until(lambda: processed(bench, "week") and processed(bench, "live"))
        killed = subprocess.run(
            [sys.executable, str(TESTS / "killed_switch.py"), "week", "--yes"],
            cwd=bench.folder, env=bench.environment(), capture_output=True, check=False, timeout=120,
        )  # fmt: skip
        assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
        assert live(bench).stopping
        bench.push(50)
        until(lambda: not live(bench).stopping, GIVEN_UP_SECONDS + 120)
        assert live(bench).generation == "live"
        until(lambda: processed(bench, "live") and processed(bench, "week"))
        assert wrong(bench, told(bench)) == {}
        done = bench.run("switch", "week", "--yes")
        assert done.returncode == 0, done.stderr
        bench.push(50)
        until(lambda: processed(bench, "week"))
    assert wrong(bench, told(bench)) == {}


@pytest.mark.timeout(600)
def test_kills_of_who_works_lose_and_double_nothing(bench: Bench) -> None:
    """Of workers and the deliverer during and after a switch, and with all of them away during the way back."""
    bench.push(200)
    with an_endpoint() as endpoint, ExitStack() as stack:
        more = write_config(bench, endpoint.url)

        def begin(*command: str) -> Running:
            return stack.enter_context(bench.running(*command, **more))

        workers, deliver = [begin("worker"), begin("worker")], begin("deliver")
        begin("reprocess", "week", "--follow")
        until(lambda: "deliver.lease_held" in deliver.said())
        until(lambda: processed(bench, "week") and processed(bench, "live"))
        with pushing(bench, 0.3):
            # 1. A worker and the deliverer die while it switches; they come back to what is live.
            switching = begin("switch", "week", "--yes")
            until(lambda: live(bench).stopping or live(bench).generation == "week")
            workers[0].kill()
            deliver.kill()
            assert switching.process.wait(120) == 0, switching.said()
            workers[1].kill()
            workers, deliver = [begin("worker"), begin("worker")], begin("deliver")
            until(lambda: "partition.taken_over" in workers[0].said() + workers[1].said())
            # 2. All of them are away during the way back.
            for each in (*workers, deliver):
                each.kill()
            switching = begin("switch", "live")
            assert switching.process.wait(120) == 0, switching.said()
        workers, deliver = [begin("worker"), begin("worker")], begin("deliver")
        until(lambda: processed(bench, "live"))
        entries = told(bench)
        assert wrong(bench, entries) == {}
        until(lambda: len(bench.stored(bench.names.alerts)) >= len(entries), 180)
        until(lambda: not wrong_deliveries(bench, endpoint), 180)
        time.sleep(2)
        assert wrong_alerts(entries, bench.stored(bench.names.alerts)) == []
        assert wrong_deliveries(bench, endpoint) == []


@pytest.mark.timeout(600)
def test_a_subscriber_gets_the_state_of_what_is_live(bench: Bench) -> None:
    """`incomplete`, then the entries as the new rules make them, then what comes; a worker by other rules stops."""
    path, new = bench.folder / "liveline.yaml", bench.folder / "new.yaml"
    old_rules = "coverages: [{id: fire, sources: [{id: post}]}]"
    path.write_text(old_rules)
    new.write_text("coverages: [{id: fire, names: [{type: place, name: Zarnfleet}], sources: [{id: post}]}]")
    more = {
        "LIVELINE_CONFIG": str(path), "LIVELINE_BIND": "127.0.0.1:0", "LIVELINE_ARCHIVE": f"sqlite:///{bench.folder}/a.db",
        "LIVELINE_STATE": f"sqlite:///{bench.folder}/s.db",
    }  # fmt: skip
    for number in range(20):
        push_post(bench, number)
    with ExitStack() as stack:
        worker = stack.enter_context(bench.running("worker", **more))
        until(lambda: processed(bench, "live"))
        gateway = stack.enter_context(bench.running("gateway", **more))
        subscriber = Subscriber(address_of(gateway), pause=(0.5, 1.5))
        stack.callback(subscriber.stop)
        subscriber.start()
        follows = {**more, "LIVELINE_CONFIG": str(new)}
        following = stack.enter_context(bench.running("reprocess", "week", "--follow", **follows))
        until(lambda: processed(bench, "week"))
        push_post(bench, 20)
        until(lambda: len(subscriber.newest) == 1)

        until(lambda: processed(bench, "week"))
        switched = bench.run("switch", "week", **more)
        assert switched.returncode == 0, switched.stderr
        assert worker.process.wait(60) == 1
        assert "start it with the liveline.yaml and settings that week was made with" in worker.said()
        path.write_text(new.read_text())
        worker = stack.enter_context(bench.running("worker", **more))
        assert following.process.wait(120) == 0, "it goes on until a worker has taken over"
        until(lambda: len(subscriber.newest) == 21)
        gateway.kill()  # and come back, with its archive half way or not begun
        gateway = stack.enter_context(bench.running("gateway", **{**more, "LIVELINE_BIND": subscriber.url[7:]}))
        push_post(bench, 21)
        until(lambda: len(subscriber.newest) == 22)

        assert subscriber.incomplete >= 1
        assert {json.loads(value)["places"][0]["name"] for value in subscriber.newest.values()} == {"Zarnfleet"}
        stored = {record.key.decode(): record.value for record in bench.stored(bench.of("week").entries)}
        assert subscriber.newest == stored
        assert len(bench.stored(bench.names.entries)) == 21
        incomplete = subscriber.incomplete
        path.write_text(old_rules)
        until(lambda: "config.refused" in worker.said())  # its rules are not those of what is live: they wait
        back = bench.run("switch", "live", **more)
        assert back.returncode == 0, back.stderr
        push_post(bench, 22)
        until(lambda: len(subscriber.newest) == 23)
        until(lambda: all("places" not in json.loads(value) for value in subscriber.newest.values()))
        assert subscriber.incomplete > incomplete
        assert worker.process.poll() is None, "it went over by the file that waited"


def test_what_is_not_ready_is_refused_and_can_be_brought_up_to_date(bench: Bench) -> None:
    """One that nobody follows, or that there is not; --yes needs its rules; its topics then have live's retention."""
    path, other = bench.folder / "a.yaml", bench.folder / "b.yaml"
    path.write_text("coverages: [{id: fire, sources: [{id: post}]}]")
    other.write_text("coverages: [{id: fire, near_duplicates: false, sources: [{id: post}]}]")
    push_post(bench, 0)
    assert bench.run("switch", "week").returncode == 2
    assert bench.run("switch", "entries").returncode == 2
    assert bench.run("switch", "week", LIVELINE_KAFKA="embedded").returncode == 2
    assert bench.run("reprocess", "week", "--config", str(path)).returncode == 0
    push_post(bench, 1)

    refused = bench.run("switch", "week", "--config", str(path))
    by_others = bench.run("switch", "week", "--yes", "--config", str(other))
    done = bench.run("switch", "week", "--yes", "--config", str(path))

    assert (refused.returncode, "does not follow" in refused.stderr) == (1, True)
    assert (by_others.returncode, "was made by other rules" in by_others.stderr) == (1, True)
    assert done.returncode == 0, done.stderr
    assert len(bench.stored(bench.of("week").entries)) == 2
    # Nobody has told anything of these documents: alerts and webhooks begin with the first.
    assert set(live(bench).ends.values()) == {0}
    assert bench.run("reprocess", "--drop", "week").returncode == 2
    again = bench.run("switch", "week", "--config", str(other))
    assert "goes on by these rules" in again.stderr
    assert live(bench).newsroom == json.loads(again.stdout)["rules"] != json.loads(done.stdout)["rules"]


def test_one_that_follows_but_is_behind_is_refused(bench: Bench) -> None:
    """Its process is stopped, though a member of its group still; awake again it has all, and --yes is not needed."""
    push_post(bench, 0)
    with bench.running("reprocess", "week", "--follow", LIVELINE_SESSION_TIMEOUT="30s") as following:
        until(lambda: processed(bench, "week"))
        following.process.send_signal(signal.SIGSTOP)
        push_post(bench, 1)
        refused = bench.run("switch", "week")
        following.process.send_signal(signal.SIGCONT)
        done = bench.run("switch", "week")

    assert (refused.returncode, "has not processed all" in refused.stderr) == (1, True)
    assert done.returncode == 0, done.stderr
    assert len(bench.stored(bench.of("week").entries)) == 2


def push_post(bench: Bench, number: int) -> None:
    """Push a post that names a place which only the new rules know."""
    headers = {
        "ce_specversion": "1.0", "ce_id": f"d{number}", "ce_source": "post", "ce_subject": "fire",
        "ce_type": "liveline.document.v1", "content-type": "application/vnd.liveline.post+json",
    }  # fmt: skip
    post = {"id": f"p{number}", "headline": f"Number {number}", "body_text": f"Smoke over Zarnfleet, {number} times."}
    bench.write(bench.names.raw, post, key="fire", headers=headers)


def address_of(gateway: Running) -> str:
    """Return where a gateway listens."""
    until(lambda: "gateway.listening" in gateway.said())
    lines = [json.loads(line) for line in gateway.said().splitlines() if line.startswith("{")]
    return str(next(line["url"] for line in lines if "url" in line))
