"""What the live page's scripts do, in a real browser; the gateway reads a log in memory."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import pytest
from fake_gateway import FakeGateway, gateways
from gateway_harness import NOON, an_entry
from live_page import HARBOUR, layout_shift, live, place, rich, told, violations
from long_forms import LONG
from playwright.async_api import Browser, Page, expect

from schemas import Change, Status
from streams.gateway.auth.tokens import TokenRules

pytestmark = pytest.mark.browser
TALL = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


async def publish(gateway: FakeGateway, *entries: object) -> None:
    """Publish entries and wait until the gateway has the last of them."""
    await gateway.publish(entries)
    await gateway.held(entries[-1])


@pytest.mark.parametrize("path", [HARBOUR, "/"])
async def test_scripts_make_what_the_server_made(page: Page, gateway: FakeGateway, path: str) -> None:
    """The same markup to the letter, so that nothing moves or looks otherwise when an update is drawn anew."""
    gone = {"change": Change.RETRACTED, "status": Status.CANCELED, "headline": None, "body_text": None}
    html = (
        "<h2>Head</h2><p>a <b>b</b> &amp; <a href='https://e.example/?a=1&amp;b=2'>link</a><br>"
        "<a href='https://e.example/'><img src='x'></a><script>x</script><span>plain</span></p><ul><li>one</li></ul>"
    )
    await publish(
        gateway,
        *(rich(n, gateway.url.rpartition(":")[2]) for n in range(8)),
        told(20, body_html=html, pinned=True, kind="summary", urgency=2),
        told(21),
        told(21, 2, changed_fields=("body_text", "headline", "key_event"), is_correction=True),
    )
    await live(page, gateway.url, path)
    served = await page.locator("li.entry").evaluate_all("all => all.map((each) => each.outerHTML)")
    same = await page.evaluate(
        """async (path) => {
          const { renderEntry } = await import("/page/entry.js");
          const { localise } = await import("/page/markup.js");
          const { served } = await import("/page/page_state.js");
          const made = [];
          for (const node of document.querySelectorAll("li.entry")) {
            const entry = await (await fetch(`/v1/entries/${node.id.slice(2)}`)).json();
            const title = path === "/" ? served.titles[entry.coverage_id] : undefined;
            const again = renderEntry(entry, null, { pictures: served.pictures, coverageTitle: title });
            again.querySelector(".ago").textContent = node.querySelector(".ago").textContent;
            made.push(again.outerHTML);
          }
          return made;
        }""",
        path,
    )

    assert len(served) == 10
    assert same == served
    await publish(gateway, told(21, 3, **gone))
    await expect(place(page, 21)).to_contain_text("withdrew this update")


# Colours do not depend on the size: each look once, and both sizes. `make long` looks at all six.
LOOKS = [("phone", "light"), ("desktop", "dark"), ("phone", "forced")]
if LONG:
    LOOKS += [("desktop", "light"), ("phone", "dark"), ("desktop", "forced")]


@pytest.mark.parametrize(("size", "look"), LOOKS)
async def test_axe_finds_nothing(browser: Browser, gateway: FakeGateway, look: str, size: str) -> None:
    """No violation of any level, with everything opened, filtered or not, in all colours."""
    port = gateway.url.rpartition(":")[2]
    await publish(gateway, *(rich(n, port) for n in range(60)), told(70), told(70, 2, changed_fields=("headline",)))
    options = {"color_scheme": "dark"} if look == "dark" else {"forced_colors": "active"} if look == "forced" else {}
    page = await browser.new_page(viewport=PHONE if size == "phone" else TALL, **options)
    for path in (HARBOUR, f"{HARBOUR}?entity=Ada+Ruiz&q=wind", f"{HARBOUR}?q=nothing-fits", "/", f"{HARBOUR}/embed"):
        await live(page, gateway.url, path)
        for name in ("#facets > summary", "#figures > summary", "details.changes > summary"):
            for each in await page.locator(name).all():
                if await each.is_visible():
                    await each.click()
        if await page.locator("#figures").is_visible():
            await expect(page.locator(".series svg")).to_be_visible()
            await page.locator(".series details > summary").click()
        # What has just come in fades in; its colours are judged when it stands.
        await page.evaluate(
            "Promise.all(document.getAnimations()"
            ".map((each) => each.effect.getTiming().iterations === 1 && each.finished))"
        )

        assert await violations(page) == [], path
    await page.close()


async def test_nothing_jumps(browser: Browser, gateway: FakeGateway) -> None:
    """From the first byte on, and when updates, key moments and edits come in, at the top and further down."""
    port = gateway.url.rpartition(":")[2]
    await publish(gateway, *(told(n) for n in range(40)))
    page = await browser.new_page(viewport=PHONE, timezone_id="Asia/Tokyo")
    await live(page, gateway.url)
    assert await layout_shift(page) < 0.05
    await publish(gateway, rich(50, port))
    await expect(place(page, 50)).to_be_visible()
    # Two within a tenth of a second, at the top, still jump (0.16): the second comes while the first is scrolled to.
    await page.wait_for_timeout(400)
    await publish(
        gateway, rich(54, port), told(39, 2, headline="Another, and a longer one", changed_fields=("headline",))
    )
    await expect(place(page, 54)).to_be_visible()
    await expect(page.locator("#key-list a")).to_have_count(1)
    await page.evaluate("scrollTo(0, 3000)")
    await page.wait_for_timeout(600)
    await publish(gateway, rich(57, port), told(58))
    await expect(page.locator("#pill")).to_be_visible()

    assert await layout_shift(page) < 0.05
    await page.close()


async def test_a_permalink_loads_what_it_points_at(page: Page, gateway: FakeGateway) -> None:
    """Far down in a long coverage: it is read on to, scrolled to and has the focus; a duplicate leads to the report."""
    await publish(gateway, *(told(n) for n in range(300)))
    await publish(gateway, told(400, source_id="radio-quay", duplicate_of=an_entry(290).entry_id))
    await live(page, gateway.url, f"{HARBOUR}#e-{an_entry(20).entry_id}")

    await expect(place(page, 20)).to_be_in_viewport()
    await expect(place(page, 20).locator(".clock a")).to_be_focused()
    shown = await page.locator("li.entry h3").all_text_contents()
    assert shown == [f"Update {n}" for n in reversed(range(300))][: len(shown)]
    await page.evaluate(f"location.hash = '#e-{an_entry(400).entry_id}'")
    await expect(place(page, 290)).to_be_in_viewport()
    await page.evaluate("location.hash = '#e-00000000-0000-5000-8000-000000000000'")
    await expect(page.locator("#announce")).to_have_text("That update is not here any more.")


async def test_back_leads_to_the_place_and_the_filter(page: Page, gateway: FakeGateway) -> None:
    """Through a filter and an update's history: what was loaded and read is there again."""
    await publish(gateway, *(rich(n) for n in range(200)))
    await live(page, gateway.url)
    await page.locator("#earlier").click()
    await expect(page.locator("li.entry")).to_have_count(150)
    for _ in range(3):  # rows that were never drawn have an estimated height
        await place(page, 90).evaluate("each => each.scrollIntoView()")
        await page.wait_for_timeout(200)
    await expect(place(page, 90)).to_be_in_viewport()
    await page.wait_for_function("history.state?.liveline")
    before = await place(page, 90).evaluate("each => each.getBoundingClientRect().top")
    await page.goto(gateway.url + "/coverages/election")
    await page.go_back()

    await expect(page.locator("li.entry")).to_have_count(150)
    await expect(place(page, 90)).to_be_in_viewport()
    assert abs(await place(page, 90).evaluate("each => each.getBoundingClientRect().top") - before) < 100
    await page.evaluate("scrollTo(0, 0)")
    await page.locator("#facets > summary").click()
    await page.get_by_role("link", name="Ada Ruiz").click()
    await expect(page.locator(".filtered a")).to_have_text("Ada Ruiz ✕")
    assert "entity=Ada+Ruiz" in page.url
    await page.go_back()
    await expect(page.locator(".filtered a")).to_have_count(0)


async def test_a_filtered_page_stays_filtered(page: Page, gateway: FakeGateway) -> None:
    """What comes in and fits appears; what fits no more after an edit goes; the rest is not counted."""
    who = [{"type": "person", "name": "Ada Ruiz", "text": "Ada Ruiz", "start": 0, "end": 8}]
    await publish(gateway, told(1, entities=who), told(2))
    await live(page, gateway.url, f"{HARBOUR}?entity=ada+ruiz")
    await publish(gateway, told(3), told(4, entities=who))
    await expect(page.locator("li.entry h3")).to_have_text(["Update 4", "Update 1"])
    await publish(gateway, told(4, 2))
    await expect(page.locator("li.entry h3")).to_have_text(["Update 1"])
    await expect(page.locator("#facts")).to_contain_text("1 update ·")


async def test_figures_are_a_chart_and_a_table(page: Page, gateway: FakeGateway) -> None:
    """Each point leads to its update and says what it is; what is said no more is marked."""

    def dead(value: int) -> list[dict[str, object]]:
        return [{"kind": "dead", "value": value, "bound": "least", "text": str(value), "start": 0, "end": 1}]

    entries = [
        told(1, figures=dead(3)),
        told(2, figures=dead(5)),
        told(1, 2, figures=dead(4), updated_at=NOON + timedelta(hours=1)),
    ]
    await publish(gateway, *entries)
    await live(page, gateway.url)
    await page.locator("#figures > summary").click()
    points = page.locator(".series svg a")
    await expect(points).to_have_count(3)
    names = await points.evaluate_all("all => all.map((each) => each.getAttribute('aria-label'))")
    assert names[0].startswith("at least 3, Evening Post")
    assert "no longer said" in names[0]
    assert await points.nth(1).get_attribute("href") == f"#e-{an_entry(2).entry_id}"
    await page.locator(".series details > summary").click()
    assert await page.locator(".series td:nth-child(2)").all_text_contents() == [
        "at least 3 (no longer said)", "at least 5", "at least 4",
    ]  # fmt: skip


async def test_the_focus_is_never_lost(page: Page, gateway: FakeGateway) -> None:
    """An edit of the update that has it; the last page of earlier ones, with which the link goes."""
    await publish(gateway, *(told(n) for n in range(60)))
    await live(page, gateway.url)
    await place(page, 59).locator(".clock a").focus()
    await publish(gateway, told(59, 2, headline="Edited", changed_fields=("headline",)))
    await expect(place(page, 59).locator("h3")).to_have_text("Edited")
    await expect(place(page, 59).locator(".clock a")).to_be_focused()
    await page.locator("#earlier").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#earlier")).to_be_hidden()
    await expect(place(page, 9).locator(".clock a")).to_be_focused()


async def test_an_edit_far_down_does_not_tear_a_hole(page: Page, gateway: FakeGateway) -> None:
    """What is older than what is listed waits until the reader comes to it, and then is as it is now."""
    await publish(gateway, *(told(n) for n in range(120)))
    await live(page, gateway.url)
    await publish(gateway, told(3, 2, headline="Edited", changed_fields=("headline",)), told(130))
    await expect(place(page, 130)).to_be_visible()
    await expect(page.locator("li.entry")).to_have_count(51)
    await page.locator("#earlier").click()
    await expect(page.locator("li.entry")).to_have_count(121)
    await expect(place(page, 3).locator("h3")).to_have_text("Edited")


async def test_without_scripts_all_is_there(browser: Browser, gateway: FakeGateway) -> None:
    """The updates, the filters, the search and the earlier ones, all by links and a form."""
    await publish(gateway, *(rich(n) for n in range(60)))
    page = await browser.new_page(viewport=TALL, java_script_enabled=False)
    await page.goto(gateway.url + HARBOUR)
    await expect(page.locator("li.entry")).to_have_count(50)
    await page.locator("#q").fill("pull 57")
    await page.get_by_role("button", name="Search").click()
    await expect(page.locator("li.entry")).to_have_count(1)
    await page.get_by_role("link", name="Remove the filter").click()
    await page.locator("#earlier").click()
    await expect(page.locator("li.entry")).to_have_count(10)
    await page.close()


async def test_tabs_share_one_stream(browser: Browser, gateway: FakeGateway, tmp_path: Path) -> None:
    """Eight tabs of three pages hold one connection; when its tab closes another takes over, and nothing is missed."""
    context = await browser.new_context(viewport=PHONE)
    paths = [HARBOUR, HARBOUR, "/coverages/election", "/", HARBOUR, HARBOUR, "/coverages/election", HARBOUR]
    pages = [await context.new_page() for _ in paths]
    for page, path in zip(pages, paths, strict=True):
        await live(page, gateway.url, path)

    async def streams(count: int) -> None:
        for _ in range(200):
            if f"liveline_gateway_subscribers {count}.0" in await gateway.metrics():
                return
            await pages[-1].wait_for_timeout(50)
        raise AssertionError([line for line in (await gateway.metrics()).splitlines() if "subscribers" in line])

    await streams(1)
    await publish(gateway, told(1), told(2, coverage_id="election", source_id="gazette"))
    for page, path in zip(pages, paths, strict=True):
        await expect(page.locator("li.entry")).to_have_count(2 if path == "/" else 1)
    await pages.pop(0).close()
    await publish(gateway, told(3), told(4, coverage_id="election", source_id="gazette"))
    for page, path in zip(pages, paths[1:], strict=True):
        await expect(page.locator("li.entry")).to_have_count(4 if path == "/" else 2)
    await streams(1)
    await context.close()


async def test_a_page_says_when_access_has_ended(browser: Browser, tmp_path: Path) -> None:
    """What was shown stays; nothing is asked for again and again."""
    claims = {"exp": datetime.now(UTC) + timedelta(seconds=4), "liveline": {"coverages": ["*"]}}
    token = jwt.encode(claims, "a secret of at least thirty-two bytes", "HS256")
    rules = TokenRules(secret="a secret of at least thirty-two bytes")  # noqa: S106
    async with gateways(tmp_path)(token_rules=rules) as gateway:
        await publish(gateway, told(1))
        page = await browser.new_page()
        await live(page, gateway.url, f"{HARBOUR}?access_token={token}")
        await expect(page.locator("#notice")).to_contain_text("has ended", timeout=20_000)
        await expect(page.locator("#state-text")).to_have_text("Access has ended")
        await expect(place(page, 1)).to_be_visible()
        await page.close()
