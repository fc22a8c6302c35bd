"""What the gateway answers by HTTP while no Kafka is there: it refuses rightly, and says why."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import jwt
import pytest
from gateway_harness import NEWSROOM, TOKENS

from streams.bootstrap.gateway_server import GatewayServer
from streams.gateway.auth.guard import Who
from streams.gateway.config import GatewayConfig
from streams.gateway.describe.parameters import PARAMETERS
from streams.gateway.route import Route
from streams.gateway.routes import ROUTES

POST = "application/vnd.liveline.post+json"


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[str]:
    """Run a gateway whose Kafka does not answer; returns its address."""

    async def identity() -> str:
        return "log"

    config = GatewayConfig(
        kafka={"bootstrap_servers": "127.0.0.1:1"},  # nothing listens there
        log_identity=identity,
        archive=f"sqlite:///{tmp_path}/a.db",
        state=f"sqlite:///{tmp_path}/state.db",
        port=0,
        newsroom=NEWSROOM,
        tokens={**TOKENS, "left-over": "token-of-none"},
        max_document_bytes=1000,
        push_deadline=0.5,
        heartbeat=0.1,
    )
    async with GatewayServer(config) as server:
        yield server.url


@pytest.mark.parametrize(
    ("source", "headers", "body", "status"),
    [
        ("evening-post", {}, b"{}", 401),
        ("evening-post", {"Authorization": "Bearer wrong"}, b"{}", 401),
        ("evening-post", {"Authorization": "Bearer token-of-the-quay"}, b"{}", 403),
        ("no-such", {"Authorization": "Bearer token-of-the-quay"}, b"{}", 403),
        ("left-over", {"Authorization": "Bearer token-of-none"}, b"{}", 404),
        ("evening-post", {"Authorization": "Bearer token-of-the-post", "Content-Type": "nonsense"}, b"{}", 415),
        ("evening-post", {"Authorization": "Bearer token-of-the-post", "Content-Encoding": "br"}, b"{}", 415),
        ("evening-post", {"Authorization": "Bearer token-of-the-post", "Content-Encoding": "gzip"}, b"{}", 400),
        ("evening-post", {"Authorization": "Bearer token-of-the-post"}, b"", 400),
        ("evening-post", {"Authorization": "Bearer token-of-the-post", "Idempotency-Key": "k" * 300}, b"{}", 400),
        ("evening-post", {"Authorization": "Bearer token-of-the-post"}, b"x" * 1001, 413),
        ("evening-post", {"Authorization": "Bearer token-of-the-post"}, b"x" * 1000, 503),
    ],
)
async def test_a_push_is_refused_with_its_reason(
    gateway: str, source: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    """Each refusal has its status and is a problem of RFC 9457 that says what is wrong."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            f"{gateway}/v1/sources/{source}/documents", data=body, headers={"Content-Type": POST, **headers}
        ) as answer,
    ):
        told = await answer.json(content_type="application/problem+json")

    assert (answer.status, told["status"]) == (status, status)
    assert told["detail"]
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)
    assert ("Retry-After" in answer.headers) == (status == 503)


async def test_an_endless_body_is_cut_off(gateway: str) -> None:
    """A chunked body has no length to refuse it by; it is read to the limit and not further."""

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 500
            await asyncio.sleep(0)

    headers = {"Authorization": "Bearer token-of-the-post", "Content-Type": POST}
    async with aiohttp.ClientSession() as session, asyncio.timeout(10):
        try:
            async with session.post(
                f"{gateway}/v1/sources/evening-post/documents", data=endless(), headers=headers
            ) as answer:
                assert answer.status == 413
        except aiohttp.ClientError:
            pass  # the connection may be cut while the client still sends


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/page/../config.py", 404),
        ("GET", "/page/__init__.py", 404),
        ("DELETE", "/v1/stream", 405),
        ("GET", "/v1/sources/evening-post/documents", 405),
        ("GET", "/v1/stream?min_urgency=x", 400),
        ("GET", "/v1/stream?since=yesterday", 400),
        ("GET", "/v1/stream?since=2024-05-01T12:00:00", 400),
        ("GET", "/v1/stream?replay=all", 400),
        ("GET", "/v1/stream?since=2024-05-01T12:00:00Z&since=2024-05-01T12:00:00Z", 400),
        ("GET", "/v1/stream?limit=%D9%A3", 400),
        ("GET", "/v1/coverages/election/entries?status=all", 503),
        ("GET", "/v1/coverages", 503),
        ("GET", "/readyz", 503),
    ],
)
async def test_every_error_is_a_problem(gateway: str, method: str, path: str, status: int) -> None:
    """Also those of the framework."""
    async with aiohttp.ClientSession() as session, session.request(method, gateway + path) as answer:
        told = await answer.json(content_type="application/problem+json")

    assert (answer.status, told["status"]) == (status, status)


@pytest.mark.parametrize(
    ("method", "path", "said"),
    [
        ("GET", "/v1/stream?min_urgancy=2", "'min_urgency'"),
        ("GET", "/v1/stream?Source=gazette", "'source'"),
        ("GET", "/v1/coverages/election/stream?xyz=1", "expected one of"),
        ("GET", "/v1/coverages/election/entries?since=2024-05-01T12:00:00Z", "expected one of"),
        ("GET", "/v1/coverages?limits=3", "'limit'"),
        ("GET", "/v1/coverages/election?limit=3", "this route has none"),
        ("GET", "/v1/entries/e1/revisions?limits=3", "'limit'"),
        ("POST", "/v1/sources/evening-post/documents?format=feed", "this route has none"),
    ],
)
async def test_an_unknown_parameter_is_told(gateway: str, method: str, path: str, said: str) -> None:
    """A filter with a typing error would let everything through; the answer suggests what was meant."""
    headers = {"Authorization": "Bearer token-of-the-post", "Content-Type": POST} if method == "POST" else {}
    async with aiohttp.ClientSession() as session, session.request(method, gateway + path, headers=headers) as answer:
        told = await answer.json(content_type="application/problem+json")

    assert answer.status == 400
    assert said in told["detail"]


def _address(route: Route) -> str:
    names = {"coverage": "election", "entry": "e1", "id": "wh_1", "alert": "a1", "mute": "m1", "letter": "0-1"}
    return re.sub(r"\{(\w+)\}", lambda found: names.get(found[1], found[0]), route.path)


@pytest.mark.parametrize(
    "route", [route for route in ROUTES if route.who in (Who.ADMIN, Who.ALERTS)], ids=lambda route: route.name
)
async def test_without_keys_and_admin_token_nobody_has_rights(gateway: str, route: Route) -> None:
    """Neither without a token nor with one, which nothing could verify."""
    for token in (None, "x", "", jwt.encode({"exp": 9e9, "liveline": {"admin": True}}, "s" * 32, "HS256")):
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        async with (
            aiohttp.ClientSession() as session,
            session.request(route.method, gateway + _address(route), headers=headers) as answer,
        ):
            assert answer.status == 401
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "route",
    [route for route in ROUTES if route.who is Who.READER and route.parameters is not None],
    ids=lambda route: route.name,
)
async def test_a_route_takes_the_parameters_of_its_row_and_no_others(gateway: str, route: Route) -> None:
    """The table, from which the descriptions are made, says what the handlers do."""
    unknown = {}
    async with aiohttp.ClientSession() as session:
        for name in {*PARAMETERS, "no_such"}:
            # A second, wrong parameter ends the request before a stream begins.
            async with session.get(f"{gateway}{_address(route)}?{name}=&zzz=") as answer:
                told = await answer.json(content_type="application/problem+json")
            unknown[name] = f"{name!r} is unknown" in told["detail"]

    assert {name for name, is_unknown in unknown.items() if not is_unknown} == (route.parameters or set())


async def test_the_page_passes_over_parameters_of_others(gateway: str) -> None:
    """A link with `utm_source` leads to the page as any other."""
    async with aiohttp.ClientSession() as session, session.get(f"{gateway}/coverages/election?utm_source=x") as answer:
        assert answer.status == 200


async def test_the_page_of_a_coverage_names_its_feeds(gateway: str) -> None:
    """In its head, where readers look for them; the page of all coverages has none."""
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{gateway}/coverages/election") as answer:
            head = (await answer.text()).partition("</head>")[0]
        async with session.get(f"{gateway}/") as index:
            assert 'rel="alternate"' not in await index.text()

    assert re.findall(r'<link rel="alternate" type="([^"]+)" title="[^"]+" href="/coverages/election/feed\.', head) == [
        "application/atom+xml",
        "application/rss+xml",
        "application/feed+json",
        "application/ld+json",
        "application/json",
    ]


async def test_a_stream_waits_for_kafka_with_heartbeats(gateway: str) -> None:
    """A browser that is answered 503 never comes back; so it is kept until there is something to say."""
    async with aiohttp.ClientSession() as session, session.get(f"{gateway}/v1/stream") as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Transfer-Encoding" not in answer.headers
        async with asyncio.timeout(5):
            assert await answer.content.readuntil(b"\n\n") == b"retry: 2000\n\n"
            # Without a blank line, which some clients take for an event that is empty.
            assert await answer.content.readexactly(6) == b":\n:\n:\n"


async def test_the_page_lets_nothing_in_from_elsewhere(gateway: str) -> None:
    """Each of its files has the policy, a type that is meant, and is asked for once."""
    async with aiohttp.ClientSession() as session:
        for path in ("/", "/coverages/harbour-fire", "/page/live.js", "/page/live.css", "/page/icon.svg"):
            async with session.get(gateway + path) as answer:
                assert answer.status == 200
                assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
                assert "unsafe" not in answer.headers["Content-Security-Policy"]
                text = await answer.text()
                assert "https://" not in text
                assert "style=" not in text
            async with session.get(gateway + path, headers={"If-None-Match": answer.headers["ETag"]}) as again:
                assert again.status == 304


async def test_health_and_metrics(gateway: str) -> None:
    """The process lives without Kafka, is not ready, and its metrics say so."""
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{gateway}/healthz") as alive:
            assert alive.status == 200
        async with session.get(f"{gateway}/metrics") as metrics:
            assert "liveline_gateway_ready 0.0" in await metrics.text()
        async with session.get(f"{gateway}/readyz") as ready:
            reason = (await ready.json(content_type="application/problem+json"))["detail"]
            assert "Kafka" in reason
            assert not any(private in reason for private in ("127.0.0.1", "/", "a.db")), reason
        async with session.options(f"{gateway}/v1/stream") as preflight:
            assert "Last-Event-ID" in preflight.headers["Access-Control-Allow-Headers"]
