"""`/liveline.js` in a browser, from another site's page, over both transports; and in Node, where there is one."""

import asyncio
import json
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from fake_gateway import FakeGateway, gateways
from gateway_harness import an_entry
from playwright.async_api import Browser, Page

from schemas import Change, Status
from streams.archive.facets import Facets
from streams.gateway.auth.tokens import TokenRules
from streams.gateway.delivery.filters import Filter

pytestmark = pytest.mark.browser
SECRET = "a secret of at least thirty-two bytes"  # noqa: S105
TRANSPORTS = pytest.mark.parametrize("transport", ["sse", "websocket"])
START = """async ([base, options]) => {
  const { Entries, follow } = await import(`${base}/liveline.js`);
  const held = new Entries();
  const log = [];
  window.log = log;
  window.held = () => [...held.values()].map((entry) => [entry.headline, entry.revision]).sort();
  if (options.tokens) {
    const tokens = options.tokens;
    options.token = () => { log.push(["token"]); return tokens.length > 1 ? tokens.shift() : tokens[0]; };
    delete options.tokens;
  }
  window.feed = follow(base, options, {
    entry(entry, told) {
      log.push(["entry", entry.headline ?? null, entry.revision, told.live, told.left]);
      held.take(entry, told);
    },
    incomplete(reason) { log.push(["incomplete", reason]); held.incomplete(); },
    live(how) { log.push(["live", how.replaced]); held.live(how); },
    state(state) { log.push(["state", state]); },
    expired() { log.push(["expired"]); },
    refused(status, detail) { log.push(["refused", status, detail]); },
  });
}"""


@pytest.fixture
async def foreign(browser: Browser, foreign_site: Any) -> AsyncIterator[Page]:
    """Open an empty page of another site."""
    page = await browser.new_page()
    await page.goto(foreign_site.origin)
    yield page
    await page.close()


async def follow(page: Page, gateway: FakeGateway, **options: Any) -> None:
    """Begin to follow."""
    await page.evaluate(START, [gateway.url, options])


async def logged(page: Page, *event: Any) -> list[Any]:
    """Wait for an event that begins so, and return all so far."""
    wanted = json.dumps(event)
    await page.wait_for_function(
        f"log.some((each) => JSON.stringify(each.slice(0, {len(event)})) === JSON.stringify({wanted}))", timeout=30_000
    )
    found: list[Any] = await page.evaluate("log")
    return found


async def publish(gateway: FakeGateway, *entries: Any) -> None:
    """Publish entries and wait until the gateway has the last of them."""
    await gateway.publish(entries)
    await gateway.held(entries[-1])


@TRANSPORTS
async def test_it_holds_what_the_log_holds(foreign: Page, gateway: FakeGateway, transport: str) -> None:
    """From the newest state on, filtered: edits, what left the filter, what was taken back."""
    gone = {
        "change": Change.RETRACTED,
        "status": Status.CANCELED,
        "headline": None,
        "body_text": None,
        "key_event": True,
    }
    await publish(gateway, *(an_entry(n, key_event=n != 2) for n in range(4)))
    options = {"coverage": "harbour-fire", "replay": "latest", "filter": {"key_event": True}, "transport": transport}
    await follow(foreign, gateway, **options)
    log = await logged(foreign, "live")
    assert log[0] == ["incomplete", "latest"]
    assert ["live", True] in log
    assert await foreign.evaluate("held()") == [["Update 0", 1], ["Update 1", 1], ["Update 3", 1]]

    await publish(gateway, an_entry(0, 2, headline="Edited", key_event=True), an_entry(1, 2, key_event=False))
    await publish(gateway, an_entry(3, 2, **gone), an_entry(9, key_event=True))
    log = await logged(foreign, "entry", "Update 9")

    assert ["entry", "Edited", 2, True, False] in log
    assert ["entry", "Update 1", 2, True, True] in log
    assert await foreign.evaluate("held()") == [["Edited", 2], ["Update 9", 1]]
    await foreign.evaluate("feed.close()")
    await foreign.evaluate("feed.ended")
    assert (await logged(foreign, "state", "closed"))[-1] == ["state", "closed"]


@TRANSPORTS
async def test_it_goes_on_where_it_was_cut_off(foreign: Page, gateway: FakeGateway, transport: str) -> None:
    """Over a restart of the gateway: what came meanwhile comes once, and nothing twice."""
    await publish(gateway, an_entry(1))
    await follow(foreign, gateway, replay="latest", transport=transport)
    await logged(foreign, "live")
    port = int(gateway.url.rpartition(":")[2])
    await gateway.stop()
    await logged(foreign, "state", "reconnecting")
    await gateway.publish([an_entry(2), an_entry(1, 2, headline="Edited")])
    gateway.options["port"] = port
    await gateway.start()
    await logged(foreign, "entry", "Edited")
    await publish(gateway, an_entry(3))
    log = await logged(foreign, "entry", "Update 3")

    assert [each[1:3] for each in log if each[0] == "entry"] == [
        ["Update 1", 1], ["Update 2", 1], ["Edited", 2], ["Update 3", 1],
    ]  # fmt: skip
    assert sum(each[0] == "incomplete" for each in log) == 1


@TRANSPORTS
async def test_a_state_replaces_what_is_held(foreign: Page, gateway: FakeGateway, transport: str) -> None:
    """After a cursor that can't be continued, what the state does not hold is gone when it ends."""
    await publish(gateway, an_entry(1), an_entry(2))
    await follow(foreign, gateway, cursor="of-another-log", transport=transport)
    log = await logged(foreign, "live")

    assert log[0][0] == "incomplete"
    assert log[0][1] != "latest"
    assert ["live", True] in log
    kept = await foreign.evaluate(
        """async (base) => {
          const { Entries } = await import(`${base}/liveline.js`);
          const held = new Entries();
          const entry = (entry_id, revision, status = "usable") => ({ entry_id, revision, status });
          const became = [["a", 1], ["b", 1], ["a", 1], ["a", 2]]
            .map(([id, revision]) => held.take(entry(id, revision)));
          held.incomplete();
          held.take(entry("a", 2));
          const cut = held.live({ replaced: false });
          held.incomplete();
          held.take(entry("a", 3));
          return [became, cut, held.live({ replaced: true }), [...held.values()].map((each) => each.entry_id)];
        }""",
        gateway.url,
    )
    assert kept == [["added", "added", None, "changed"], [], ["b"], ["a"]]


@TRANSPORTS
async def test_what_is_refused_is_not_asked_again(foreign: Page, gateway: FakeGateway, transport: str) -> None:
    """An unknown coverage and a bad filter end it, with the gateway's own words."""
    await follow(foreign, gateway, coverage=["no-such"], transport=transport)
    log = await logged(foreign, "refused", 404)

    assert "no coverage 'no-such'" in log[-1][2]
    assert await foreign.evaluate("feed.state") == "refused"
    await follow(foreign, gateway, filter={"min_urgency": "ten"}, transport=transport)
    assert (await logged(foreign, "refused", 400))[-1][0] == "refused"


@TRANSPORTS
async def test_tokens_are_renewed(foreign: Page, tmp_path: Path, transport: str) -> None:
    """One that expires is followed by the next; where there is no other, it ends and says so."""

    def token(seconds: float) -> str:
        claims = {"exp": datetime.now(UTC) + timedelta(seconds=seconds), "liveline": {"coverages": ["*"]}}
        return jwt.encode(claims, SECRET, "HS256")

    async with gateways(tmp_path)(token_rules=TokenRules(secret=SECRET)) as gateway:
        await publish(gateway, an_entry(1))
        await follow(foreign, gateway, replay="latest", tokens=[token(3), token(600)], transport=transport)
        await logged(foreign, "entry", "Update 1")
        await foreign.wait_for_function("log.filter(([name]) => name === 'live').length === 2", timeout=30_000)
        assert sum(each == ["token"] for each in await foreign.evaluate("log")) == 2
        await foreign.evaluate("feed.close()")

        await follow(foreign, gateway, token=token(3), transport=transport)
        assert (await logged(foreign, "expired"))[-2:] == [["state", "expired"], ["expired"]]
        await follow(foreign, gateway, token="wrong", transport=transport)  # noqa: S106
        await logged(foreign, "refused", 401)


async def test_events_come_as_the_standard_has_them(foreign: Page, gateway: FakeGateway) -> None:
    """Lines that end in CR, LF or both, comments, several lines of data, and all of it cut anywhere."""
    stream = (
        ": hello\r\n\r\nid: c1\r\n\r\n"
        'id:c2\revent: entry\rdata: {"entry_id":"a",\rdata:"revision":1,"headline":"é"}\r\r'
        "event: live\ndata: {}\nid: c3\n\n:\n"
    )
    log = await foreign.evaluate(
        """async ([base, stream]) => {
          const bytes = new TextEncoder().encode(stream);
          const results = [];
          const { follow } = await import(`${base}/liveline.js`);
          for (const size of [1, 2, 3, 7, 1000]) {
            const log = [];
            window.fetch = async () => new Response(new ReadableStream({
              start(controller) {
                for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
              },
            }));
            await new Promise((done) => {
              const feed = follow(base, {}, {
                entry: (entry, { cursor }) => log.push([entry.headline, cursor]),
                live: () => { log.push(["live", feed.cursor]); feed.close(); done(); },
              });
            });
            results.push(log);
          }
          return results;
        }""",
        [gateway.url, stream],
    )

    assert log == [[["é", "c2"], ["live", "c3"]]] * 5


async def test_it_runs_in_node(gateway: FakeGateway, tmp_path: Path) -> None:
    """The same file, over server-sent events, with nothing installed."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("no Node on this machine; the client is tested in the browser")
    await publish(gateway, an_entry(1))
    client = Path(__file__).parents[2] / "streams" / "gateway" / "page" / "client" / "liveline.js"
    (tmp_path / "client.mjs").write_bytes(client.read_bytes())
    (tmp_path / "follow.mjs").write_text(
        'import { Entries, follow } from "./client.mjs";\n'
        "const held = new Entries();\n"
        "const feed = follow(process.argv[2], { coverage: 'harbour-fire', replay: 'latest' }, {\n"
        "  entry: (entry, told) => held.take(entry, told), incomplete: () => held.incomplete(),\n"
        "  live(how) {\n    held.live(how);\n    console.log([...held.values()][0].headline, feed.cursor !== '');\n"
        "    feed.close();\n  },\n"
        "});\nawait feed.ended;\n"
    )

    ran = await asyncio.to_thread(
        subprocess.run, [node, str(tmp_path / "follow.mjs"), gateway.url], capture_output=True, text=True, timeout=60,
        check=False, env={"PATH": os.environ["PATH"]},
    )  # fmt: skip

    assert (ran.stdout, ran.stderr, ran.returncode) == ("Update 1 true\n", "", 0)


async def test_the_page_compares_words_as_the_gateway_does(tmp_path: Path) -> None:
    """What comes live is shown by the words by which the list was chosen: without case, accents and width."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("no Node on this machine")
    chooser = Path(__file__).parents[2] / "streams" / "gateway" / "page" / "files" / "choice.js"
    text = "Ærø: Löschboote an der Straße, ﬁre at the Café"
    asked = ["loschboote", "lo\u0308sch", "STRASSE", "fire CAFE", "aero", "quay"]
    (tmp_path / "ask.mjs").write_text(
        f"import {{ chooser }} from {json.dumps(chooser.as_uri())};\n"
        f"const entry = {json.dumps({'headline': text})};\n"
        f"console.log(JSON.stringify({json.dumps(asked)}.map((q) => chooser({{ q: [q] }}).fits(entry))));\n"
    )

    ran = await asyncio.to_thread(
        subprocess.run, [node, str(tmp_path / "ask.mjs")], capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    gateway = [Filter.read({"q": [q]}).fits(Facets.of(an_entry(1, headline=text).to_dict())) for q in asked]

    assert (json.loads(ran.stdout or "[]"), ran.stderr) == (gateway, "")
    assert gateway == [True, True, True, True, True, False]
