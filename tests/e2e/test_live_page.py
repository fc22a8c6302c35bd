"""The live page in a browser, as a reader and an editor have it."""

import pytest
from gateway_harness import Bench, an_entry
from playwright.async_api import Page, expect

from schemas import Change, Status

pytestmark = [pytest.mark.browser, pytest.mark.kafka]


async def opened(page: Page, bench: Bench, path: str = "/coverages/harbour-fire") -> None:
    """Open the page and wait until it is live."""
    await page.goto(bench.server.url + path)
    await expect(page.locator("#state")).to_have_attribute("data-state", "live")


def entry(page: Page, number: int):  # noqa: ANN201
    """Return an entry's place on the page."""
    return page.locator(f"#e-{an_entry(number).entry_id}")


async def test_the_page_comes_alive(page: Page, bench: Bench) -> None:
    """An empty page says so; the first update appears without a reload, the next one above it, once each."""
    await opened(page, bench)
    await expect(page.locator("#empty")).to_contain_text("No updates yet")
    await expect(page.locator("h1")).to_have_text("Harbour fire")

    await bench.worker.publish([an_entry(1)])
    await expect(entry(page, 1)).to_contain_text("Update 1")
    await bench.worker.publish([an_entry(2, first_published_at="2024-05-01T12:05:00Z")])
    await expect(page.locator("li.entry h3")).to_have_text(["Update 2", "Update 1"])
    await expect(page.locator("#empty")).to_be_hidden()


async def test_an_edit_and_a_retraction_reach_the_open_page(page: Page, bench: Bench) -> None:
    """An edit replaces the text in its place and shows what changed; a retraction takes the text away, visibly."""
    await bench.worker.publish([an_entry(1, headline="Two hurt"), an_entry(2)])
    await opened(page, bench)
    await expect(entry(page, 1)).to_contain_text("Two hurt")

    await bench.worker.publish([an_entry(1, 2, headline="Three hurt", changed_fields=("headline",))])
    await expect(entry(page, 1).locator("h3")).to_have_text("Three hurt")
    await expect(entry(page, 1)).to_contain_text("Edited")
    await entry(page, 1).locator("summary").click()
    await expect(entry(page, 1).locator("del").first).to_contain_text("Two")
    await expect(entry(page, 1).locator("ins").first).to_contain_text("Three")

    gone = an_entry(1, 3, change=Change.RETRACTED, status=Status.CANCELED, headline=None, body_text=None)
    await bench.worker.publish([gone])
    await expect(entry(page, 1)).to_contain_text("withdrew this update")
    await expect(entry(page, 1)).not_to_contain_text("hurt")
    await expect(page.locator("li.entry")).to_have_count(2)


async def test_a_duplicate_is_collapsed_into_the_first_report(page: Page, bench: Bench) -> None:
    """Another source's report of the same is named at the first one; when the two part again, both are shown."""
    first, second = an_entry(1), an_entry(2, source_id="radio-quay", duplicate_of=an_entry(1).entry_id)
    also = ({"source_id": "radio-quay", "entry_id": second.entry_id},)
    await opened(page, bench)
    await bench.worker.publish([first, second, an_entry(1, 2, change=Change.CORROBORATED, sources=also)])

    await expect(entry(page, 1)).to_contain_text("Also reported by Radio Quay")
    await expect(page.locator("li.entry")).to_have_count(1)
    await bench.worker.publish([an_entry(2, 2, source_id="radio-quay"), an_entry(1, 3)])
    await expect(page.locator("li.entry")).to_have_count(2)
    await expect(entry(page, 1)).not_to_contain_text("Also reported")


async def test_a_reload_and_a_reconnect_lose_nothing(page: Page, bench: Bench) -> None:
    """Over a restart of the gateway the open page catches up by itself; a reload shows the same, each once."""
    await bench.worker.publish([an_entry(1), an_entry(2)])
    await opened(page, bench)
    port = int(bench.server.url.rpartition(":")[2])
    await bench.stop()
    await expect(page.locator("#state")).to_have_attribute("data-state", "reconnecting")
    await bench.worker.publish([an_entry(3), an_entry(1, 2, headline="Edited meanwhile", changed_fields=("headline",))])
    bench.options["port"] = port
    await bench.start()

    await expect(page.locator("#state")).to_have_attribute("data-state", "live", timeout=20_000)
    await expect(page.locator("li.entry")).to_have_count(3)
    await expect(entry(page, 1).locator("h3")).to_have_text("Edited meanwhile")
    await expect(page.locator("#notice")).to_be_hidden()
    before = sorted(await page.locator("li.entry h3").all_text_contents())
    await page.reload()
    await expect(page.locator("li.entry")).to_have_count(3)
    assert sorted(await page.locator("li.entry h3").all_text_contents()) == before


async def test_text_stays_text(page: Page, bench: Bench) -> None:
    """Whatever stands in an update, nothing of it runs, loads or becomes an element that the page doesn't know."""
    attack = "<script>document.title='run'</script><img src=x onerror=\"document.title='run'\">"
    await bench.worker.publish(
        [
            an_entry(1, headline=attack, body_text=attack, authors=(attack,)),
            an_entry(
                2,
                url="javascript:document.title='run'",
                body_html=f"{attack}<p onclick=\"document.title='run'\">"
                "<a href=\"javascript:document.title='run'\">here</a>"
                '<iframe src="/"></iframe><svg onload="document.title=1"></svg><b>kept</b></p>',
                media=({"type": "image", "url": "javascript:1", "caption": attack},),
            ),
        ]
    )
    await opened(page, bench)

    await expect(entry(page, 1).locator("h3")).to_have_text(attack)
    await expect(entry(page, 2).locator("b, strong")).to_have_text("kept")
    await entry(page, 2).locator("p", has_text="here").click()
    assert await page.locator("#list :is(script, img, iframe, svg, [onclick], [href^=javascript])").count() == 0
    assert await page.title() == "Harbour fire · Liveline"


async def test_new_updates_wait_for_a_reader_who_has_scrolled_down(page: Page, bench: Bench) -> None:
    """What is being read stays in its place; a button tells how much is new and leads to it."""
    await bench.worker.publish([an_entry(n, first_published_at=f"2024-05-01T12:{n:02}:00Z") for n in range(30)])
    await opened(page, bench)
    await expect(page.locator("li.entry")).to_have_count(30)
    await entry(page, 10).scroll_into_view_if_needed()
    await page.evaluate("scrollBy(0, 200)")
    await page.wait_for_timeout(300)
    place = await entry(page, 8).evaluate("e => e.getBoundingClientRect().top")

    await bench.worker.publish([an_entry(40, breaking=True, first_published_at="2024-05-01T13:00:00Z")])
    await expect(page.locator("#pill")).to_have_text("1 new update")
    await expect(page.locator("#announce")).to_contain_text("New: Update 40")
    assert abs(await entry(page, 8).evaluate("e => e.getBoundingClientRect().top") - place) < 3
    await page.locator("#pill").click()
    await expect(entry(page, 40)).to_be_in_viewport()
    await expect(page.locator("#pill")).to_be_hidden()


async def test_a_long_coverage_begins_with_its_newest(page: Page, bench: Bench) -> None:
    """The page's cost is bounded; the earlier updates come when they are asked for, each once, to the last."""
    for start in range(0, 500, 100):
        numbers = range(start, start + 100)
        await bench.worker.publish(
            [an_entry(n, first_published_at=f"2024-05-01T{10 + n // 60:02}:{n % 60:02}:00Z") for n in numbers]
        )
    await bench.holds(an_entry(499))
    await opened(page, bench)
    await expect(page.locator("li.entry")).to_have_count(50)
    for count in (150, 250, 350, 450, 500):
        await page.locator("#earlier").click()
        await expect(page.locator("li.entry")).to_have_count(count)
        # Where the list goes on, the focus does; also when there is no more and the link goes.
        assert await page.evaluate("document.activeElement.closest('li.entry').id")
    await expect(page.locator("#earlier")).to_be_hidden()
    await expect(page.locator("#facts")).to_contain_text("500 updates")

    headings = await page.locator("li.entry h3").all_text_contents()
    assert headings == [f"Update {n}" for n in reversed(range(500))]
