"""`liveline poll` as a process of its own, on a real Kafka, with the port on which hubs call it."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import TestServer, unused_port
from aiokafka import AIOKafkaConsumer, TopicPartition
from publisher import Page, Publisher

from real_kafka import RealKafka

pytestmark = pytest.mark.kafka
ROOT = Path(__file__).parents[2]
PAGE = '<html><head><link rel="hub" href="/hub"></head><body><p>Smoke over the quay</p></body></html>'
NEW = b'{"id": "p2", "headline": "Second engine on its way"}'


async def test_pollers_push_what_they_read_and_what_hubs_tell(kafka: RealKafka, tmp_path: Path) -> None:
    """Two pollers of one newsroom give the page one id; one of them is told by the hub, at its own address."""
    publisher = Publisher()
    publisher.pages["/live"] = Page(PAGE.encode())
    async with TestServer(publisher.app) as server, aiohttp.ClientSession() as session:
        (tmp_path / "liveline.yaml").write_text(
            "coverages:\n  - id: harbour-fire\n    sources:\n"
            f"      - id: evening-post\n        url: {server.make_url('/live')}\n        every: 1h\n"
        )
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LIVELINE_")}
        alone = kept | {
            "PYTHONPATH": str(ROOT),
            "LIVELINE_KAFKA": kafka.bootstrap,
            "LIVELINE_TOPIC_PREFIX": "polled.",
            "LIVELINE_POLL_INTERNAL": "true",
        }
        address = f"127.0.0.1:{unused_port()}"
        told = alone | {"LIVELINE_POLL_BIND": address, "LIVELINE_PUBLIC_URL": f"http://{address}"}
        made = await asyncio.to_thread(
            subprocess.run, [sys.executable, "-m", "streams", "topics", "create"], cwd=tmp_path, env=alone, check=False
        )
        assert made.returncode == 0
        processes = [
            await asyncio.create_subprocess_exec(sys.executable, "-m", "streams", "poll", cwd=tmp_path, env=settings)
            for settings in (alone, told)
        ]
        try:
            async with asyncio.timeout(90):
                await publisher.hub_asked.wait()
                (form,) = publisher.forms
                query = {name: form[name] for name in ("hub.mode", "hub.topic", "hub.lease_seconds")}
                async with session.get(form["hub.callback"], params={**query, "hub.challenge": "c"}) as answer:
                    assert await answer.text() == "c"
                publisher.pages["/live"] = Page(NEW)
                async with session.post(form["hub.callback"], data=b"something new") as answer:
                    assert answer.status == 202
                async with session.get(f"http://{address}/metrics") as answer:
                    metrics = await answer.text()
                records = await read(kafka.bootstrap, "polled.raw", 3)
            for process in processes:
                process.send_signal(signal.SIGTERM)
            assert [await process.wait() for process in processes] == [0, 0]
        finally:
            for process in processes:
                if process.returncode is None:
                    process.kill()
                    await process.wait()

    assert 'liveline_poll_websub_deliveries_total{result="pinged"} 1.0' in metrics
    assert sorted(body for _, body in records) == sorted([PAGE.encode(), PAGE.encode(), NEW])
    assert len({id_ for id_, body in records if body == PAGE.encode()}) == 1


async def polls(session: aiohttp.ClientSession, address: str) -> float:
    """Return how often a poller has polled; 0 before it listens."""
    try:
        async with session.get(f"http://{address}/metrics") as answer:
            lines = (await answer.text()).splitlines()
    except aiohttp.ClientError:
        return 0.0
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith("liveline_poll_polls_total{"))


async def listens(session: aiohttp.ClientSession, address: str) -> bool:
    """Whether a poller is ready."""
    try:
        async with session.get(f"http://{address}/readyz") as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False


async def until(session: aiohttp.ClientSession, address: str, count: float) -> None:
    """Wait until a poller has polled so often."""
    async with asyncio.timeout(90):
        while await polls(session, address) < count:
            await asyncio.sleep(0.2)


async def test_of_two_pollers_on_one_state_database_one_polls(kafka: RealKafka, tmp_path: Path) -> None:
    """The other polls nothing, until the first is killed and its lease is over."""
    publisher = Publisher()
    publisher.pages["/live"] = Page(PAGE.encode())
    async with TestServer(publisher.app) as server, aiohttp.ClientSession() as session:
        (tmp_path / "liveline.yaml").write_text(
            "coverages:\n  - id: harbour-fire\n    sources:\n"
            f"      - id: evening-post\n        url: {server.make_url('/live')}\n        every: 200ms\n"
        )
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LIVELINE_")}
        shared = kept | {
            "PYTHONPATH": str(ROOT),
            "LIVELINE_KAFKA": kafka.bootstrap,
            "LIVELINE_TOPIC_PREFIX": "leased.",
            "LIVELINE_POLL_INTERNAL": "true",
            "LIVELINE_STATE": f"sqlite:///{tmp_path}/state.db",
        }
        made = await asyncio.to_thread(
            subprocess.run, [sys.executable, "-m", "streams", "topics", "create"], cwd=tmp_path, env=shared, check=False
        )
        assert made.returncode == 0

        addresses = [f"127.0.0.1:{unused_port()}" for _ in range(2)]
        processes = []
        try:
            for address in addresses:
                settings = shared | {"LIVELINE_POLL_BIND": address}
                processes.append(
                    await asyncio.create_subprocess_exec(
                        sys.executable, "-m", "streams", "poll", cwd=tmp_path, env=settings
                    )
                )
                await until(session, addresses[0], 3)
            async with asyncio.timeout(60):
                while not await listens(session, addresses[1]):
                    await asyncio.sleep(0.2)
            await until(session, addresses[0], await polls(session, addresses[0]) + 5)
            standing_by = await polls(session, addresses[1])
            processes[0].kill()
            await until(session, addresses[1], 1)
            processes[1].send_signal(signal.SIGTERM)
            assert await processes[1].wait() == 0
        finally:
            for process in processes:
                if process.returncode is None:
                    process.kill()
                await process.wait()

    assert standing_by == 0


async def read(bootstrap: str, topic: str, count: int) -> list[tuple[bytes, bytes]]:
    """Return id and body of that many documents."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        consumer.assign([TopicPartition(topic, number) for number in range(4)])
        await consumer.seek_to_beginning()
        records = [await consumer.getone() for _ in range(count)]
        return [(dict(record.headers)["ce_id"], record.value) for record in records]
    finally:
        await consumer.stop()
