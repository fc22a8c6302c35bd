"""`liveline up` reads sources by itself: from a publisher's page to the gateway, on the embedded broker."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp.test_utils import TestServer, unused_port
from publisher import Page, Publisher

ROOT = Path(__file__).parents[2]
FEED = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Quay</title>
<link rel="self" href="{base}/live"/><link rel="hub" href="{base}/hub"/>{entries}</feed>"""
ENTRY = """<entry><id>urn:quay:{0}</id><title>{1}</title><updated>2024-05-01T12:0{0}:00Z</updated>
<content>{1}, says the harbour master.</content></entry>"""
ATOM = {"Content-Type": "application/atom+xml"}
FIRST, SECOND, THIRD = "Smoke over the quay", "Second engine on its way", "The fire is out"


def feed(base: str, *headlines: str) -> bytes:
    """Return the feed after so many updates."""
    entries = "".join(ENTRY.format(number, headline) for number, headline in enumerate(headlines, 1))
    return FEED.format(base=base, entries=entries).encode()


@dataclass
class Up:
    """A running `liveline up`, its publisher and a client."""

    publisher: Publisher
    base: str
    url: str
    process: asyncio.subprocess.Process
    session: aiohttp.ClientSession

    async def get(self, path: str) -> Any:
        """Return an answer's JSON, or its text."""
        async with self.session.get(self.url + path) as response:
            return await (response.json() if "json" in response.content_type else response.text())

    async def headlines(self, *expected: str) -> None:
        """Wait until the coverage has these, in this order, newest first."""
        found: list[str] = []
        async with asyncio.timeout(60):
            while found != list(expected):
                answer = await self.get("/v1/coverages/harbour-fire/entries")
                found = [entry["headline"] for entry in answer["entries"]]
                await asyncio.sleep(0.05)


@asynccontextmanager
async def running_up(folder: Path, every: str, **settings: str) -> AsyncIterator[Up]:
    """Start it with one source that is polled; end it and see that it ended well."""
    publisher = Publisher()
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(TestServer(publisher.app))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        log = stack.enter_context((folder / "log").open("wb"))
        base = str(server.make_url("")).rstrip("/")
        publisher.pages["/live"] = Page(feed(base, FIRST), headers={**ATOM, "ETag": '"1"'})
        (folder / "liveline.yaml").write_text(
            "coverages:\n  - id: harbour-fire\n    sources:\n"
            f"      - id: evening-post\n        url: {base}/live\n        every: {every}\n"
        )
        address = f"127.0.0.1:{unused_port()}"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LIVELINE_")}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "streams", "up"),
            cwd=folder,
            env=kept
            | {"PYTHONPATH": str(ROOT), "LIVELINE_BIND": address, "LIVELINE_PUBLIC_URL": f"http://{address}"}
            | {"LIVELINE_POLL_HOST_GAP": "0s"}
            | settings,
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
        )
        try:
            assert process.stdout
            async with asyncio.timeout(60):
                url = (await process.stdout.readline()).decode().strip()
            yield Up(publisher, base, url, process, session)
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(60):
                assert await process.wait() == 0, (folder / "log").read_text()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


async def test_a_polled_page_arrives_and_so_does_its_change(tmp_path: Path) -> None:
    """What the page gains is published; while it stays as it is, nothing is read, pushed or parsed."""
    async with running_up(tmp_path, "200ms", LIVELINE_POLL_INTERNAL="true", LIVELINE_PUBLIC_URL="") as up:
        await up.headlines(FIRST)
        asked = len(up.publisher.requests)
        async with asyncio.timeout(60):
            while len(up.publisher.requests) < asked + 3:
                await asyncio.sleep(0.05)
        assert 'liveline_poll_polls_total{result="pushed",source="evening-post"} 1.0' in await up.get("/metrics")
        up.publisher.pages["/live"] = Page(feed(up.base, FIRST, SECOND), headers={**ATOM, "ETag": '"2"'})
        await up.headlines(SECOND, FIRST)
        async with asyncio.timeout(60):
            while up.publisher.requests[-1].headers["If-None-Match"] != '"2"':
                await asyncio.sleep(0.05)

    assert up.publisher.forms == []
    assert (tmp_path / "log").read_text().count("websub.not_subscribed") == 1


async def test_what_a_hub_tells_is_read_at_once(tmp_path: Path) -> None:
    """The gateway answers the hub; one without https is told no secret, and what it brings has the source polled."""
    async with running_up(tmp_path, "1h", LIVELINE_POLL_INTERNAL="true") as up:
        async with asyncio.timeout(60):
            await up.publisher.hub_asked.wait()
        (form,) = up.publisher.forms
        assert form["hub.callback"].startswith(f"{up.url}/v1/websub/evening-post/")
        assert "hub.secret" not in form
        assert await verify(up.session, form) == "ch4llenge"
        await up.headlines(FIRST)
        up.publisher.hub_asked.clear()

        up.publisher.pages["/live"] = Page(feed(up.base, FIRST, SECOND), headers={**ATOM, "ETag": '"2"'})
        await deliver(up.session, form, feed(up.base, FIRST, SECOND, THIRD))
        await up.headlines(SECOND, FIRST)
        assert len(up.publisher.requests) == 2
        leaving = asyncio.create_task(leave(up))
    assert await leaving == "ch4llenge"


async def test_an_internal_address_is_not_polled_by_default(tmp_path: Path) -> None:
    """The log says which setting allows it; the publisher is never connected to."""
    async with running_up(tmp_path, "200ms") as up:
        async with asyncio.timeout(60):
            while "liveline_poll_failures_in_a_row" not in await up.get("/metrics"):
                await asyncio.sleep(0.05)

    assert up.publisher.requests == []
    assert "LIVELINE_POLL_INTERNAL=true allows it" in (tmp_path / "log").read_text()


async def verify(session: aiohttp.ClientSession, form: dict[str, str]) -> str:
    """Ask, as the hub, whether it was meant."""
    query = {"hub.mode": form["hub.mode"], "hub.topic": form["hub.topic"]}
    query |= {"hub.challenge": "ch4llenge", "hub.lease_seconds": "3600"}
    async with session.get(form["hub.callback"], params=query) as response:
        return await response.text()


async def deliver(session: aiohttp.ClientSession, form: dict[str, str], body: bytes) -> None:
    """Bring, as the hub, what is new."""
    async with session.post(form["hub.callback"], data=body, headers=ATOM) as response:
        assert response.status == 202


async def leave(up: Up) -> str:
    """Wait for the farewell, and ask whether it is meant."""
    async with asyncio.timeout(60):
        await up.publisher.hub_asked.wait()
    assert up.publisher.forms[-1]["hub.mode"] == "unsubscribe"
    async with aiohttp.ClientSession() as session:
        return await verify(session, up.publisher.forms[-1])
