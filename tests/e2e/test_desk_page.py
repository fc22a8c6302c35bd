"""The desk in a browser, as an editor has it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alert_harness import ADMIN, AlertGateway, an_alert, token
from playwright.async_api import Browser, Page, expect

pytestmark = pytest.mark.browser
EDITOR = token("ada@example.org", coverages=["*"])


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[AlertGateway]:
    """Run a gateway that holds one alert."""
    async with AlertGateway(tmp_path) as gateway:
        gateway.raise_alert(an_alert(1))
        await gateway.holds(an_alert(1))
        yield gateway


async def opened(page: Page, gateway: AlertGateway) -> None:
    """Open the desk by an address with a token, and wait until it is live."""
    await page.goto(f"{gateway.url}/desk?access_token={EDITOR}")
    await expect(page.locator("#state")).to_have_attribute("data-state", "live")


async def test_alerts_appear_as_they_are_raised(page: Page, gateway: AlertGateway) -> None:
    """Without a reload, the newest on top, said aloud to who can't see; the token has left the address."""
    await opened(page, gateway)
    assert page.url == f"{gateway.url}/desk"
    await expect(page.locator(".alert h2")).to_have_text(["Harbour fire: alert 1"])

    gateway.raise_alert(an_alert(2))
    await expect(page.locator(".alert h2")).to_have_text(["Harbour fire: alert 2", "Harbour fire: alert 1"])
    await expect(page.locator("#announce")).to_have_text("Alert: Harbour fire: alert 2")

    gateway.raise_alert(an_alert(1, 2, change="withdrawn", title="Withdrawn by Evening Post: alert 1",
                                 at=an_alert(3).at))  # fmt: skip
    await expect(page.locator(".alert h2").first).to_have_text("Withdrawn by Evening Post: alert 1")
    await expect(page.locator(".alert")).to_have_count(2)


async def test_an_editor_acknowledges_and_mutes_without_leaving_the_page(page: Page, gateway: AlertGateway) -> None:
    """What is kept is what the page then shows; what is open beside it stays open."""
    gateway.raise_alert(an_alert(2, story_id="story-2"))
    await gateway.holds(an_alert(2))
    await opened(page, gateway)
    first, second = page.locator(".alert").nth(0), page.locator(".alert").nth(1)
    await second.locator("summary").click()

    await first.get_by_role("button", name="Acknowledge").click()
    await expect(first).to_contain_text("Acknowledged by ada@example.org")
    await expect(second.locator("details")).to_have_attribute("open", "")

    await second.get_by_label("For how long").select_option("240")
    await second.get_by_role("button", name="Mute").click()
    await expect(second).to_contain_text("This story is muted by ada@example.org")
    await expect(page.locator("#mutes")).to_contain_text("Muted now")
    _, body = await gateway.ask("GET", "/v1/mutes", ADMIN)
    assert [mute["story"] for mute in body["mutes"]] == ["story-1"]
    await page.locator("#mutes").get_by_role("button", name="End").click()
    await expect(page.locator("#mutes")).to_have_count(0)


async def test_it_comes_back_after_the_gateway_was_away(page: Page, gateway: AlertGateway) -> None:
    """With what was raised meanwhile."""
    await opened(page, gateway)
    port = int(gateway.url.rpartition(":")[2])
    await gateway.stop()
    await expect(page.locator("#state")).to_have_attribute("data-state", "reconnecting")
    gateway.raise_alert(an_alert(2))
    gateway.options["port"] = port
    await gateway.start()

    await expect(page.locator(".alert h2").first).to_have_text("Harbour fire: alert 2", timeout=20_000)


async def test_sound_is_off_until_it_is_asked_for(page: Page, gateway: AlertGateway) -> None:
    """A button says whether it is on."""
    await opened(page, gateway)
    sound = page.get_by_role("button", name="Sound")
    await expect(sound).to_have_attribute("aria-pressed", "false")
    await sound.click()
    await expect(sound).to_have_attribute("aria-pressed", "true")
    gateway.raise_alert(an_alert(2))
    await expect(page.locator(".alert")).to_have_count(2)
    await sound.click()
    await expect(sound).to_have_attribute("aria-pressed", "false")


async def test_without_javascript_it_is_whole_and_its_forms_work(browser: Browser, gateway: AlertGateway) -> None:
    """Read, acknowledge, mute, look at rules and sources: each is a page."""
    context = await browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = await context.new_page()
    await page.goto(f"{gateway.url}/desk?access_token={EDITOR}")
    await expect(page.locator(".alert h2")).to_have_text("Harbour fire: alert 1")
    await expect(page.locator("#sound")).to_be_hidden()

    await page.get_by_role("button", name="Acknowledge").click()
    await expect(page.locator(".alert")).to_contain_text("Acknowledged by ada@example.org")
    await page.locator("summary").click()
    await page.get_by_role("button", name="Mute").click()
    await expect(page.locator("#mutes")).to_contain_text("Muted now")
    await page.get_by_role("link", name="Rules").click()
    await page.get_by_role("button", name="Dry run").first.click()
    await expect(page.locator(".outcome")).to_contain_text("It would have told 0 times")
    await page.get_by_role("link", name="Sources").click()
    await expect(page.locator("table").first).to_contain_text("Evening Post")
    await context.close()


@pytest.mark.parametrize(
    "path", ["/desk", "/desk/rules?try=people-hurt", "/desk/sources", f"/desk/alerts/{an_alert(1).alert_id}"]
)
async def test_it_fits_a_phone(page: Page, gateway: AlertGateway, path: str) -> None:
    """Nothing stands beyond its width; a wide table moves within its own bounds."""
    gateway.raise_alert(an_alert(2, title="Harbour fire: " + "a-very-long-word-without-any-space" * 6))
    await gateway.holds(an_alert(2))
    await opened(page, gateway)
    await page.goto(gateway.url + path)

    assert await page.evaluate("document.documentElement.scrollWidth") <= 390


async def test_what_is_muted_is_shown_and_not_said_aloud(page: Page, gateway: AlertGateway) -> None:
    """A new alert of a muted story is quiet; its withdrawal is said all the same."""
    until = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    assert (await gateway.ask("POST", "/v1/mutes", ADMIN, {"story": "story-2", "until": until}))[0] == 201
    await opened(page, gateway)

    gateway.raise_alert(an_alert(2))
    await expect(page.locator(".alert.muted")).to_have_count(1)
    await expect(page.locator("#announce")).to_have_text("")
    gateway.raise_alert(an_alert(2, 2, change="withdrawn", title="Withdrawn by Evening Post: alert 2"))
    await expect(page.locator("#announce")).to_have_text("Alert: Withdrawn by Evening Post: alert 2")


async def test_the_link_of_an_old_alert_leads_to_its_page(page: Page, gateway: AlertGateway) -> None:
    """As messages have it: `/desk#` and the alert's id."""
    for number in range(10, 65):
        gateway.raise_alert(an_alert(number))
    await gateway.holds(an_alert(64))
    await opened(page, gateway)

    await page.goto(f"{gateway.url}/desk/rules")
    await page.goto(f"{gateway.url}/desk#{an_alert(1).alert_id}")
    await expect(page).to_have_url(f"{gateway.url}/desk/alerts/{an_alert(1).alert_id}")
    await page.goto(f"{gateway.url}/desk#{an_alert(64).alert_id}")
    await expect(page.locator(f"[id='{an_alert(64).alert_id}']")).to_be_in_viewport()
