"""What strangers' connections can and can't do to a gateway; no Kafka is needed for it."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest
import uvloop
from aiohttp import web
from gateway_harness import NEWSROOM, TOKENS
from structlog.testing import capture_logs

from streams.bootstrap.gateway_server import GatewayServer
from streams.gateway.config import GatewayConfig
from streams.gateway.delivery.access import Access, Authority, Everyone
from streams.runtime.http import ConnectionLimits, refusals
from streams.runtime.http.site import GuardedHandler

SECRET = TOKENS["evening-post"]
PUSH = (
    "POST /v1/sources/evening-post/documents HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    "Content-Type: application/json\r\n"
    f"Authorization: Bearer {SECRET}\r\nContent-Length: 100\r\n\r\n"
)
PROXIES = (ip_network("127.0.0.0/8"),)
HEALTH = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


@dataclass
class Strangers:
    """A gateway, and connections to it of which none outlives the test."""

    url: str
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    async def connect(self, data: str = "") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open a connection and send something."""
        host, _, port = self.url.removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        self.writers.append(writer)
        writer.write(data.encode("latin-1"))
        return reader, writer

    async def answer(self, data: str) -> tuple[int, bytes]:
        """Return the status and the body of what is answered until the connection ends."""
        reader, _ = await self.connect(data)
        async with asyncio.timeout(20):
            head, _, body = (await reader.read(-1)).partition(b"\r\n\r\n")
        return int(head.split()[1]), body

    async def close(self) -> None:
        """Be gone."""
        for writer in self.writers:
            writer.transport.abort()
        for writer in self.writers:
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()


class SlowAuthority:
    """Takes as long to look at a request as its client takes to leave."""

    def __init__(self) -> None:
        self.asked: asyncio.Queue[None] = asyncio.Queue()
        self.left: asyncio.Queue[None] = asyncio.Queue()

    async def of_request(self, request: web.Request) -> Access:
        """Return what everybody may, once the client is gone."""
        self.asked.put_nowait(None)
        while request.transport is not None:
            await asyncio.sleep(0.01)
        self.left.put_nowait(None)
        return Everyone()

    async def of_token(self, token: str) -> Access:  # noqa: ARG002  (none is looked at)
        """Return what everybody may."""
        return Everyone()


Start = Callable[..., AbstractAsyncContextManager[Strangers]]


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """Return what starts a gateway whose Kafka does not answer."""

    async def identity() -> str:
        return "log"

    @asynccontextmanager
    async def gateway(
        body_timeout: float = 90.0, authority: Authority | None = None, **limits: Any
    ) -> AsyncIterator[Strangers]:
        config = GatewayConfig(
            kafka={"bootstrap_servers": "127.0.0.1:1"},
            log_identity=identity,
            archive=f"sqlite:///{tmp_path}/a.db",
            port=0,
            newsroom=NEWSROOM,
            tokens=TOKENS,
            push_deadline=0.3,
            body_timeout=body_timeout,
            connections=ConnectionLimits(**limits),
        )
        async with GatewayServer(config, authority=authority) as server:
            strangers = Strangers(server.url)
            yield strangers
            await strangers.close()

    return gateway


async def test_half_requests_keep_nobody_out(start: Start) -> None:
    """Twice as many as there may be connections: health and pushes are answered, and a log line tells."""
    with capture_logs() as logs:
        async with start(total=100, per_address=100) as server, aiohttp.ClientSession() as session:
            for _ in range(200):
                await server.connect("GET /v1/stream HTTP/1.1\r\nX-A: ")
            for _ in range(20):
                async with session.get(f"{server.url}/healthz") as alive:
                    assert alive.status == 200
                assert (await server.answer(PUSH + "x" * 100))[0] == 503
            async with session.get(f"{server.url}/metrics") as metrics:
                text = await metrics.text()

    assert 'cut_connections_total{reason="evicted"}' in text
    assert [line["log_level"] for line in logs if line["event"] == "connections.cut"]
    assert SECRET not in str(logs)


def test_the_bounds_hold_on_the_loop_that_processes_run_on(start: Start) -> None:
    """Uvloop's transports are of other types than asyncio's."""

    async def run() -> None:
        async with start(total=20, per_address=15) as server:
            for _ in range(30):
                await server.connect("GET /healthz HTTP/1.1\r\n")
            assert (await server.answer(HEALTH))[0] == 200
            stream = "GET /v1/stream HTTP/1.1\r\nHost: x\r\n\r\n"
            for _ in range(15):
                reader, _writer = await server.connect(stream)
                assert b"200 OK" in await reader.readuntil(b"\r\n\r\n")
            assert (await server.answer(stream))[0] == 429

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())


async def test_streams_take_no_more_than_their_address_may_have(start: Start) -> None:
    """A complete request is not cut for a newcomer; the one too many is told, and a place that is given back counts."""
    stream = "GET /v1/stream HTTP/1.1\r\nHost: x\r\n\r\n"
    async with start(per_address=3) as server:
        open_ = [await server.connect(stream) for _ in range(3)]
        for reader, _ in open_:
            assert await reader.readuntil(b"\r\n\r\n")
        status, body = await server.answer(stream)
        assert (status, orjson.loads(body)["title"]) == (429, "Too Many Requests")
        open_[0][1].close()
        async with asyncio.timeout(10):
            while (await server.answer(HEALTH))[0] != 200:
                await asyncio.sleep(0.02)


@pytest.mark.parametrize(("bounds", "expected"), [({"per_address": 2}, 429), ({"total": 2, "trusted": PROXIES}, 503)])
async def test_whoever_is_refused_reads_why_however_late_it_asks(
    start: Start, bounds: dict[str, Any], expected: int
) -> None:
    """A request that comes in pieces, some of them after the refusal, is not met by a reset that takes the answer."""
    stream = "GET /v1/stream HTTP/1.1\r\nHost: x\r\n\r\n"
    async with start(**bounds) as server:
        for _ in range(2):
            reader, _ = await server.connect(stream)
            assert await reader.readuntil(b"\r\n\r\n")
        for _ in range(5):
            reader, writer = await server.connect()
            for part in ("GET /v1/coverages HT", "TP/1.1\r\n", "Host: x\r\n", "\r\n"):
                await asyncio.sleep(0.05)
                writer.write(part.encode())
                await writer.drain()
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(f"HTTP/1.1 {expected} ".encode())
            assert b"Retry-After" in head


async def test_those_who_are_refused_and_stay_are_cut(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """Silent ones after a while, and the oldest at once where too many linger: they take no descriptors from others."""
    monkeypatch.setattr(refusals, "_MOST_LINGERING", 3)
    stream = "GET /v1/stream HTTP/1.1\r\nHost: x\r\n\r\n"
    async with start(total=1) as server:
        reader, _ = await server.connect(stream)
        assert await reader.readuntil(b"\r\n\r\n")
        silent = [await server.connect() for _ in range(4)]
        async with asyncio.timeout(20):
            with contextlib.suppress(ConnectionError):
                assert await silent[0][0].read() == b""
            assert (await server.answer(stream))[0] == 429
            for reader, _ in silent[1:]:
                with contextlib.suppress(ConnectionError):
                    assert await reader.read() == b""


async def test_a_client_that_leaves_before_its_stream_begins_is_no_error(
    start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    """Streams and WebSockets alike: neither aiohttp nor the gateway logs an error."""
    upgrade = (
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    )
    authority = SlowAuthority()
    with capture_logs() as logs:
        async with start(authority=authority) as server, asyncio.timeout(20):
            for path, more in (("/v1/stream", ""), ("/v1/ws", upgrade)):
                _, writer = await server.connect(f"GET {path} HTTP/1.1\r\nHost: x\r\n{more}\r\n")
                await authority.asked.get()
                writer.transport.abort()
                await authority.left.get()
            assert (await server.answer(HEALTH))[0] == 200

    assert [record.getMessage() for record in caplog.records if record.name.startswith("aiohttp")] == []
    assert [line["event"] for line in logs if line["log_level"] == "error"] == []


async def test_a_proxys_clients_have_their_own_share(start: Start) -> None:
    """All of them come from the proxy's address; each client is counted by what the proxy says of it."""
    stream = "GET /v1/stream HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.1, {}\r\n\r\n"
    async with start(per_address=2, trusted=PROXIES) as server:
        open_ = [await server.connect(stream.format(f"192.0.2.{n % 3}")) for n in range(6)]
        for reader, _ in open_:
            assert b"200 OK" in await reader.readuntil(b"\r\n\r\n")
        reader, _ = await server.connect(stream.format("192.0.2.1"))
        assert b"429 Too Many Requests" in await reader.readuntil(b"\r\n\r\n")


async def test_a_head_that_trickles_in_is_cut(start: Start) -> None:
    """A byte now and then keeps no connection open."""
    async with start(head_timeout=0.5) as server:
        reader, writer = await server.connect("GET /healthz HTTP/1.1\r\n")

        async def trickle() -> None:
            while True:
                writer.write(b"X-A: b\r\n")
                await asyncio.sleep(0.05)

        trickling = asyncio.create_task(trickle())
        async with asyncio.timeout(20):
            with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
                await reader.readexactly(1)
        trickling.cancel()


async def test_of_a_malformed_head_nothing_more_is_kept(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes on coming is no further error, each with its bytes: one is noted and answered."""
    noted: list[int] = []
    received = GuardedHandler.data_received

    def watch(handler: GuardedHandler, data: bytes) -> None:
        # In the same turn of the loop, before the answer: as when much has come at once.
        for _ in range(20):
            received(handler, data)
        noted.append(len(handler._messages))

    monkeypatch.setattr(GuardedHandler, "data_received", watch)
    async with start() as server:
        status, _ = await server.answer("GET /" + "a" * 20_000)

    assert status == 431
    assert set(noted) == {1}


async def test_a_body_that_trickles_in_is_refused(start: Start) -> None:
    """Also of somebody who has a token."""
    async with start(body_timeout=0.3) as server:
        status, body = await server.answer(PUSH + "{")

    assert status == 408
    assert "within 0.3 s" in orjson.loads(body)["detail"]


AUTHORIZED = f"Authorization: Bearer {SECRET}\r\n"
DOCUMENT = f"POST /v1/sources/evening-post/documents HTTP/1.1\r\n{AUTHORIZED}Content-Type: a/b\r\n"


@pytest.mark.parametrize(
    "request_",
    [
        f"{AUTHORIZED}\r\n",
        f"GET /v1/stream?access_token={SECRET} HTTP/9\r\n\r\n",
        f"GET /v1/stream?access_token={SECRET}\xff\x00 HTTP/1.1\r\n\r\n",
        f"GET /v1/stream HTTP/1.1\r\nAuthorization Bearer {SECRET}\r\n\r\n",
        f"GET /v1/stream HTTP/1.1\r\nAuthorization: Bearer {SECRET}\x00\r\n\r\n",
        f"GET /v1/stream HTTP/1.1\r\nA: b\r\nAuthorization: Bearer {SECRET}{'x' * 9000}\r\n\r\n",
        f"{DOCUMENT}Content-Length: -1\r\n\r\n",
        f"{DOCUMENT}Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
        f"{DOCUMENT}Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\nzz\r\n\r\n",
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        f"GET http://[::1/{SECRET} HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
)
async def test_what_is_no_http_is_no_error_of_ours(
    start: Start, caplog: pytest.LogCaptureFixture, request_: str
) -> None:
    """It is answered with a problem; the logs have neither a traceback of it nor a token."""
    caplog.set_level(logging.INFO)
    with capture_logs() as logs:
        async with start() as server:
            status, body = await server.answer(request_)

    assert status in (400, 431)
    assert orjson.loads(body)["status"] == status
    assert SECRET not in body.decode()
    assert not [
        line
        for line in logs
        if line["log_level"] in ("warning", "error", "critical") and "kafka" not in str(line).lower()
    ]
    told = [
        record for record in caplog.records if '127.0.0.1", 1' not in record.getMessage() and record.name != "aiokafka"
    ]
    assert not [record for record in told if record.levelno >= logging.WARNING or record.exc_info]
    assert SECRET not in str(logs) + caplog.text


async def test_a_body_that_stops_being_http_is_no_error_of_ours(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    """Also when it does so only after a while."""
    with capture_logs() as logs:
        async with start() as server:
            reader, writer = await server.connect(f"{DOCUMENT}Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n")
            await asyncio.sleep(0.1)
            writer.write(f"{SECRET}\r\n\r\n".encode())
            async with asyncio.timeout(20):
                told = await reader.read(-1)

    assert told.split()[1] == b"400"
    assert not [line for line in logs if line["log_level"] == "error"]
    assert SECRET not in str(logs) + caplog.text + told.decode()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ("Content-Type: text/html; charset=\xfctf-8\r\n", 415),
        ("Content-Type: text/\xfc\r\n", 415),
        ("Content-Type: text/html; x=\x7f\r\n", 400),
        ('Content-Type: text/html; charset="utf-8"\r\n', 503),
        ("Content-Type: a/b\r\nLiveline-Url: https://x.test/\xfc\r\n", 400),
        ("Content-Type: a/b\r\nIdempotency-Key: \xfc\r\n", 400),
        ("Content-Type: a/b\r\nLiveline-Format: \xff\xfe\r\n", 400),
        ("Content-Type: a/b\r\nContent-Encoding: \xfc\r\n", 415),
    ],
)
async def test_a_header_that_is_no_ascii_is_refused(start: Start, headers: str, status: int) -> None:
    """It is named; it neither fails in us nor reaches Kafka as something else."""
    head = PUSH.replace("Content-Type: application/json\r\n", headers).replace(
        "Host: x", "Host: x\r\nConnection: close"
    )
    async with start() as server:
        found, body = await server.answer(head + "x" * 100)

    assert found == status
    assert orjson.loads(body)["status"] == status
