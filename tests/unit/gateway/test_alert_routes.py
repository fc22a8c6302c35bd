"""`/v1/alerts` and `/v1/mutes`, as an editor's program meets them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alert_harness import ADMIN, NOON, AlertGateway, an_alert, token

from streams.archive.state import SinkDeliveries, SinkDelivery, SinkStatus, open_state
from streams.gateway.auth.tokens import TokenRules

FIRE = token(coverages=["harbour-*"])
TO_COME = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
ONE = an_alert(1).alert_id
ROUTES = [
    ("GET", "/v1/alerts"), ("GET", f"/v1/alerts/{ONE}"), ("GET", "/v1/alerts/stream"),
    ("POST", f"/v1/alerts/{ONE}/acknowledge"), ("DELETE", f"/v1/alerts/{ONE}/acknowledge"), ("GET", "/v1/mutes"),
    ("POST", "/v1/mutes"), ("DELETE", "/v1/mutes/m1"),
]  # fmt: skip


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[AlertGateway]:
    """Run a gateway that holds three alerts: two of the fire, of which the first was revised, one of the election."""
    vote = an_alert(3, coverage_id="election", rule_id="breaking")
    async with AlertGateway(tmp_path) as gateway:
        gateway.raise_alert(an_alert(1), an_alert(2), vote, an_alert(1, 2, notify=False, held_back="cooldown"))
        await gateway.holds(an_alert(1, 2))
        await gateway.holds(vote)
        yield gateway


def numbers(body: dict[str, Any]) -> list[tuple[str, int]]:
    """Return the alerts of a list by the last word of their titles, with their revisions."""
    return [(alert["title"].split()[-1], alert["revision"]) for alert in body["alerts"]]


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_without_the_right_nobody_is_told_anything(gateway: AlertGateway, method: str, path: str) -> None:
    """401 without a token or with a bad one, 403 with one that is not for alerts."""
    statuses = [(await gateway.ask(method, path, bearer))[0] for bearer in (None, "wrong", token(alerts=False))]

    assert statuses == [401, 401, 403]


@pytest.mark.parametrize(("method", "path"), [*ROUTES, ("GET", "/desk")])
async def test_without_keys_everything_is_refused(tmp_path: Path, method: str, path: str) -> None:
    """A newsroom that has configured no tokens has nobody who may."""
    async with AlertGateway(tmp_path, {"token_rules": TokenRules()}) as gateway:
        assert (await gateway.ask(method, path))[0] == 401
        assert (await gateway.ask(method, path, ADMIN))[0] == 401


async def test_alerts_are_listed_newest_first_at_their_newest_revision(gateway: AlertGateway) -> None:
    """Byte for byte as they stand on the topic."""
    status, body = await gateway.ask("GET", "/v1/alerts", ADMIN)

    assert (status, numbers(body)) == (200, [("3", 1), ("2", 1), ("1", 2)])
    assert body["alerts"][2] == an_alert(1, 2, notify=False, held_back="cooldown").to_dict()


async def test_a_list_is_paged(gateway: AlertGateway) -> None:
    """`next` leads on to the last page, which has none."""
    _, first = await gateway.ask("GET", "/v1/alerts?limit=2", ADMIN)
    _, rest = await gateway.ask("GET", f"/v1/alerts?limit=2&cursor={first['next']}", ADMIN)

    assert (numbers(first), numbers(rest)) == ([("3", 1), ("2", 1)], [("1", 2)])
    assert "next" not in rest


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("coverage=election", ["3"]),
        ("coverage=harbour-fire,election", ["3", "2", "1"]),
        ("rule=people-hurt", ["2", "1"]),
        ("change=raised", ["3", "2"]),
        ("change=updated,raised", ["3", "2", "1"]),
        ("standing=true", ["3", "2", "1"]),
        ("standing=false", []),
        ("standing=false&change=raised", []),
        ("since=2026-05-01T12:02:00Z", ["3", "2"]),
    ],
)
async def test_a_list_is_filtered(gateway: AlertGateway, query: str, found: list[str]) -> None:
    """By what an editor looks for; several filters must all fit."""
    status, body = await gateway.ask("GET", f"/v1/alerts?{query}", ADMIN)

    assert (status, [title for title, _ in numbers(body)]) == (200, found)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("coverage=unknown", 404), ("change=vanished", 400), ("standing=perhaps", 400), ("since=yesterday", 400),
        ("cursor=x", 400), ("limit=0", 400), ("chnage=raised", 400), ("since=2026-05-01T12:00:00Z&since=x", 400),
    ],
)  # fmt: skip
async def test_a_wrong_filter_is_named(gateway: AlertGateway, query: str, status: int) -> None:
    """What was passed over would let everything through."""
    answered, body = await gateway.ask("GET", f"/v1/alerts?{query}", ADMIN)

    assert (answered, body["status"]) == (status, status)
    assert query.partition("=")[0] in body["detail"]


async def test_an_alert_is_shown_with_its_revisions(gateway: AlertGateway, tmp_path: Path) -> None:
    """Newest first, with who saw to it and where it was sent."""
    state = open_state(f"sqlite:///{tmp_path}/state.db")
    SinkDeliveries(state).put(SinkDelivery("phone", ONE, 1, SinkStatus.FAILED, NOON, error="no route"))
    state.close()
    await gateway.ask("POST", f"/v1/alerts/{ONE}/acknowledge", token("ada@example.org", coverages=["*"]))

    status, body = await gateway.ask("GET", f"/v1/alerts/{ONE}", ADMIN)

    assert (status, [each["revision"] for each in body["revisions"]]) == (200, [2, 1])
    assert body["alert"] == body["revisions"][0]
    assert body["acknowledgement"]["by"] == "ada@example.org"
    assert body["deliveries"] == [
        {"sink": "phone", "revision": 1, "status": "failed", "at": "2026-05-01T12:00:00.000Z", "error": "no route"}
    ]
    assert (await gateway.ask("GET", "/v1/alerts/unknown", ADMIN))[0] == 404


async def test_a_token_has_the_alerts_of_its_coverages(gateway: AlertGateway) -> None:
    """Another coverage's are not listed, and one by its id is one that does not exist."""
    other = an_alert(3).alert_id
    _, body = await gateway.ask("GET", "/v1/alerts", FIRE)

    assert numbers(body) == [("2", 1), ("1", 2)]
    assert (await gateway.ask("GET", "/v1/alerts?coverage=election", FIRE))[0] == 403
    assert (await gateway.ask("GET", f"/v1/alerts/{other}", FIRE))[0] == 404
    assert (await gateway.ask("POST", f"/v1/alerts/{other}/acknowledge", FIRE))[0] == 404
    assert (await gateway.ask("GET", "/v1/alerts", token()))[1] == {"alerts": []}


async def test_an_acknowledgement_is_kept_with_who_and_when(gateway: AlertGateway) -> None:
    """The first one counts; it outlives the gateway, shows in the list, and can be taken back once."""
    path = f"/v1/alerts/{ONE}/acknowledge"
    status, first = await gateway.ask("POST", path, FIRE)
    _, second = await gateway.ask("POST", path, ADMIN)
    await gateway.stop()
    await gateway.start()
    _, listed = await gateway.ask("GET", "/v1/alerts", ADMIN)

    assert (status, first["by"], second) == (200, "ada@example.org", first)
    assert listed["acknowledgements"] == {ONE: first}
    assert (await gateway.ask("DELETE", path, FIRE))[0] == 204
    assert (await gateway.ask("DELETE", path, FIRE))[0] == 404
    assert "acknowledgements" not in (await gateway.ask("GET", "/v1/alerts", ADMIN))[1]


async def test_a_coverage_or_a_story_is_muted_for_a_while(gateway: AlertGateway) -> None:
    """Until it ends, or is ended; each with who did it."""
    status, mute = await gateway.ask("POST", "/v1/mutes", FIRE, {"coverage": "harbour-fire", "until": TO_COME})
    _, story = await gateway.ask("POST", "/v1/mutes", ADMIN, {"story": "story-1", "until": TO_COME})
    _, listed = await gateway.ask("GET", "/v1/mutes", FIRE)

    assert (status, mute["coverage"], mute["by"], story["by"]) == (201, "harbour-fire", "ada@example.org", "admin")
    assert listed["mutes"] == sorted((mute, story), key=lambda each: (each["until"], each["id"]))
    assert (await gateway.ask("DELETE", f"/v1/mutes/{mute['id']}", FIRE))[0] == 204
    assert (await gateway.ask("DELETE", f"/v1/mutes/{mute['id']}", FIRE))[0] == 404
    assert (await gateway.ask("GET", "/v1/mutes", FIRE))[1]["mutes"] == [story]


async def test_mutes_of_other_coverages_are_hidden(gateway: AlertGateway) -> None:
    """A token that is not for a coverage mutes neither it nor a story of it, and sees and ends no mute of it."""
    for what in ({"coverage": "election"}, {"story": "story-3"}):
        status, mute = await gateway.ask("POST", "/v1/mutes", ADMIN, {**what, "until": TO_COME})
        assert status == 201
        assert (await gateway.ask("POST", "/v1/mutes", FIRE, {**what, "until": TO_COME}))[0] in (403, 404)
        assert (await gateway.ask("DELETE", f"/v1/mutes/{mute['id']}", FIRE))[0] == 404

    assert (await gateway.ask("GET", "/v1/mutes", FIRE))[1] == {"mutes": []}
    assert len((await gateway.ask("GET", "/v1/mutes", ADMIN))[1]["mutes"]) == 2


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"{", 400, "no JSON"),
        (b"[]", 400, "no JSON object"),
        ({"until": TO_COME}, 400, "one of coverage and story"),
        ({"coverage": "open-day", "story": "s", "until": TO_COME}, 400, "one of coverage and story"),
        ({"coverage": "open-day"}, 400, "until"),
        ({"coverage": "open-day", "until": "soon"}, 400, "until"),
        ({"coverage": "open-day", "untill": TO_COME, "until": TO_COME}, 400, "'untill' is unknown"),
        ({"coverage": "nowhere", "until": TO_COME}, 404, "no coverage"),
        ({"coverage": "open-day", "until": "2020-01-01T00:00:00Z"}, 409, "over"),
        (b" " * 70_000, 413, "bytes"),
    ],
)
async def test_a_wrong_mute_is_named(gateway: AlertGateway, body: Any, status: int, said: str) -> None:
    """And nothing is muted."""
    answered, problem = await gateway.ask("POST", "/v1/mutes", ADMIN, body)

    assert (answered, said in problem["detail"]) == (status, True)
    assert "value error" not in problem["detail"]
    assert (await gateway.ask("GET", "/v1/mutes", ADMIN))[1] == {"mutes": []}


async def test_alerts_are_listed_while_the_state_can_not_be_used(tmp_path: Path) -> None:
    """A corrupt state database stops acknowledging, not reading."""
    (tmp_path / "state.db").write_bytes(b"no database at all" * 100)
    async with AlertGateway(tmp_path) as gateway:
        gateway.raise_alert(an_alert(1))
        await gateway.holds(an_alert(1))

        assert numbers((await gateway.ask("GET", "/v1/alerts", ADMIN))[1]) == [("1", 1)]
        assert (await gateway.ask("POST", f"/v1/alerts/{ONE}/acknowledge", ADMIN))[0] == 503
        assert (await gateway.ask("POST", "/v1/mutes", ADMIN, {"coverage": "open-day", "until": TO_COME}))[0] == 503


async def test_a_record_that_is_no_alert_is_passed_over(gateway: AlertGateway) -> None:
    """Counted, and what follows is read."""
    for value in (b"{", None, b'{"alert_id": 1}', b"[]"):
        gateway.alerts.append(value)
    gateway.raise_alert(an_alert(4))
    await gateway.holds(an_alert(4))
    async with gateway.session.get(f"{gateway.url}/metrics") as answer:
        text = await answer.text()

    assert "liveline_gateway_unreadable_records_total 4.0" in text
    assert "liveline_gateway_alerts_total 5.0" in text


async def test_a_log_that_is_made_anew_begins_anew(gateway: AlertGateway) -> None:
    """Another topic of the same name has other offsets: what was kept of the old one is set aside."""
    await gateway.stop()
    gateway.identity = "another log"
    gateway.alerts.records.clear()
    gateway.alerts.next_offset.clear()
    await gateway.start()

    assert (await gateway.ask("GET", "/v1/alerts", ADMIN))[1] == {"alerts": []}
    assert (gateway.folder / "archive.alerts.db.1").is_file()


async def test_a_lost_file_is_read_anew_while_the_gateway_runs(gateway: AlertGateway) -> None:
    """From the beginning of the log, without a restart."""
    for path in gateway.folder.glob("archive.alerts.db*"):
        path.unlink()
    await asyncio.sleep(0)

    body = await gateway.until("/v1/alerts", lambda status, _: status == 200 and
                               (gateway.folder / "archive.alerts.db").exists())  # fmt: skip

    assert len(body["alerts"]) == 3
