"""One attempt: which answers count, and what is never reached."""

import socket
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from webhook_endpoints import Endpoint, serving

from streams.ingest.polling.internal_address import is_internal
from streams.webhooks.send import Sender, SendOptions

OPTIONS = SendOptions("Liveline/test", timeout=5.0)


class Names(AbstractResolver):
    """A name server whose answer a test changes."""

    def __init__(self, address: str) -> None:
        self.address = address

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,  # noqa: ARG002  (its signature)
    ) -> list[ResolveResult]:
        """Return the address of the moment."""
        return [ResolveResult(hostname=host, host=self.address, port=port, family=socket.AF_INET, proto=0, flags=0)]

    async def close(self) -> None:
        """Do nothing."""


@pytest.mark.parametrize(
    ("status", "headers", "succeeded", "gone", "retry_after"),
    [
        (200, {}, True, False, None),
        (299, {}, True, False, None),
        (302, {"Location": "http://example.org/"}, False, False, None),
        (404, {}, False, False, None),
        (410, {}, False, True, None),
        (429, {"Retry-After": "7"}, False, False, timedelta(seconds=7)),
        (503, {"Retry-After": "nonsense"}, False, False, None),
    ],
)
async def test_only_2xx_is_success(
    status: int, headers: dict[str, str], *, succeeded: bool, gone: bool, retry_after: timedelta | None
) -> None:
    """410 says that nothing more is wanted; everything else is to be tried again."""

    async def behaviour(_: int) -> web.Response:
        return web.Response(status=status, headers=headers)

    endpoint = Endpoint(behaviour)
    async with serving(endpoint=endpoint), Sender(SendOptions("test", internal=True)) as sender:
        answer = await sender.post(endpoint.url, {}, b"{}")

    assert (answer.succeeded, answer.gone, answer.retry_after) == (succeeded, gone, retry_after)
    assert answer.http_status == status


async def test_a_long_answer_is_cut() -> None:
    """What an endpoint says is of no interest; that it has it is."""

    async def behaviour(_: int) -> web.Response:
        return web.Response(body=b"x" * 5_000_000)

    endpoint = Endpoint(behaviour)
    async with serving(endpoint=endpoint), Sender(SendOptions("test", internal=True)) as sender:
        assert (await sender.post(endpoint.url, {}, b"{}")).succeeded
        assert (await sender.post(endpoint.url, {}, b"{}")).succeeded


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/", "http://[::1]:9/", "http://169.254.169.254/", "http://10.1.2.3/"]
)
async def test_an_internal_address_is_refused(url: str) -> None:
    """The error names the setting that allows it."""
    async with Sender(OPTIONS) as sender:
        answer = await sender.post(url, {}, b"{}")

    assert answer.http_status is None
    assert "LIVELINE_WEBHOOK_INTERNAL" in (answer.error or "")


async def test_a_name_that_means_something_else_a_moment_later_gains_nothing() -> None:
    """Each connection's address is judged as it was looked up for it (DNS rebinding)."""
    endpoint = Endpoint()
    names = Names("127.0.0.1")
    public = False

    def judge(address: str) -> bool:
        return not public and is_internal(address)

    async with serving(endpoint=endpoint), Sender(OPTIONS, lookup=names, judge=judge) as sender:
        url = endpoint.url.replace("127.0.0.1", "feed.example.org")
        public = True  # as if it were a public address
        first = await sender.post(url, {"Connection": "close"}, b"{}")
        public = False  # and now the name means this machine
        second = await sender.post(url, {"Connection": "close"}, b"{}")

    assert first.succeeded
    assert "internal address" in (second.error or "")
    assert endpoint.requests == 1


async def test_nobody_there_and_no_answer_are_errors_not_exceptions() -> None:
    """Whatever an endpoint does, a delivery goes on."""
    async with Sender(SendOptions("test", timeout=0.2, internal=True)) as sender:
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            listening.listen()
            silent = f"http://127.0.0.1:{listening.getsockname()[1]}/"
            assert "no answer within" in ((await sender.post(silent, {}, b"{}")).error or "")
        for wrong in ("http://127.0.0.1:9/", "http://a..b/", "nonsense"):
            assert (await sender.post(wrong, {}, b"{}")).error
