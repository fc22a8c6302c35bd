"""A real Chromium in front of a real gateway on a real Kafka."""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from gateway_harness import Bench, a_bench
from playwright.async_api import Browser, Page, async_playwright

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
