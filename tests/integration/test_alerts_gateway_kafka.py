"""From a pushed post to an editor's stream: worker and gateway as processes on a real Kafka, killed in between."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import pytest
from gateway_harness import Event, read_events, until

from real_kafka import RealKafka

pytestmark = pytest.mark.kafka
ROOT = Path(__file__).parents[2]
ADMIN = "token-of-the-admin"
NEWSROOM = """
coverages:
  - {id: harbour-fire, title: Harbour fire, public: false, sources: [{id: evening-post}]}
alerts:
  - {id: fire, when: 'entry.mentions("fire")', per: entry, fresh: off}
"""


class Installation:
    """Processes in a folder with a newsroom, on topics of their own."""

    def __init__(self, folder: Path, kafka: RealKafka) -> None:
        (folder / "liveline.yaml").write_text(NEWSROOM)
        self.folder = folder
        prefix = f"desk-{uuid.uuid4().hex[:8]}."
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LIVELINE_")}
        self.environment = kept | {
            "PYTHONPATH": str(ROOT), "LIVELINE_KAFKA": kafka.bootstrap, "LIVELINE_TOPIC_PREFIX": prefix,
            "LIVELINE_APPLICATION": prefix, "LIVELINE_BIND": "127.0.0.1:0", "LIVELINE_ADMIN_TOKEN": ADMIN,
            "LIVELINE_TOKEN_EVENING_POST": "token-of-the-post", "LIVELINE_LOG_FORMAT": "json",
        }  # fmt: skip

    @contextmanager
    def process(self, name: str) -> Iterator["subprocess.Popen[bytes]"]:
        """Run a command until it is killed with kill -9."""
        with (
            (self.folder / f"{name}.log").open("wb") as log,
            subprocess.Popen(
                [sys.executable, "-m", "streams", name], cwd=self.folder, env=self.environment, stderr=log
            ) as process,
        ):
            try:
                yield process
            finally:
                process.send_signal(signal.SIGKILL)

    def run(self, *arguments: str) -> None:
        """Run a command to its end."""
        done = subprocess.run(
            [sys.executable, "-m", "streams", *arguments], cwd=self.folder, env=self.environment, capture_output=True,
            text=True, check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr

    async def url(self) -> str:
        """Return where the gateway listens, once it does."""
        async with asyncio.timeout(60):
            while not (found := re.search(r'"url": ?"(http://127[^"]+)"', self.said("gateway"))):
                await asyncio.sleep(0.05)
            return found[1]

    def said(self, name: str) -> str:
        """Return a process's log."""
        return (self.folder / f"{name}.log").read_text() if (self.folder / f"{name}.log").exists() else ""


async def push(session: aiohttp.ClientSession, url: str, headline: str) -> None:
    """Push a post with the source's own token."""
    headers = {"Authorization": "Bearer token-of-the-post", "Content-Type": "application/vnd.liveline.post+json"}
    post = json.dumps({"id": headline, "headline": headline})
    async with asyncio.timeout(60):
        while True:
            async with session.post(f"{url}/v1/sources/evening-post/documents", data=post, headers=headers) as answer:
                if answer.status == 202:
                    return
            await asyncio.sleep(0.2)


async def alerts(session: aiohttp.ClientSession, url: str, cursor: str | None = None) -> AsyncIterator[Event]:
    """Yield the events of the stream of alerts."""
    headers = {"Authorization": f"Bearer {ADMIN}"} | ({"Last-Event-ID": cursor} if cursor else {})
    async with session.get(f"{url}/v1/alerts/stream", headers=headers) as answer:
        assert answer.status == 200
        async for event in read_events(answer):
            yield event


async def test_a_pushed_post_becomes_an_alert_on_the_editors_stream(tmp_path: Path, kafka: RealKafka) -> None:
    """On the entries' stream too; whoever was away while the gateway was killed misses nothing."""
    installation = Installation(tmp_path, kafka)
    await asyncio.to_thread(installation.run, "topics", "create")
    timeout = aiohttp.ClientTimeout(total=None)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        with installation.process("worker"):
            with installation.process("gateway"):
                url = await installation.url()
                own = alerts(session, url)
                await until(own, "live", 90)
                headers = {"Authorization": f"Bearer {ADMIN}"}
                async with session.get(f"{url}/v1/stream?alerts=true", headers=headers) as answer:
                    entries = read_events(answer)
                    await push(session, url, "Fire at the harbour")
                    first = (await until(own, "alert", 90))[-1]
                    told = (await until(entries, "alert", 90))[-1]
                assert told.data == first.data
                assert first.json["title"] == "Harbour fire: Fire at the harbour"

            (tmp_path / "gateway.log").unlink()
            post = json.dumps({"id": "2", "headline": "Fire spreads to the sheds"})
            document = {"source": "evening-post", "content_type": "application/vnd.liveline.post+json", "body": post}
            (tmp_path / "posts.jsonl").write_text(json.dumps(document))
            await asyncio.to_thread(installation.run, "push", "posts.jsonl")
            with installation.process("gateway"):
                url = await installation.url()
                again = alerts(session, url, first.id)
                second = (await until(again, "alert", 90))[-1]
                async with session.get(f"{url}/v1/alerts", headers=headers) as answer:
                    listed = await answer.json()

    titles = ["Harbour fire: Fire spreads to the sheds", "Harbour fire: Fire at the harbour"]
    assert second.json["title"] == titles[0]
    assert [each["title"] for each in listed["alerts"]] == titles
