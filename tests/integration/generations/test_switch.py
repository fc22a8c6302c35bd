"""`liveline switch` on a real Kafka: forth and back while documents come and processes are killed."""

import asyncio
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import yaml
from generations_harness import Bench, until
from webhook_endpoints import Endpoint, serving

from streams.generations.control import read_generations
from streams.generations.record import Live

from chaos.alerts import NEWSROOM, wrong_alerts
from chaos.log import Report, Stored, run_alone, same_log

pytestmark = pytest.mark.kafka


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
    delivered = Counter((body["data"]["entry_id"], body["data"]["revision"]) for _, body in endpoint.taken)
    assert [stretch.generation for stretch in live(bench).stretches] == ["live", "week", "live"]
    assert set(delivered.values()) == {1}
    of_week = [message_id for message_id in endpoint.ids if message_id.startswith("week:")]
    assert of_week
    wanted = {
        f"{'week:' if stretch == 'week' else ''}{entry['entry_id']}:{entry['revision']}"
        for stretch, entry in of_stretches(bench)
    }
    assert wanted >= set(endpoint.ids)
    assert set(of_week) == {each for each in wanted if each.startswith("week:")}


def of_stretches(bench: Bench) -> list[tuple[str, dict[str, Any]]]:
    """Return what is told, with whose it is."""
    found = []
    for stretch in live(bench).stretches:
        for record in bench.stored(bench.of(stretch.generation).entries):
            begin, end = stretch.begins.get(record.partition, 0), (stretch.until or {}).get(record.partition, 1 << 62)
            if begin <= record.offset < end:
                found.append((stretch.generation, json.loads(record.value or b"")))
    return found
