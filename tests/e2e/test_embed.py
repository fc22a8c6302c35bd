"""A coverage in another site's page: by one script line, as a component, and in an iframe."""

from typing import Any

import pytest
from fake_gateway import FakeGateway
from gateway_harness import an_entry
from live_page import HARBOUR, rich, told, violations
from playwright.async_api import Browser, Frame, Page, expect

pytestmark = pytest.mark.browser


async def publish(gateway: FakeGateway, *entries: Any) -> None:
    """Publish entries and wait until the gateway has the last of them."""
    await gateway.publish(entries)
    await gateway.held(entries[-1])


async def frame_of(page: Page, gateway: FakeGateway) -> Frame:
    """Return the iframe of the gateway, live."""
    for _ in range(100):
        found = [each for each in page.frames if each.url.startswith(gateway.url)]
        if found:
            await expect(found[0].locator("#state")).to_have_attribute("data-state", "live")
            return found[0]
        await page.wait_for_timeout(50)
    raise AssertionError(page.frames)


async def test_one_line_puts_it_into_a_page(browser: Browser, gateway: FakeGateway, foreign_site: Any) -> None:
    """The newest updates, live; of the site's styles nothing gets in but by variables and parts."""
    await publish(gateway, *(rich(n, gateway.url.rpartition(":")[2]) for n in range(30)))
    foreign_site.html = f"""<!doctype html><html lang="en"><title>Paper</title>
      <style>li {{ display: none }} liveline-feed {{ --liveline-ink: rgb(1, 2, 3) }}
      liveline-feed::part(headline) {{ color: rgb(4, 5, 6) }}</style>
      <main><h1>Paper</h1><h2>Fire</h2>
      <script async src="{gateway.url}/embed.js" data-coverage="harbour-fire" data-entries="5"
        data-pictures="*"></script>
      </main>"""
    page = await browser.new_page()
    await page.goto(foreign_site.origin)
    rows = page.locator("liveline-feed li.entry")
    await expect(rows).to_have_count(5)
    await expect(rows.first).to_be_visible()
    await expect(page.locator("liveline-feed .state")).to_have_text("Live")
    height = await page.locator("liveline-feed").evaluate("each => each.getBoundingClientRect().height")
    await publish(gateway, told(50, headline="A new one"))
    await expect(rows.first.locator("h3")).to_have_text("A new one")
    await expect(rows).to_have_count(5)

    assert await rows.first.evaluate("each => getComputedStyle(each).color") == "rgb(1, 2, 3)"
    assert await rows.first.locator("h3").evaluate("each => getComputedStyle(each).color") == "rgb(4, 5, 6)"
    assert await rows.first.locator(".clock a").get_attribute("href") == (
        f"{gateway.url}{HARBOUR}#e-{an_entry(50).entry_id}"
    )
    assert await page.locator("liveline-feed img").count() == 1
    assert await violations(page) == []
    await publish(gateway, told(50, 2, headline=None, body_text="Long. " * 400, changed_fields=("body_text",)))
    await expect(rows.first).to_contain_text("Long.")
    assert await page.locator("liveline-feed").evaluate("each => each.getBoundingClientRect().height") > height
    await page.close()


async def test_an_iframe_is_as_high_as_what_it_holds(browser: Browser, gateway: FakeGateway, foreign_site: Any) -> None:
    """Made by the line or written by hand; it grows with what comes in and takes the site's colours."""
    await publish(gateway, told(1))
    foreign_site.html = f"""<!doctype html><html lang="en"><title>Paper</title>
      <style>iframe {{ --liveline-paper: rgb(250, 240, 230); --liveline-nonsense: url(https://x.example) }}</style>
      <script async src="{gateway.url}/embed.js" data-coverage="harbour-fire" data-frame data-title="Fire"></script>"""
    page = await browser.new_page()
    await page.goto(foreign_site.origin)
    frame = await frame_of(page, gateway)

    async def fits() -> None:
        await page.wait_for_function(
            "(high) => Math.abs(document.querySelector('iframe').clientHeight - high) < 2",
            arg=await frame.evaluate("document.body.getBoundingClientRect().height"),
        )

    await fits()
    before = await page.locator("iframe").evaluate("each => each.clientHeight")
    await publish(gateway, *(told(n) for n in range(2, 10)))
    await expect(frame.locator("li.entry")).to_have_count(9)
    await fits()
    assert await page.locator("iframe").evaluate("each => each.clientHeight") > before + 200
    await frame.wait_for_function("getComputedStyle(document.body).backgroundColor === 'rgb(250, 240, 230)'")
    assert await page.locator("iframe").get_attribute("title") == "Fire"
    await page.close()


async def test_strangers_have_no_say(browser: Browser, gateway: FakeGateway, foreign_site: Any) -> None:
    """A height from another frame is ignored, as is a theme that does not come from the page around."""
    await publish(gateway, told(1))
    foreign_site.html = f"""<!doctype html><html lang="en"><title>Paper</title>
      <iframe title="Fire" src="{gateway.url}{HARBOUR}/embed"></iframe><iframe title="Other" srcdoc="<p>x"></iframe>
      <script async src="{gateway.url}/embed.js"></script>"""
    page = await browser.new_page()
    await page.goto(foreign_site.origin)
    frame = await frame_of(page, gateway)
    high = await page.locator("iframe").first.evaluate("each => each.clientHeight")
    other = next(each for each in page.frames if each.url == "about:srcdoc")
    await other.evaluate("parent.postMessage({ liveline: 'height', height: 5000 }, '*')")
    await other.evaluate("parent.frames[0].postMessage({ liveline: 'theme', variables: { '--paper': 'red' } }, '*')")
    await page.evaluate("postMessage({ liveline: 'height', height: 5000 }, '*')")
    await page.wait_for_timeout(300)

    assert await page.locator("iframe").first.evaluate("each => each.clientHeight") == high
    assert await frame.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 0, 0)"
    await page.close()


async def test_only_named_sites_may_hold_it(browser: Browser, gateway: FakeGateway, foreign_site: Any) -> None:
    """The whole page goes into no frame of another site, whatever the setting says."""
    await publish(gateway, told(1))
    foreign_site.html = f'<!doctype html><title>Paper</title><iframe src="{gateway.url}{HARBOUR}"></iframe>'
    page = await browser.new_page()
    await page.goto(foreign_site.origin)
    await page.wait_for_timeout(500)

    assert await page.frames[1].locator("li.entry").count() == 0
    await page.close()
