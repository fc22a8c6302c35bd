"""The live page through nginx, with HTTP/2, in a browser."""

from pathlib import Path

import pytest
from fake_gateway import FakeGateway
from live_page import live, place, told
from playwright.async_api import Browser, expect

from real_kafka import must_run
from real_nginx import NginxMissing, running_nginx

pytestmark = pytest.mark.browser


async def test_it_is_live_over_http_2(browser: Browser, gateway: FakeGateway, tmp_path: Path) -> None:
    """Page and stream share one connection; an update appears as it comes in."""
    try:
        with running_nginx(tmp_path, int(gateway.url.rpartition(":")[2])) as url:
            page = await browser.new_page(ignore_https_errors=True)
            await live(page, url)
            await gateway.publish([told(1)])
            await expect(place(page, 1)).to_be_visible()
            protocols = await page.evaluate(
                "performance.getEntries().map((each) => each.nextHopProtocol).filter(Boolean)"
            )
            await page.close()
    except NginxMissing as missing:
        (pytest.fail if must_run() else pytest.skip)(str(missing))

    assert set(protocols) == {"h2"}
