"""One source polled from a real server: what is pushed, what is not, and when it is asked again."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest
from aiohttp import web
from publisher import KAFKA_DOWN, LIMIT, NOON, PAGE, Desk, Handler, Page, a_desk

from streams.exceptions import BrokerError


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """Return a poller of `/live`, every 15 s."""
    async with a_desk() as desk:
        yield desk


def polled(desk: Desk, result: str) -> float:
    """Return how often a poll ended so."""
    return desk.count("liveline_poll_polls_total", source="evening-post", result=result)


async def test_a_page_is_pushed_as_it_was_read(desk: Desk) -> None:
    """Its bytes, its type, its address, when it was read, and for which coverage."""
    assert await desk.poller.poll() == 15

    (document,) = desk.documents
    assert (document.body, document.content_type, document.url) == (PAGE, "text/html", f"{desk.url}/live")
    assert (document.source_id, document.coverage_id, document.received_at) == ("evening-post", "fire", NOON)
    assert document.format is None
    assert desk.count("liveline_poll_last_success_timestamp_seconds", source="evening-post") == NOON.timestamp()


async def test_a_source_says_its_format() -> None:
    """What is configured goes with the document."""
    async with a_desk(format="feed") as desk:
        await desk.poller.poll()

        assert [document.format for document in desk.documents] == ["feed"]


async def test_the_publisher_is_told_who_asks(desk: Desk) -> None:
    """A name and where to read about it; no cookies are brought back."""
    desk.publisher.pages["/live"] = Page(headers={"Set-Cookie": "a=b"})
    await desk.poller.poll()
    await desk.poller.poll()

    for request in desk.publisher.requests:
        assert request.headers["User-Agent"] == "Liveline/test (+https://newsroom.test/bot)"
        assert request.headers["Accept-Encoding"] == "gzip, deflate"
        assert "Cookie" not in request.headers


@pytest.mark.parametrize(
    "headers",
    [{"ETag": '"v1"'}, {"Last-Modified": "Wed, 01 May 2024 11:59:00 GMT"}, {"ETag": 'W/"v1"', "Cache-Control": "x"}],
)
async def test_what_the_server_says_is_unchanged_is_not_even_read(desk: Desk, headers: dict[str, str]) -> None:
    """A conditional request is answered with 304; the validators still hold after it."""
    desk.publisher.pages["/live"] = Page(headers=headers)
    for _ in range(3):
        assert await desk.poller.poll() == 15

    assert len(desk.documents) == 1
    assert polled(desk, "not_modified") == 2
    assert desk.count("liveline_poll_read_bytes_total") == len(PAGE)


async def test_the_same_bytes_are_not_pushed_again(desk: Desk) -> None:
    """Many servers know no 304, or give a new ETag each time."""
    for number in range(3):
        desk.publisher.pages["/live"] = Page(headers={"ETag": f'"{number}"'})
        await desk.poller.poll()

    assert len(desk.documents) == 1
    assert polled(desk, "same_body") == 2


async def test_what_changed_is_pushed_also_when_it_changes_back(desk: Desk) -> None:
    """An edit that is undone is news; the same bytes of the same address have the same id."""
    for body in (PAGE, PAGE + b"2", PAGE):
        desk.publisher.pages["/live"] = Page(body)
        await desk.poller.poll()

    first, second, third = desk.documents
    assert first.id == third.id != second.id


@pytest.mark.parametrize(
    ("coding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("x-gzip", gzip.compress)]
)
async def test_a_packed_page_is_unpacked(desk: Desk, coding: str, pack: Callable[[bytes], bytes]) -> None:
    """What is pushed is the page, whatever it was sent as."""
    desk.publisher.pages["/live"] = Page(pack(PAGE), headers={"Content-Encoding": coding})
    await desk.poller.poll()

    assert [document.body for document in desk.documents] == [PAGE]


def answers(status: int, **headers: str) -> Page:
    """Return a page that only answers with a status."""
    return Page(b"sorry", status, {name.replace("_", "-"): value for name, value in headers.items()})


async def endless(request: web.Request) -> web.StreamResponse:
    """Send without saying how much."""
    response = web.StreamResponse()
    await response.prepare(request)
    try:
        while True:
            await response.write(bytes(LIMIT // 4))
    except ConnectionError:
        return response


async def huge(request: web.Request) -> web.StreamResponse:
    """Say that there is a lot, and send none of it."""
    response = web.StreamResponse(headers={"Content-Length": str(LIMIT + 1)})
    await response.prepare(request)
    await asyncio.sleep(30)
    return response


BOMB = gzip.compress(bytes(1000 * LIMIT))


@pytest.mark.parametrize(
    ("page", "result", "wait"),
    [
        (answers(404), "status_404", 30),
        (answers(500), "status_500", 30),
        (answers(429, Retry_After="120"), "status_429", 126),
        (answers(503, Retry_After="Wed, 01 May 2024 12:10:00 GMT"), "status_503", 630),
        (answers(206), "status_206", 30),
        (answers(304), "status_304", 30),
        (answers(302), "status_302", 30),
        (answers(302, Location="/live"), "redirects", 30),
        (answers(302, Location="file:///etc/passwd"), "url", 30),
        (answers(302, Location="http://[::1"), "url", 30),
        (Page(b" \n"), "empty", 30),
        (Page(BOMB, headers={"Content-Encoding": "gzip"}), "too_large", 30),
        (Page(zlib.compress(bytes(1000 * LIMIT)), headers={"Content-Encoding": "deflate"}), "too_large", 30),
        (Page(gzip.compress(BOMB), headers={"Content-Encoding": "gzip, gzip"}), "coding", 30),
        (Page(b"no zip", headers={"Content-Encoding": "gzip"}), "coding", 30),
        (Page(b"br?", headers={"Content-Encoding": "br"}), "coding", 30),
        (endless, "too_large", 30),
        (huge, "too_large", 30),
    ],
)
async def test_what_can_not_be_read_is_counted_and_left_for_later(
    desk: Desk, page: Handler, result: str, wait: float
) -> None:
    """Nothing is pushed; the wait grows, and what the server asks for is given."""
    desk.publisher.pages["/live"] = page

    assert await desk.poller.poll() == pytest.approx(wait)

    assert desk.documents == []
    assert polled(desk, result) == 1
    assert desk.count("liveline_poll_failures_in_a_row", source="evening-post") == 1


async def test_a_server_that_trickles_is_given_up() -> None:
    """A body that never ends is not waited for; the time is for all of a request."""

    async def trickle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while True:
                await response.write(b".")
                await asyncio.sleep(0.05)
        except ConnectionError:
            return response

    async with a_desk(timeout=0.5) as desk:
        desk.publisher.pages["/live"] = trickle
        async with asyncio.timeout(20):
            await desk.poller.poll()

        assert polled(desk, "timeout") == 1


async def test_a_server_that_is_gone_is_asked_less_and_less_until_it_is_back(desk: Desk) -> None:
    """The first good answer ends the back-off."""
    waits = []
    for status in (500, 502, 503, 200):
        desk.publisher.pages["/live"] = Page(status=status)
        waits.append(await desk.poller.poll())

    assert waits == [30, 60, 120, 15]
    assert len(desk.documents) == 1


async def test_nobody_there_is_no_answer(desk: Desk) -> None:
    """A refused connection is told as one."""
    desk.poller.url = "http://127.0.0.1:1/live"
    await desk.poller.poll()

    assert polled(desk, "connection") == 1


async def test_a_redirect_is_followed_to_where_the_page_is(desk: Desk) -> None:
    """The document's address is the page's own, and its ETag is asked with there, not on the way."""
    desk.publisher.pages["/live"] = answers(301, Location="/moved?a=1")
    desk.publisher.pages["/moved"] = Page(headers={"ETag": '"v1"'})
    await desk.poller.poll()
    await desk.poller.poll()

    assert [document.url for document in desk.documents] == [f"{desk.url}/moved?a=1"]
    asked = [(request.path, request.headers.get("If-None-Match")) for request in desk.publisher.requests]
    assert asked == [("/live", None), ("/moved", None), ("/live", None), ("/moved", '"v1"')]
    assert polled(desk, "not_modified") == 1


async def test_a_password_in_an_address_is_used_and_told_to_nobody(desk: Desk) -> None:
    """It stands in liveline.yaml, and neither in a document nor in a log."""
    desk.poller.url = desk.poller.url.replace("http://", "http://desk:s3cret@")
    await desk.poller.poll()

    assert desk.publisher.requests[0].headers["Authorization"].startswith("Basic ")
    assert [document.url for document in desk.documents] == [f"{desk.url}/live"]


@pytest.mark.parametrize("error", [KAFKA_DOWN, BrokerError("too large")])
async def test_what_kafka_did_not_take_is_read_again(desk: Desk, error: Exception) -> None:
    """The server is not asked with the validators of a page that is stored nowhere."""
    desk.publisher.pages["/live"] = Page(headers={"ETag": '"v1"'})
    desk.kafka["error"] = error
    assert await desk.poller.poll() == 30
    assert polled(desk, "not_stored") == 1

    desk.kafka["error"] = None
    await desk.poller.poll()

    assert len(desk.documents) == 1


async def test_headers_that_are_no_text_do_no_harm(desk: Desk) -> None:
    """Bytes outside of any charset, in what is stored and in what is sent back."""
    seen = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await reader.readuntil(b"\r\n\r\n"))
        head = (
            b'Content-Type: text/html; charset=\xff\r\nETag: "\xfe"\r\nLink: <http://\xff/>; rel=hub\r\nAge: \xfd\r\n'
        )
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n" + head + b"\r\n<p>")
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        desk.poller.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        for _ in range(2):
            assert await desk.poller.poll() == 15
        await desk.subscriber.tick()

    assert [document.content_type for document in desk.documents] == ["text/html; charset=\ufffd"]
    assert len(seen) == 2


async def test_a_server_can_ask_for_less(desk: Desk) -> None:
    """Freshness and `Retry-After` count with a good answer, too."""
    desk.publisher.pages["/live"] = Page(headers={"Cache-Control": "max-age=40"})
    assert await desk.poller.poll() == 40
    desk.publisher.pages["/live"] = Page(headers={"Retry-After": "90"})
    assert await desk.poller.poll() == pytest.approx(94.5)


async def test_a_poller_goes_on_whatever_happens(desk: Desk) -> None:
    """Our own bug with one page waits as a failure does, and the next page is read."""
    waits: list[float] = []
    enough = asyncio.Event()

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        desk.kafka["error"] = None
        desk.clock.advance(timedelta(seconds=seconds))
        if len(waits) == 3:
            enough.set()
            await asyncio.Event().wait()
        await asyncio.sleep(0)

    desk.kafka["error"] = RuntimeError("a bug")
    desk.poller.sleep = sleep
    running = asyncio.create_task(desk.poller.run())
    async with asyncio.timeout(20):
        await enough.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    assert waits == [30, 15, 15]
    assert polled(desk, "bug") == 1
    assert len(desk.documents) == 1


async def test_a_poller_can_be_woken(desk: Desk) -> None:
    """When its hub goes silent it does not sleep on."""
    asleep = asyncio.Event()

    async def sleep(_: float) -> None:
        asleep.set()
        await asyncio.Event().wait()

    desk.poller.sleep = sleep
    running = asyncio.create_task(desk.poller.run())
    async with asyncio.timeout(20):
        for _ in range(2):
            await asleep.wait()
            asleep.clear()
            desk.poller.wake()
        await asleep.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    assert len(desk.publisher.requests) == 3
