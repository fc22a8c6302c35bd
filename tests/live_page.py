"""The live page for tests: entries for it, and what a reader, axe and the browser itself see of it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import axe_playwright_python
from gateway_harness import NOON, an_entry
from playwright.async_api import Locator, Page, expect

from schemas import Entry

_AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
_SHIFTS = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const each of list.getEntries()) if (!each.hadRecentInput) sum += each.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 200);
})"""
HARBOUR = "/coverages/harbour-fire"


def told(number: int, revision: int = 1, **fields: Any) -> Entry:
    """Return a revision of an entry that was published a minute after the one before it."""
    return an_entry(number, revision, **{"first_published_at": NOON + timedelta(minutes=number), **fields})


def place(page: Page, number: int) -> Locator:
    """Return an entry's place on the page."""
    return page.locator(f"#e-{an_entry(number).entry_id}")


async def live(page: Page, url: str, path: str = HARBOUR) -> None:
    """Open a page and wait until it is live."""
    await page.goto(url + path)
    await expect(page.locator("#state")).to_have_attribute("data-state", "live")


async def violations(page: Page) -> list[Any]:
    """Return what axe finds, of any level, each with the first of its elements."""
    await page.evaluate(_AXE)
    found: list[Any] = await page.evaluate(
        "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
        ".map((each) => [each.id, each.impact, each.nodes[0].html, each.nodes[0].failureSummary])"
    )
    return found


async def layout_shift(page: Page) -> float:
    """Return the sum of all layout shifts so far that no input caused."""
    shift: float = await page.evaluate(_SHIFTS)
    return shift


def rich(number: int, port: str = "") -> Entry:
    """Return an entry with all that a page shows; every third is a key event, every fourth has a picture."""
    fields: dict[str, Any] = {
        "headline": f"Crews pull back from the north quay ({number})",
        "body_text": "Ada Ruiz said at least 3 people were hurt at Quayside.\n\nThe wind had turned, she said.",
        "authors": ["Sam Okafor"],
        "entities": [{"type": "person", "name": "Ada Ruiz", "text": "Ada Ruiz", "start": 0, "end": 8}],
        "places": [{"name": "Quayside", "country": "GB"}],
        "figures": [{"kind": "injured", "value": 3 + number, "bound": "least", "text": "3", "start": 23, "end": 24}],
        "url": f"https://news.example/live#{number}",
        "key_event": number % 3 == 0,
        "breaking": number % 6 == 0,
        "sources": [
            {
                "source_id": "radio-quay",
                "entry_id": an_entry(900).entry_id,
                "published_at": NOON,
                "url": "https://r.example/1",
            }
        ],
    }
    if number % 4 == 0:
        picture = {"type": "image", "caption": "The north quay", "credit": "A. Reyes", "alt": "Smoke over cranes"}
        fields["media"] = [{**picture, "url": f"http://127.0.0.1:{port or 1}/page/icon.svg"}]
        fields["embeds"] = [{"provider": "twitter", "url": "https://t.example/1", "text": "On our way"}]
    return told(number, **fields)
