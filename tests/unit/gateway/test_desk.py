"""The editors' page without a script: what it shows, what its forms do, and to whom."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from alert_harness import ADMIN, AlertGateway, an_alert, token
from gateway_harness import an_entry

from streams.archive.state import SinkDeliveries, SinkDelivery, SinkStatus, open_state

EDITOR = token("ada@example.org", coverages=["*"])
ONE = an_alert(1).alert_id


class Session:
    """A browser that has been given the desk's address, without a script."""

    def __init__(self, gateway: AlertGateway, bearer: str) -> None:
        self.gateway = gateway
        self.cookies = {"Cookie": f"liveline_token={bearer}"}

    async def get(self, path: str) -> tuple[int, str]:
        """Return the answer's status and text."""
        async with self.gateway.session.get(self.gateway.url + path, headers=self.cookies) as answer:
            return answer.status, await answer.text()

    async def send(self, fields: dict[str, str], **headers: str) -> tuple[int, str]:
        """Send a form; returns the status and where it leads."""
        sent = {**self.cookies, "Content-Type": "application/x-www-form-urlencoded", **headers}
        async with self.gateway.session.post(
            f"{self.gateway.url}/desk", data=urlencode(fields), headers=sent, allow_redirects=False
        ) as answer:
            return answer.status, answer.headers.get("Location", "")

    async def form(self, does: str, path: str = "/desk") -> dict[str, str]:
        """Return the hidden fields of the first form on a page that does something."""
        _, page = await self.get(path)
        for form in re.findall(r"<form.*?</form>", page, re.DOTALL):
            fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))
            if fields.get("do") == does:
                return fields
        raise AssertionError(f"no form that does {does!r} on {path}")


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[AlertGateway]:
    """Run a gateway with alerts of two coverages, one held back, one withdrawn."""
    hurtful = an_alert(2, title="<script>alert(1)</script> & more", reason='"quoted" <b>')
    gone = an_alert(3, 2, change="withdrawn", title="Withdrawn by Evening Post: alert 3")
    vote = an_alert(4, coverage_id="election", notify=False, held_back="cooldown", title="Election night: alert 4")
    async with AlertGateway(tmp_path) as gateway:
        gateway.raise_alert(an_alert(1), hurtful, an_alert(3), gone, vote)
        for alert in (hurtful, gone, vote):
            await gateway.holds(alert)
        yield gateway


@pytest.fixture
def editor(gateway: AlertGateway) -> Session:
    """Return an editor's browser."""
    return Session(gateway, EDITOR)


def titles(page: str) -> list[str]:
    """Return the headings of the alerts, in order."""
    return [re.sub(r"<[^>]+>", "", found) for found in re.findall(r"<h2><a [^>]*>(.*?)</a></h2>", page)]


async def test_an_address_with_a_token_becomes_a_cookie(gateway: AlertGateway) -> None:
    """And leads to the same page without it, wherever on the desk."""
    for path in ("/desk", "/desk/rules", "/desk/sources"):
        async with gateway.session.get(f"{gateway.url}{path}?access_token={EDITOR}", allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (303, path)
            assert "SameSite=Strict" in answer.headers["Set-Cookie"]
            assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert (await gateway.ask("GET", "/desk"))[0] == 401
    assert (await gateway.ask("GET", "/desk", token(alerts=False)))[0] == 403


async def test_alerts_stand_newest_first_with_their_reasons(editor: Session) -> None:
    """With sources, what was held back and why; text is text."""
    status, page = await editor.get("/desk")

    assert status == 200
    assert titles(page) == [
        "Election night: alert 4", "Withdrawn by Evening Post: alert 3",
        "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more", "Harbour fire: alert 1",
    ]  # fmt: skip
    assert "it was told a short while ago" in page
    assert "Reported by Evening Post" in page
    assert "&quot;quoted&quot; &lt;b&gt;" in page
    assert "<script>alert" not in page


async def test_nothing_inline_may_run(gateway: AlertGateway) -> None:
    """The page's policy and its content agree; nobody else's page may hold it in a frame."""
    headers = {"Authorization": f"Bearer {EDITOR}"}
    async with gateway.session.get(f"{gateway.url}/desk", headers=headers) as answer:
        policy, page = answer.headers["Content-Security-Policy"], await answer.text()

    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert not re.search(r"<script(?![^>]* src=)|<style|\son\w+=|\sstyle=", page)


async def test_what_is_shown_can_be_chosen(editor: Session) -> None:
    """Standing ones alone, or those of one coverage."""
    assert "Withdrawn" not in "".join(titles((await editor.get("/desk?show=standing"))[1]))
    assert titles((await editor.get("/desk?coverage=election"))[1]) == ["Election night: alert 4"]
    assert (await editor.get("/desk?coverage=nowhere"))[0] == 404


async def test_a_long_list_leads_to_earlier_alerts(editor: Session) -> None:
    """Page after page, to the last."""
    for number in range(10, 70):
        editor.gateway.raise_alert(an_alert(number))
    await editor.gateway.holds(an_alert(69))
    _, first = await editor.get("/desk")
    (place,) = re.findall(r'href="/desk\?before=(\d+)"', first)
    _, second = await editor.get(f"/desk?before={place}")

    assert (len(titles(first)), len(titles(second))) == (50, 14)
    assert "Newest alerts" in second
    assert "data-cursor" not in second


async def test_an_editor_acknowledges_by_a_form(editor: Session) -> None:
    """It leads back to the alert, whose card says who did; it can be taken back."""
    fields = await editor.form("acknowledge", f"/desk/alerts/{ONE}")
    status, place = await editor.send(fields)
    _, page = await editor.get(f"/desk/alerts/{ONE}")

    assert (status, place) == (303, f"/desk/alerts/{ONE}#{ONE}")
    assert "Acknowledged by ada@example.org" in page
    assert (await editor.send(await editor.form("take-back", f"/desk/alerts/{ONE}")))[0] == 303
    assert "Acknowledged by" not in (await editor.get("/desk"))[1]


async def test_an_editor_mutes_a_story_and_ends_it(editor: Session) -> None:
    """By the same form a coverage; what is muted stands below the list."""
    fields = await editor.form("mute")
    assert (await editor.send({**fields, "what": "story:story-1", "minutes": "60"}))[0] == 303
    assert (await editor.send({**fields, "what": "coverage:election", "minutes": "1440"}))[0] == 303
    _, page = await editor.get("/desk")

    assert "Muted now" in page
    assert "Election night is muted by ada@example.org" in page
    assert "This story is muted by ada@example.org" in page
    assert (await editor.send(await editor.form("unmute")))[0] == 303
    assert len((await editor.gateway.ask("GET", "/v1/mutes", ADMIN))[1]["mutes"]) == 1


async def test_a_forged_form_does_nothing(editor: Session, gateway: AlertGateway) -> None:
    """Without the word of the session, with another session's, from another origin, or not as a form."""
    fields = await editor.form("acknowledge")
    other = await Session(gateway, token("eve@example.org", coverages=["*"])).form("acknowledge")

    assert (await editor.send({**fields, "word": ""}))[0] == 403
    assert (await editor.send({**fields, "word": other["word"]}))[0] == 403
    assert (await editor.send(fields, Origin="https://evil.example"))[0] == 401
    assert (await editor.send(fields, Origin="null"))[0] == 401
    assert (await editor.send(fields, **{"Content-Type": "text/plain"}))[0] == 403
    assert (await editor.send(fields, Cookie=""))[0] == 401
    assert "acknowledgements" not in (await gateway.ask("GET", "/v1/alerts", ADMIN))[1]


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "/desk/../v1", "javascript:1", "/desk\r\nX: y"]
)
async def test_a_form_never_leads_away(editor: Session, back: str) -> None:
    """Whatever it says of where it came from."""
    fields = await editor.form("acknowledge")

    assert await editor.send({**fields, "back": back}) == (303, "/desk")


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"do": "dance"}, 400), ({"do": "acknowledge", "alert": "unknown"}, 404), ({"do": "mute"}, 400),
        ({"do": "mute", "what": "coverage:nowhere", "minutes": "60"}, 404),
        ({"do": "mute", "what": "coverage:election", "minutes": "61"}, 400), ({"do": "unmute", "mute": "x"}, 404),
    ],
)  # fmt: skip
async def test_a_wrong_form_is_refused(editor: Session, changed: dict[str, str], status: int) -> None:
    """With what was expected."""
    fields = await editor.form("acknowledge")

    assert (await editor.send({**fields, **changed}))[0] == status


async def test_an_editor_sees_the_alerts_of_the_tokens_coverages(gateway: AlertGateway) -> None:
    """No other coverage's alerts, sources or names."""
    fire = Session(gateway, token(coverages=["harbour-*"]))
    gateway.entries.append(an_entry(1, coverage_id="election", source_id="gazette").to_json())

    for path in ("/desk", "/desk/rules?try=people-hurt", "/desk/sources"):
        status, page = await fire.get(path)
        assert status == 200
        assert "lection" not in page
        assert "azette" not in page
    assert (await fire.get(f"/desk/alerts/{an_alert(4).alert_id}"))[0] == 404


async def test_an_alert_is_shown_with_all_it_did(editor: Session, tmp_path: Path) -> None:
    """Each revision with its reason, and where it was sent."""
    state = open_state(f"sqlite:///{tmp_path}/state.db")
    SinkDeliveries(state).put(SinkDelivery("phone", ONE, 1, SinkStatus.FAILED, datetime.now(UTC), error="no route"))
    state.close()
    _, page = await editor.get(f"/desk/alerts/{ONE}")
    _, sinks = await editor.get("/desk/sources")
    _, withdrawn = await editor.get(f"/desk/alerts/{an_alert(3).alert_id}")

    assert "no route" in page
    assert "no route" in sinks
    assert "phone" in sinks
    assert withdrawn.count("<strong>Withdrawn</strong>") == withdrawn.count("<strong>Raised</strong>") == 1


async def test_rules_are_listed_with_their_last_firing_and_run_dry(editor: Session) -> None:
    """The engine over the entries of the last day: what it would have told, and what it would have held back."""
    now = datetime.now(UTC)

    def entry(number: int, ago: timedelta, **fields: Any) -> bytes:
        at = now - ago
        values = {"received_at": at, "processed_at": at, "published_at": at, "first_published_at": at}
        return an_entry(number, **values, **fields).to_json()

    hour = timedelta(hours=1)
    for value in (
        entry(1, 30 * hour, headline="Two hurt long ago", story_id="s0"),
        entry(2, 3 * hour, headline="Three hurt at the quay", story_id="s1"),
        entry(3, 3 * hour - timedelta(minutes=1), headline="Three hurt, again", story_id="s1"),
        entry(4, 2 * hour, headline="All is well", story_id="s2"),
    ):
        editor.gateway.entries.append(value)
    await editor.gateway.until(
        "/v1/coverages/harbour-fire/entries", lambda status, body: status == 200 and len(body["entries"]) == 4
    )
    _, page = await editor.get("/desk/rules?try=people-hurt")

    assert "Last told" in page
    assert "Never told anybody" in page
    assert "It would have told 1 time" in page
    assert "over 3 revisions of the last 24 hours" in page
    assert "it was told a short while ago: 1" in page
    assert "Harbour fire: Three hurt at the quay" in page
    assert (await editor.get("/desk/rules?try=unknown"))[0] == 404


async def test_the_desk_reads_on_while_the_state_can_not_be_used(tmp_path: Path) -> None:
    """It says so where something is missing."""
    (tmp_path / "state.db").write_bytes(b"no database at all" * 100)
    async with AlertGateway(tmp_path) as gateway:
        gateway.raise_alert(an_alert(1))
        await gateway.holds(an_alert(1))
        editor = Session(gateway, EDITOR)

        assert titles((await editor.get("/desk"))[1]) == ["Harbour fire: alert 1"]
        assert "can&#x27;t be used now" in (await editor.get("/desk/sources"))[1]


async def test_its_files_are_had_by_anybody_and_only_they(gateway: AlertGateway) -> None:
    """With an ETag, so that a browser asks again and is told that nothing changed."""
    for name, media_type in (("desk.js", "text/javascript"), ("desk.css", "text/css")):
        async with gateway.session.get(f"{gateway.url}/desk/files/{name}") as answer:
            assert (answer.status, answer.content_type) == (200, media_type)
            tag = answer.headers["ETag"]
        async with gateway.session.get(f"{gateway.url}/desk/files/{name}", headers={"If-None-Match": tag}) as again:
            assert again.status == 304
    for name in ("routes.py", "..%2Froutes.py", "desk.map"):
        async with aiohttp.ClientSession() as session, session.get(f"{gateway.url}/desk/files/{name}") as answer:
            assert answer.status == 404
