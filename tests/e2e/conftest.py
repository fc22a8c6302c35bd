"""A real Chromium in front of a real gateway on a real Kafka."""

import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from fake_gateway import FakeGateway, gateways
from gateway_harness import Bench, a_bench
from playwright.async_api import Browser, Page, async_playwright, expect

from real_kafka import RealKafka, must_run

# Quiet: a test's browser has no business on the network.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

# Five seconds by default, which a shared machine takes at times.
expect.set_options(timeout=30_000)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Chromium as installed on this machine; `LIVELINE_CHROMIUM` names another one."""
    found = os.environ.get("LIVELINE_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        (pytest.fail if must_run() else pytest.skip)("no Chromium on this machine")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            await browser.close()


def _breach(said: str) -> bool:
    # A handler in an update's HTML is refused when that is parsed, before the page leaves it out.
    return "Content Security Policy" in said and "inline event handler" not in said


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    """Open a tab that fails the test on a script error or a breach of the page's own policy."""
    page = await browser.new_page(viewport={"width": 390, "height": 844})
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if _breach(said.text) else None)
    yield page
    assert problems == []


@pytest.fixture
async def bench(kafka: RealKafka, tmp_path: Path) -> AsyncIterator[Bench]:
    """Run a gateway that has caught up with empty topics."""
    async with a_bench(kafka.bootstrap, tmp_path, heartbeat=1.0, retry_ms=200) as bench:
        await bench.ready()
        yield bench


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[FakeGateway]:
    """Run a gateway over a log in memory; it shows all pictures, and any site may embed it."""
    async with gateways(tmp_path)(page_pictures=("*",), embed_sites=("*",), retry_ms=200) as gateway:
        yield gateway


@dataclass
class ForeignSite:
    """Another site's web server: another origin than the gateway's."""

    origin: str = ""
    html: str = "<!doctype html><title>A paper</title><p>A page"

    async def handle(self, _: web.Request) -> web.Response:
        """Answer with its page."""
        return web.Response(text=self.html, content_type="text/html")


@pytest.fixture
async def foreign_site() -> AsyncIterator[ForeignSite]:
    """Serve a page of another origin."""
    site = ForeignSite()
    app = web.Application()
    app.router.add_get("/", site.handle)
    server = TestServer(app)
    await server.start_server()
    # The gateway is at 127.0.0.1. A name that is not this machine's would need the browser's leave to ask this machine.
    site.origin = f"http://localhost:{server.port}"
    yield site
    await server.close()
