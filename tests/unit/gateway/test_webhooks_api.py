"""`/v1/webhooks`: who may, what is taken, what is refused."""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import structlog

from schemas import Newsroom
from schemas.webhook import DeliveryStatus, FixedWebhook, WebhookEvent, WebhookStatus
from streams.archive.state import Deliveries, MessageKind, NewDelivery, Outcome, Webhooks, open_state
from streams.archive.state.deliveries import Deliveries as Log
from streams.bootstrap.gateway_server import GatewayServer
from streams.gateway.auth.tokens import TokenRules
from streams.gateway.config import GatewayConfig

TOKEN = "token-of-the-admin"  # noqa: S105  (a test's own)
NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


@dataclass
class Api:
    """A gateway without Kafka, and an administrator's session."""

    base: str
    session: aiohttp.ClientSession
    state: str

    async def __call__(self, method: str, path: str = "", body: Any = None, **headers: str) -> tuple[int, Any]:
        """Ask, and return status and body."""
        sent = {"Authorization": f"Bearer {TOKEN}", **headers}
        url = self.base + (path if path.startswith("/v1") else f"/v1/webhooks{path}")
        async with self.session.request(method, url, json=body, headers=sent) as answer:
            return answer.status, await answer.json(content_type=None) if answer.status != 204 else None

    async def made(self, **fields: Any) -> dict[str, Any]:
        """Make a webhook and return what was answered."""
        status, body = await self("POST", body={"url": "https://example.org/in", **fields})
        assert status == 201, body
        made: dict[str, Any] = body
        return made


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    """Run a gateway whose Kafka does not answer."""
    async for each in running(f"sqlite:///{tmp_path}/state.db", tmp_path, TOKEN):
        yield each


async def running(state: str, folder: Path, token: str | None) -> AsyncIterator[Api]:
    """Run a gateway with a state database."""

    async def identity() -> str:
        return "log"

    config = GatewayConfig(
        kafka={"bootstrap_servers": "127.0.0.1:1"},
        log_identity=identity,
        archive=f"sqlite:///{folder}/a.db",
        port=0,
        newsroom=Newsroom(webhooks=(FixedWebhook(id="desk-system", url="https://desk.example.org/"),)),
        state=state,
        token_rules=TokenRules(admin_token=token),
        clock=lambda: NOW,
        log=structlog.get_logger("test"),
    )
    async with GatewayServer(config) as server, aiohttp.ClientSession() as session:
        yield Api(server.url, session, state)


ROUTES = [
    ("GET", ""), ("POST", ""), ("GET", "/w"), ("PATCH", "/w"), ("DELETE", "/w"), ("POST", "/w/rotate"),
    ("POST", "/w/test"), ("POST", "/w/recover"), ("GET", "/w/deliveries"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize("authorization", ["", "Bearer wrong", f"Basic {TOKEN}", "Bearer "])
async def test_only_an_administrator_may(api: Api, method: str, path: str, authorization: str) -> None:
    """Whoever else asks is told nothing, not even whether a webhook exists."""
    status, body = await api(method, path, Authorization=authorization)

    assert (status, body["status"]) == (401, 401)


async def test_without_an_admin_token_nobody_may(tmp_path: Path) -> None:
    """An empty token is no token."""
    async for api in running(f"sqlite:///{tmp_path}/state.db", tmp_path, None):
        assert (await api("GET", Authorization="Bearer "))[0] == 401
        assert not (tmp_path / "state.db").exists()


async def test_a_webhook_shows_its_secret_once(api: Api) -> None:
    """At its creation, never again."""
    made = await api.made(
        filter={"coverage": ["a", "b"], "key_event": True}, events=["entry", "alert"], description="x"
    )

    assert made["secret"].startswith("whsec_")
    status, shown = await api("GET", f"/{made['id']}")
    assert status == 200
    assert shown == {name: value for name, value in made.items() if name != "secret"}
    assert shown["filter"] == {"coverage": ["a", "b"], "key_event": True}
    assert (shown["status"], shown["events"], shown["created_at"]) == (
        "active",
        ["entry", "alert"],
        "2026-01-01T12:00:00Z",
    )
    assert "secret" not in str((await api("GET"))[1])


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "url"),
        ({"url": "ftp://example.org"}, "url"),
        ({"url": "https://"}, "url"),
        ({"url": "http://127.0.0.1/x"}, "LIVELINE_WEBHOOK_INTERNAL"),
        ({"url": "http://[::ffff:10.0.0.1]/x"}, "LIVELINE_WEBHOOK_INTERNAL"),
        ({"url": "https://example.org", "filter": {"coverages": "a"}}, "did you mean 'coverage'"),
        ({"url": "https://example.org", "filter": {"min_urgency": 12}}, "min_urgency"),
        ({"url": "https://example.org", "events": ["entries"]}, "events"),
        ({"url": "https://example.org", "events": []}, "events"),
        ({"url": "https://example.org", "filters": {}}, "'filters' is unknown"),
        ([1], "object"),
    ],
)
async def test_a_wrong_webhook_is_refused_with_its_field(api: Api, body: Any, said: str) -> None:
    """400, and the detail names what is wrong."""
    status, problem = await api("POST", body=body)

    assert status == 400
    assert said in problem["detail"]


async def test_a_change_changes_what_it_names(api: Api) -> None:
    """The rest stays; null is no way to leave out."""
    made = await api.made(description="x")

    status, changed = await api("PATCH", f"/{made['id']}", {"filter": {"source": "a"}, "status": "disabled"})
    assert status == 200
    assert (changed["filter"], changed["status"], changed["url"]) == ({"source": "a"}, "disabled", made["url"])
    assert changed["disabled_reason"] == "by an administrator"
    assert (await api("GET", f"/{made['id']}"))[1] == changed
    status, changed = await api("PATCH", f"/{made['id']}", {"status": "active", "description": None})
    assert (changed["status"], "disabled_reason" in changed, "description" in changed) == ("active", False, False)
    assert (await api("PATCH", f"/{made['id']}", {"url": None}))[0] == 400
    assert (await api("PATCH", f"/{made['id']}", {"url": "http://10.0.0.1/"}))[0] == 400


async def test_a_rotation_gives_a_new_secret_and_keeps_the_old_for_a_day(api: Api) -> None:
    """The answer shows the new one."""
    made = await api.made()

    status, changed = await api("POST", f"/{made['id']}/rotate")

    assert status == 200
    assert changed["secret"] not in ("", made["secret"])
    state = open_state(api.state)
    kept = Webhooks(state).get(made["id"])
    state.close()
    assert kept is not None
    assert (kept.old_secret, kept.old_secret_until) == (made["secret"], NOW + timedelta(hours=24))


async def test_what_stands_in_the_file_is_changed_there(api: Api) -> None:
    """409 for PATCH, DELETE and rotate; it is shown and may be tested."""
    status, shown = await api("GET", "/desk-system")
    assert (status, shown["fixed"]) == (200, True)
    for method, path in (("PATCH", ""), ("DELETE", ""), ("POST", "/rotate")):
        assert (await api(method, f"/desk-system{path}", {}))[0] == 409
    assert (await api("POST", "/desk-system/test"))[0] == 202


@pytest.mark.parametrize(("method", "path"), [route for route in ROUTES if "/w" in route[1]])
async def test_an_unknown_webhook_is_404(api: Api, method: str, path: str) -> None:
    """On every route of it."""
    body = {"since": "2026-01-01T00:00:00Z"} if "recover" in path else {}
    assert (await api(method, path, body))[0] == 404


async def test_a_deleted_webhook_is_gone(api: Api) -> None:
    """204, then 404."""
    made = await api.made()

    assert (await api("DELETE", f"/{made['id']}"))[0] == 204
    assert (await api("DELETE", f"/{made['id']}"))[0] == 404


async def test_a_recovery_makes_it_active_from_a_time(api: Api) -> None:
    """The time needs its zone and is over."""
    made = await api.made()
    await api("PATCH", f"/{made['id']}", {"status": "disabled"})

    for wrong in ({}, {"since": "yesterday"}, {"since": "2026-01-01T00:00:00"}, {"since": "2027-01-01T00:00:00Z"}):
        assert (await api("POST", f"/{made['id']}/recover", wrong))[0] == 400
    status, shown = await api("POST", f"/{made['id']}/recover", {"since": "2026-01-01T10:00:00+01:00"})

    assert (status, shown["status"]) == (202, "active")
    state = open_state(api.state)
    kept = Webhooks(state).get(made["id"])
    state.close()
    assert kept is not None
    assert (kept.since, kept.recovery) == (datetime(2026, 1, 1, 9, tzinfo=UTC), 1)


async def test_a_test_is_queued(api: Api) -> None:
    """It stands in the log; a disabled webhook is sent none."""
    made = await api.made()

    assert (await api("POST", f"/{made['id']}/test"))[0] == 202
    _, log = await api("GET", f"/{made['id']}/deliveries")
    assert [(each["type"], each["status"], each["attempt"]) for each in log["deliveries"]] == [
        ("liveline.test.v1", "pending", 0)
    ]
    await api("PATCH", f"/{made['id']}", {"status": "disabled"})
    assert (await api("POST", f"/{made['id']}/test"))[0] == 409


async def test_lists_are_paged(api: Api) -> None:
    """`next` leads through all of it."""
    ids = ["desk-system"] + [(await api.made())["id"] for _ in range(4)]
    assert await _walk(api, "?limit=2", "webhooks") == sorted(ids, key=lambda each: (each != "desk-system", each))

    state = open_state(api.state)
    with state.write() as connection:
        new = [NewDelivery(f"e{n}:1", f"e{n}", MessageKind.ENTRY, b"{}", 1) for n in range(5)]
        Deliveries.add(connection, ids[1], new, NOW)
    state.close()
    assert len(await _walk(api, f"/{ids[1]}/deliveries?limit=2", "deliveries")) == 5
    for wrong in ("?limit=0", "?limit=201", "?limit=x", "?lmit=1", "?cursor=nobody"):
        assert (await api("GET", wrong))[0] == 400


async def _walk(api: Api, path: str, name: str) -> list[str]:
    found: list[str] = []
    first = path
    while path:
        status, page = await api("GET", path)
        assert status == 200, page
        found += [each["id"] for each in page[name]]
        path = f"{first}&cursor={page['next']}" if "next" in page else ""
    return found


async def test_the_log_says_what_became_of_a_delivery(api: Api) -> None:
    """Entry, revision, attempt, answer, error, and when it is tried again."""
    made = await api.made()
    state = open_state(api.state)
    with state.write() as connection:
        Log.add(connection, made["id"], [NewDelivery("e:2", "e", MessageKind.ENTRY, b"{}", 2)], NOW)
    [due] = Log(state).due(made["id"], NOW, 1)
    with state.write() as connection:
        later = NOW + timedelta(seconds=5)
        failed = Outcome(due.seq, DeliveryStatus.PENDING, 1, NOW, later, 503, "answered 503")
        Log.record(connection, {due.seq: (made["id"], failed)})
    state.close()

    _, log = await api("GET", f"/{made['id']}/deliveries")

    assert log["deliveries"] == [
        {
            "id": str(due.seq), "type": "liveline.entry.v1", "entry_id": "e", "revision": 2, "status": "pending",
            "attempt": 1, "at": "2026-01-01T12:00:00Z", "http_status": 503, "error": "answered 503",
            "next_at": "2026-01-01T12:00:05Z",
        }
    ]  # fmt: skip


async def test_a_corrupt_state_is_503_and_streams_go_on(tmp_path: Path) -> None:
    """The answer says nothing of files; the database stays where it is."""
    path = tmp_path / "state.db"
    path.write_bytes(os.urandom(5000))
    before = path.read_bytes()
    async for api in running(f"sqlite:///{path}", tmp_path, TOKEN):
        status, problem = await api("GET")
        assert (status, str(tmp_path) in problem["detail"]) == (503, False)
        assert (await api("GET", "/v1/nothing"))[0] == 404
    assert path.read_bytes() == before


def test_events_and_states_are_the_contracts_words() -> None:
    """What the API says is written down."""
    assert [*WebhookEvent] == ["entry", "alert"]
    assert [*WebhookStatus] == ["active", "disabled"]
