"""The gateway behind Debian's nginx, with the configuration that is shipped."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from fake_gateway import FakeGateway, gateways
from gateway_harness import an_entry, read_events, take, until

from streams.runtime.http import ConnectionLimits

from real_kafka import must_run
from real_nginx import NginxMissing, running_nginx

MOST = 2
"""Connections that one client may have."""


@dataclass
class Proxied:
    """A gateway and nginx in front of it."""

    gateway: FakeGateway
    url: str
    folder: Path

    def client(self, address: str = "127.0.0.1") -> aiohttp.ClientSession:
        """Return a client with an address of its own that takes the certificate as it is."""
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=False, local_addr=(address, 0), force_close=True)
        )


@pytest.fixture
async def proxied(tmp_path: Path) -> AsyncIterator[Proxied]:
    """Start both; the gateway believes what nginx says of its clients."""
    limits = ConnectionLimits(total=100, per_address=MOST, trusted=(ip_network("127.0.0.1/32"),))
    async with gateways(tmp_path)(heartbeat=0.5, connections=limits) as gateway:
        folder = tmp_path / "nginx"
        folder.mkdir()
        try:
            with running_nginx(folder, int(gateway.url.rpartition(":")[2])) as url:
                yield Proxied(gateway, url, folder)
        except NginxMissing as missing:
            (pytest.fail if must_run() else pytest.skip)(str(missing))


async def publish(proxied: Proxied, *entries: Any) -> None:
    """Publish entries and wait until the gateway has the last of them."""
    await proxied.gateway.publish(entries)
    await proxied.gateway.held(entries[-1])


async def test_an_event_arrives_while_the_answer_goes_on(proxied: Proxied) -> None:
    """Nothing waits in a buffer: each is there before the next is written; the cursor resumes through it as well."""
    async with proxied.client() as session:
        async with session.get(f"{proxied.url}/v1/coverages/harbour-fire/stream?replay=latest") as answer:
            assert answer.headers["Content-Type"].startswith("text/event-stream")
            events = read_events(answer)
            await until(events, "live")
            for number in (1, 2, 3):
                await publish(proxied, an_entry(number))
                (event,) = await take(events, 1)
                assert event.json["headline"] == f"Update {number}"
            assert not answer.content.at_eof()
        await publish(proxied, an_entry(4))
        headers = {"Last-Event-ID": event.id}
        async with session.get(f"{proxied.url}/v1/coverages/harbour-fire/stream", headers=headers) as answer:
            missed = [
                each.json["headline"] for each in await until(read_events(answer), "live") if each.event == "entry"
            ]

    assert missed == ["Update 4"]


async def test_a_websocket_goes_through(proxied: Proxied) -> None:
    """Upgraded, and both ways."""
    async with (
        proxied.client() as session,
        session.ws_connect(f"{proxied.url}/v1/ws", protocols=("liveline.v1",)) as ws,
    ):
        await ws.send_json({"type": "subscribe", "subscription": "a"})
        assert (await ws.receive_json(timeout=20))["type"] == "subscribed"
        assert (await ws.receive_json(timeout=20))["type"] == "live"
        await publish(proxied, an_entry(1))
        assert (await ws.receive_json(timeout=20))["entry"]["headline"] == "Update 1"


async def test_limits_count_the_client_and_not_the_proxy(proxied: Proxied) -> None:
    """One address that has all it may is told 429; another one behind the same proxy is served."""
    stream = f"{proxied.url}/v1/stream"
    async with proxied.client("127.0.0.2") as greedy, proxied.client("127.0.0.3") as other:
        held = [await greedy.get(stream) for _ in range(MOST)]
        assert [answer.status for answer in held] == [200] * MOST
        async with greedy.get(stream, headers={"X-Forwarded-For": "198.51.100.7"}) as refused:
            assert refused.status == 429
            assert int(refused.headers["Retry-After"]) > 0
        async with other.get(stream) as answer:
            assert answer.status == 200
        for answer in held:
            answer.close()


async def test_pages_and_their_validators_go_through(proxied: Proxied) -> None:
    """Compressed, with an ETag that is answered by a 304; a page's links begin with the address that was asked."""
    await publish(proxied, an_entry(1))
    async with proxied.client() as session:
        async with session.get(f"{proxied.url}/coverages/harbour-fire", headers={"Accept-Encoding": "br"}) as answer:
            text, etag = await answer.text(), answer.headers["ETag"]
            assert (answer.status, answer.headers["Content-Encoding"]) == (200, "br")
        async with session.get(f"{proxied.url}/coverages/harbour-fire", headers={"If-None-Match": etag}) as answer:
            assert answer.status == 304

    assert "Update 1" in text
    assert f"{proxied.url.partition('//')[2]}/coverages/harbour-fire" in text


async def test_http_2_is_offered(proxied: Proxied) -> None:
    """So that a browser may have more than six streams of one site."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["h2", "http/1.1"])
    port = int(proxied.url.rpartition(":")[2])
    _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)

    assert writer.get_extra_info("ssl_object").selected_alpn_protocol() == "h2"
    writer.close()
