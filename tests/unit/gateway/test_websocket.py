"""The protocol of `GET /v1/ws`: what is asked, what is answered, and how a connection ends."""

import asyncio
import base64
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest
import uvloop
from fake_authority import Desk
from fake_gateway import FakeGateway, gateways
from gateway_harness import an_entry
from wsproto.frame_protocol import FrameProtocol, Opcode

from streams.gateway.transports.websocket.encoder import WebSocketEncoder
from streams.gateway.transports.websocket.frames import PING, text_frame
from streams.runtime.http import ConnectionLimits

Socket = aiohttp.ClientWebSocketResponse


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[FakeGateway]:
    """Run a gateway over a log in memory."""
    async with gateways(tmp_path)(backlog_bytes=256 * 1024, heartbeat=0.1) as gateway:
        yield gateway


@asynccontextmanager
async def connected(gateway: FakeGateway, path: str = "/v1/ws", **options: Any) -> AsyncIterator[Socket]:
    """Connect as a client does."""
    options = {"protocols": ("liveline.v1",), "max_msg_size": 0, **options}
    async with aiohttp.ClientSession() as session, session.ws_connect(gateway.url + path, **options) as socket:
        yield socket


async def ask(socket: Socket, **request: Any) -> dict[str, Any]:
    """Send a request and return the next message."""
    await socket.send_str(orjson.dumps(request).decode())
    return await answer(socket)


async def answer(socket: Socket, kind: str | None = None) -> dict[str, Any]:
    """Return the next message, of a kind if that is given."""
    async with asyncio.timeout(20):
        while True:
            told: dict[str, Any] = orjson.loads(await socket.receive_str())
            if kind is None or told["type"] == kind:
                return told


async def close_code(socket: Socket) -> int | None:
    """Return the code with which the connection is closed, whatever comes before."""
    async with asyncio.timeout(20):
        while not socket.closed:
            await socket.receive()
    return socket.close_code


async def test_one_connection_has_many_subscriptions(gateway: FakeGateway) -> None:
    """Each has its name, its filter and its cursors; the entry's bytes are the topic's."""
    async with connected(gateway) as socket:
        assert socket.protocol == "liveline.v1"
        subscribed = await ask(socket, type="subscribe", id=1, subscription="a", filter={"coverage": ["harbour-fire"]})
        live = await answer(socket)
        await ask(socket, type="subscribe", id="x", subscription="b", filter={"key_event": True})
        await answer(socket, "live")
        await gateway.publish([an_entry(1)])
        plain = await socket.receive_str()
        await gateway.publish([an_entry(2, key_event=True, coverage_id="election", source_id="gazette")])
        key = await answer(socket)
        ended = await ask(socket, type="unsubscribe", id=3, subscription="b")
        unknown = await ask(socket, type="unsubscribe", id=4, subscription="b")

    assert subscribed == {"type": "subscribed", "id": 1, "subscription": "a", "cursor": live["cursor"]}
    assert live == {"type": "live", "subscription": "a", "cursor": live["cursor"]}
    entry = orjson.loads(plain)
    assert plain == (
        f'{{"type":"entry","subscription":"a","cursor":"{entry["cursor"]}","entry":{an_entry(1).to_json().decode()}}}'
    )
    assert (key["subscription"], key["entry"]["entry_id"]) == ("b", an_entry(2).entry_id)
    assert ended == {"type": "unsubscribed", "id": 3, "subscription": "b", "cursor": key["cursor"]}
    assert (unknown["type"], unknown["id"], unknown["problem"]["status"]) == ("error", 4, 404)


async def test_recovered_says_whether_everything_follows(gateway: FakeGateway) -> None:
    """True after a cursor, false and without a cursor where it can't be continued, absent without a given one."""
    async with connected(gateway) as socket:
        first = await ask(socket, type="subscribe", subscription="a", cursor=None)
        await answer(socket, "live")
        await gateway.publish([an_entry(1)])
        seen = await answer(socket)
        resumed = await ask(socket, type="subscribe", subscription="b", cursor=first["cursor"])
        again = await answer(socket)
        await answer(socket, "live")
        lost = await ask(socket, type="subscribe", subscription="c", cursor="lost")
        incomplete, state, live = [await answer(socket) for _ in range(3)]
        latest = await ask(socket, type="subscribe", subscription="d", replay="latest", limit=1)
        since = [
            await answer(socket, "live"),
            await ask(socket, type="subscribe", subscription="e", since="2024-01-01T00:00:00Z"),
        ]

    assert "recovered" not in first
    assert (resumed["recovered"], resumed["cursor"]) == (True, first["cursor"])
    assert (again["entry"], again["cursor"]) == (seen["entry"], seen["cursor"])
    assert lost == {"type": "subscribed", "subscription": "c", "recovered": False}
    assert (incomplete["type"], "cursor" in state, live["cursor"]) == ("incomplete", False, seen["cursor"])
    assert latest == {"type": "subscribed", "subscription": "d"}
    assert "recovered" not in since[1]
    assert since[1]["cursor"]


async def test_what_left_the_filter_is_marked(gateway: FakeGateway) -> None:
    """`matches` is false for what is sent only for what it was, and absent otherwise."""
    async with connected(gateway) as socket:
        await ask(socket, type="subscribe", subscription="a", filter={"key_event": "true"})
        await answer(socket, "live")
        await gateway.publish([an_entry(1, key_event=True), an_entry(1, 2)])
        first, second = await answer(socket), await answer(socket)

    assert "matches" not in first
    assert (second["matches"], second["entry"]["revision"]) == (False, 2)


@pytest.mark.parametrize(
    ("request_", "status", "said"),
    [
        ("no json", 400, "JSON"),
        ("[]", 400, "object"),
        ('{"type":"subscribe","id":7}', 400, "subscription"),
        ('{"type":"subscribe","id":7,"subscription":"a","filtre":{}}', 400, "'filter'"),
        ('{"type":"subscribe","id":7,"subscription":"a","filter":{"min_urgancy":1}}', 400, "'min_urgency'"),
        ('{"type":"subscribe","id":7,"subscription":"a","filter":{"min_urgency":11}}', 400, "min_urgency"),
        ('{"type":"subscribe","id":7,"subscription":"a","filter":{"coverage":[]}}', 400, "empty"),
        ('{"type":"subscribe","id":7,"subscription":"a","filter":{"coverage":{"a":1}}}', 400, "coverage"),
        ('{"type":"subscribe","id":7,"subscription":"a","filter":{"coverage":"unknown"}}', 404, "unknown"),
        ('{"type":"subscribe","id":7,"subscription":"a","filter":"x"}', 400, "filter"),
        ('{"type":"subscribe","id":7,"subscription":"a","cursor":7}', 400, "cursor"),
        ('{"type":"subscribe","id":7,"subscription":"a","since":"yesterday"}', 400, "since"),
        ('{"type":"subscribe","id":7,"subscription":"a","replay":"all"}', 400, "replay"),
        ('{"type":"subscribe","id":7,"subscription":"a","limit":-1}', 400, "limit"),
        ('{"type":"subscribe","id":7,"subscription":"a","alerts":true}', 401, "alerts"),
        ('{"type":"subscribe","id":7,"subscription":"taken"}', 409, "taken"),
        ('{"type":"unsubscribe","id":7,"subscription":"never"}', 404, "never"),
        ('{"type":"authenticate","id":7}', 400, "token"),
        ('{"type":"publish","id":7}', 400, "publish"),
        ('{"id":7}', 400, "type"),
        ('{"type":"ping","id":{}}', 400, "id"),
    ],
)
async def test_what_is_wrong_is_answered_and_the_connection_stays(
    gateway: FakeGateway, request_: str, status: int, said: str
) -> None:
    """By a problem of RFC 9457, with the request's id where it has one."""
    async with connected(gateway) as socket:
        await ask(socket, type="subscribe", subscription="taken")
        await answer(socket, "live")
        await socket.send_str(request_)
        error = await answer(socket)
        pong = await ask(socket, type="ping", id=8)

    assert error["type"] == "error"
    assert error.get("id") == (7 if '"id":7' in request_ else None)
    assert error["problem"].keys() == {"type", "title", "status", "detail"}
    assert error["problem"]["status"] == status
    assert said in error["problem"]["detail"]
    assert pong == {"type": "pong", "id": 8}


async def test_the_101st_subscription_is_refused(gateway: FakeGateway) -> None:
    """By a 429; one that ends makes room."""
    async with connected(gateway) as socket:
        for number in range(101):
            await socket.send_json({"type": "subscribe", "id": number, "subscription": f"s{number}"})
        error = await answer(socket, "error")
        await ask(socket, type="unsubscribe", subscription="s0")
        await socket.send_json({"type": "subscribe", "id": "again", "subscription": "s0"})
        while (again := await answer(socket, "subscribed")).get("id") != "again":
            pass

    assert (error["id"], error["problem"]["status"]) == (100, 429)
    assert again["subscription"] == "s0"


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (b"\x82\x81\0\0\0\0x", 1003),
        (b"\x81\x82\0\0\0\0\xc3\x28", 1007),
        (b"\x81\xff" + (64 * 1024 + 1).to_bytes(8, "big") + b"\0\0\0\0" + b" " * (64 * 1024 + 1), 1009),
        (b"\x01\xfe\xff\xff\0\0\0\0" + b" " * 65535 + b"\x80\x82\0\0\0\0  ", 1009),
        (b"\x81\x01x", 1002),
        (b"\x83\x80\0\0\0\0", 1002),
        (b"\x88\x82\0\0\0\0\x03\xe8", 1000),
        (b"\x89\x80\0\0\0\0" * 600, 4429),
    ],
    ids=[
        "binary",
        "no UTF-8",
        "too large",
        "too large in parts",
        "not masked",
        "unknown",
        "closed by the client",
        "flood",
    ],
)
async def test_what_a_client_must_not_send_ends_the_connection(gateway: FakeGateway, frame: bytes, code: int) -> None:
    """With the code that says why."""
    reader, writer = await by_hand(gateway)
    writer.write(frame)
    async with asyncio.timeout(20):
        while (got := await read_frame(reader))[0] in (9, 10):
            pass
        assert (got[0], int.from_bytes(got[1][:2], "big")) == (8, code)
        writer.write(b"\x88\x82\0\0\0\0" + got[1][:2])
        assert await reader.read() == b""
    writer.close()


async def test_a_frame_of_64_kib_is_read_and_protocol_pings_are_answered(gateway: FakeGateway) -> None:
    """Also where a text comes in many frames with a ping in between; the server pings by itself."""
    reader, writer = await by_hand(gateway)
    text = orjson.dumps({"type": "ping", "id": "x" * (64 * 1024 - 23)})
    assert len(text) == 64 * 1024
    writer.write(b"\x81\xff" + len(text).to_bytes(8, "big") + b"\0\0\0\0" + text)
    writer.write(b"\x01\x88\0\0\0\0" + b'{"type":' + b"\x89\x81\0\0\0\0!" + b"\x80\x87\0\0\0\0" + b'"ping"}')
    async with asyncio.timeout(20):
        first, pong, second = [await read_frame(reader, but=9) for _ in range(3)]
        assert (await read_frame(reader))[0] == 9
    writer.close()

    assert orjson.loads(first[1]) == {"type": "pong", "id": "x" * (64 * 1024 - 23)}
    assert pong == (10, b"!")
    assert orjson.loads(second[1]) == {"type": "pong"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 426),
        ({"Upgrade": "websocket", "Connection": "keep-alive, Upgrade"}, 426),
        ({"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "8"}, 426),
        ({"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}, 400),
        (
            {
                "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
                "Sec-WebSocket-Key": "short",
            },
            400,
        ),
        (
            {
                "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
                "Sec-WebSocket-Key": base64.b64encode(b"x" * 16).decode(), "Sec-WebSocket-Protocol": "chat, mqtt",
            },
            400,
        ),
    ],
)  # fmt: skip
async def test_what_is_no_handshake_is_a_problem(gateway: FakeGateway, headers: dict[str, str], status: int) -> None:
    """Of HTTP, as every other."""
    async with aiohttp.ClientSession() as session, session.get(f"{gateway.url}/v1/ws", headers=headers) as refused:
        told = await refused.json(content_type="application/problem+json")

    assert (refused.status, told["status"]) == (status, status)
    assert ("Upgrade" in refused.headers) == (status == 426)


async def test_one_that_does_not_read_is_told_why_when_it_does(gateway: FakeGateway) -> None:
    """Code 4408, after what was written before."""
    async with connected(gateway) as socket:
        await ask(socket, type="subscribe", subscription="a")
        await answer(socket, "live")
        for number in range(0, 120, 5):
            await gateway.publish([an_entry(each, body_text="x" * 100_000) for each in range(number, number + 5)])
            await gateway.held(an_entry(number + 4))
        assert await close_code(socket) == 4408
    assert "liveline_gateway_dropped_subscribers_total 1.0" in await gateway.metrics()


async def test_one_that_stalls_while_it_catches_up_is_told_why(tmp_path: Path) -> None:
    """Before the connection is cut: once it reads, 4408 follows what was written."""
    limits = ConnectionLimits(stall_timeout=4)
    async with gateways(tmp_path)(connections=limits, window_count=5) as gateway:
        for number in range(0, 300, 20):
            await gateway.publish([an_entry(each, body_text="x" * 60_000) for each in range(number, number + 20)])
        await gateway.held(an_entry(299))
        async with connected(gateway) as socket:
            await ask(socket, type="subscribe", subscription="a", since="2024-01-01T00:00:00Z")
            async with asyncio.timeout(30):
                while "liveline_gateway_dropped_subscribers_total 1.0" not in await gateway.metrics():
                    await asyncio.sleep(0.1)
            assert await close_code(socket) == 4408


async def test_a_few_subscriptions_of_a_connection_catch_up_at_once(tmp_path: Path) -> None:
    """Each holds a page of the archive: a hundred would be much memory for one client that does not read."""
    async with gateways(tmp_path)(window_count=5) as gateway:
        for number in range(0, 300, 20):
            await gateway.publish([an_entry(each, body_text="x" * 60_000) for each in range(number, number + 20)])
        await gateway.held(an_entry(299))
        _, writer = await by_hand(gateway, limit=1024)
        for number in range(30):
            text = b'{"type":"subscribe","subscription":"%02d","since":"2024-01-01T00:00:00Z"}' % number
            writer.write(bytes((0x81, 0x80 | len(text))) + b"\0\0\0\0" + text)
        begun = 'liveline_gateway_subscriptions_total{start="since"} 4.0'
        async with asyncio.timeout(20):
            while begun not in await gateway.metrics():
                await asyncio.sleep(0.02)
        await asyncio.sleep(0.3)
        assert begun in await gateway.metrics()
        writer.transport.abort()


async def test_a_client_that_asks_and_never_reads_is_dropped(gateway: FakeGateway) -> None:
    """Answers count as well as entries."""
    reader, writer = await by_hand(gateway, limit=1024)
    ping = orjson.dumps({"type": "ping", "id": "x" * 60_000})
    for _ in range(300):
        writer.write(b"\x81\xfe" + len(ping).to_bytes(2, "big") + b"\0\0\0\0" + ping)
    async with asyncio.timeout(30):
        while "liveline_gateway_connections 1.0" not in await gateway.metrics():
            await asyncio.sleep(0.1)
    writer.transport.abort()
    reader.feed_eof()


async def test_a_gateway_that_goes_down_says_when_to_come_back(gateway: FakeGateway) -> None:
    """`reconnect`, then 1001."""
    async with connected(gateway) as socket:
        stopping = asyncio.create_task(gateway.stop())
        told = await answer(socket)
        code = await close_code(socket)
        await stopping
    await gateway.start()

    assert told["type"] == "reconnect"
    assert 1000 <= told["after_ms"] <= 3000
    assert code == 1001


@pytest.fixture
async def guarded(tmp_path: Path) -> AsyncIterator[FakeGateway]:
    """Run a gateway that asks for tokens."""
    async with gateways(tmp_path, Desk())() as gateway:
        yield gateway


async def test_what_may_not_be_read_is_not_sent(guarded: FakeGateway) -> None:
    """Neither live nor from the archive; a new token changes it for subscriptions that are there."""
    fire, vote = an_entry(1), an_entry(2, coverage_id="election", source_id="gazette")
    async with connected(guarded) as socket:
        hidden = await ask(socket, type="subscribe", id=1, subscription="a", filter={"coverage": "harbour-fire"})
        await ask(socket, type="subscribe", subscription="b")
        await answer(socket, "live")
        await guarded.publish([fire, vote])
        seen = await answer(socket)
        authenticated = await ask(socket, type="authenticate", id=2, token="all")  # noqa: S106
        await guarded.publish([an_entry(1, 2)])
        after = await answer(socket)
        await ask(socket, type="subscribe", subscription="c", replay="latest", alerts=True)
        state = [(await answer(socket, "entry"))["entry"]["entry_id"] for _ in range(2)]

    assert (hidden["type"], hidden["problem"]["status"]) == ("error", 404)
    assert seen["entry"]["entry_id"] == vote.entry_id
    assert authenticated == {"type": "authenticated", "id": 2}
    assert (after["entry"]["entry_id"], after["entry"]["revision"]) == (fire.entry_id, 2)
    assert sorted(state) == sorted([fire.entry_id, vote.entry_id])


@pytest.mark.parametrize(("token", "code"), [("wrong", 4401), ("barred", 4403), ("short", 4401)])
async def test_a_token_that_is_not_accepted_or_ends_closes_the_connection(
    guarded: FakeGateway, token: str, code: int
) -> None:
    """By a code, for a browser is not shown the status of a handshake; whichever way the token came."""
    async with connected(guarded, f"/v1/ws?access_token={token}") as socket:
        assert await close_code(socket) == code
    async with connected(guarded) as socket:
        await socket.send_json({"type": "authenticate", "id": 1, "token": token})
        await socket.send_json({"type": "ping", "id": 2})
        assert await close_code(socket) == code


def test_it_works_on_the_loop_that_processes_run_on(tmp_path: Path) -> None:
    """Uvloop's transports are of other types than asyncio's."""

    async def run() -> None:
        async with gateways(tmp_path)() as gateway, connected(gateway) as socket:
            await ask(socket, type="subscribe", subscription="a")
            await answer(socket, "live")
            await gateway.publish([an_entry(1)])
            assert (await answer(socket))["type"] == "entry"
            stopping = asyncio.create_task(gateway.stop())
            assert await close_code(socket) == 1001
            await stopping
            await gateway.start()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())


def test_an_alert_s_bytes_stand_in_its_frame() -> None:
    """As on the topic, without a cursor: what was missed is read elsewhere."""
    frame = WebSocketEncoder("a").alert(b'{"alert_id":"1"}')

    assert frame[2:] == b'{"type":"alert","subscription":"a","alert":{"alert_id":"1"}}'


@pytest.mark.parametrize("size", [0, 125, 126, 65535, 65536])
def test_a_frame_says_how_long_it_is(size: int) -> None:
    """In one byte, two or eight."""
    reader = FrameProtocol(client=True, extensions=[])
    reader.receive_bytes(text_frame(b"x" * size) + PING)
    parts = list(reader.received_frames())

    assert "".join(part.payload for part in parts[:-1]) == "x" * size
    assert parts[-1].opcode is Opcode.PING


async def test_a_client_that_does_not_wait_for_the_handshake_is_understood(gateway: FakeGateway) -> None:
    """What it sends behind its request, and what follows that, is read as frames."""
    ping = b'\x81\x8f\0\0\0\0{"type":"ping"}'
    reader, writer = await by_hand(gateway, early=ping + ping[:4])
    writer.write(ping[4:])
    async with asyncio.timeout(20):
        pongs = [await read_frame(reader, but=9) for _ in range(2)]
    writer.close()

    assert [orjson.loads(payload) for _, payload in pongs] == [{"type": "pong"}] * 2


async def by_hand(
    gateway: FakeGateway, early: bytes = b"", **options: Any
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Open a WebSocket whose frames the test writes itself."""
    host, _, port = gateway.url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port), **options)
    key = base64.b64encode(os.urandom(16)).decode()
    writer.write(
        f"GET /v1/ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
        + early
    )
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 101 ")
    assert b"Sec-WebSocket-Protocol" not in head
    return reader, writer


async def read_frame(reader: asyncio.StreamReader, but: int | None = None) -> tuple[int, bytes]:
    """Return a frame's kind and payload; frames of one kind may be passed over."""
    while True:
        first, size = await reader.readexactly(2)
        if size > 125:
            size = int.from_bytes(await reader.readexactly(2 if size == 126 else 8), "big")
        payload = await reader.readexactly(size)
        if first & 0x0F != but:
            return first & 0x0F, payload
