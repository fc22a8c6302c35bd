"""The reader of events, and a subscription over several connections."""

import asyncio
from contextlib import aclosing
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from fake_gateway import gateways
from gateway_harness import an_entry
from hypothesis import given
from hypothesis import strategies as st

from schemas import Entry
from streams.client.sse import Event, SseDecoder, StreamRefusedError, subscribe


@pytest.mark.parametrize(
    ("stream", "events"),
    [
        (b"data: a\n\n", [("message", "a", "")]),
        (b"event: entry\nid: 7\ndata: a\ndata: b\n\n", [("entry", "a\nb", "7")]),
        (b"data:a\r\rdata: b\r\n\r\n", [("message", "a", ""), ("message", "b", "")]),
        (b"\xef\xbb\xbfdata: a\n\n", [("message", "a", "")]),
        (b":\n:\n: heartbeat\n\ndata: a\n\n", [("message", "a", "")]),
        (b"id: 7\n\ndata: a\n\n", [("message", "a", "7")]),
        (b"id: 7\ndata: a\n\nid\ndata: b\n\n", [("message", "a", "7"), ("message", "b", "")]),
        (b"id: a\0b\ndata: a\n\n", [("message", "a", "")]),
        (b"data\n\ndata\ndata\n\n", [("message", "", ""), ("message", "\n", "")]),
        (b"data:  a\n\n", [("message", " a", "")]),
        (b"event: x\n\ndata: a\n\n", [("message", "a", "")]),
        (b"datas: a\nDATA: b\n\n", []),
        (b"data: cut off", []),
        (b"data: \xff\xc3\xa9\n\n", [("message", "\ufffd\u00e9", "")]),
        (b"\n\n\n", []),
    ],
)
def test_a_stream_is_read_as_the_standard_has_it(stream: bytes, events: list[tuple[str, str, str]]) -> None:
    """Whole, or byte by byte."""
    expected = [Event(*each) for each in events]
    slow = SseDecoder()

    assert list(SseDecoder().feed(stream)) == expected
    assert [event for byte in stream for event in slow.feed(bytes((byte,)))] == expected


PARTS = (b"data: a", b"id: 7", b":", b"", b"\r", b"\n", b"\r\n", b"event: x", b"\xef\xbb\xbf")


@given(st.lists(st.sampled_from(PARTS)), st.data())
def test_where_a_stream_is_cut_does_not_matter(parts: list[bytes], data: st.DataObject) -> None:
    """Between any two bytes."""
    stream = b"".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)))))
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    whole, cut = SseDecoder(), SseDecoder()

    assert [event for piece in pieces for event in cut.feed(piece)] == list(whole.feed(stream))
    assert cut.last_event_id == whole.last_event_id


def test_the_cursor_of_an_event_that_was_cut_off_does_not_count() -> None:
    """It comes again after the one before it; `retry` counts at once."""
    decoder = SseDecoder("before")
    list(decoder.feed(b"id: 7\ndata: a\n\nid: 8\nretry: 10\ndata: b\n"))

    assert (decoder.last_event_id, decoder.retry_ms) == ("7", 10)


class Flaky:
    """Answers with each of these, one after the other, and remembers the cursors that it was given."""

    def __init__(self, *answers: bytes | int) -> None:
        self.answers = list(answers)
        self.cursors: list[str | None] = []

    def app(self) -> web.Application:
        """Return the route."""
        app = web.Application()
        app.router.add_get("/", self._answer)
        return app

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.cursors.append(request.headers.get("Last-Event-ID"))
        answer = self.answers.pop(0)
        if isinstance(answer, int):
            return web.Response(status=answer, headers={"Retry-After": "0"}, text="why")
        return web.Response(body=answer, content_type="text/event-stream")


async def test_a_subscription_goes_on_where_it_was_cut_off() -> None:
    """After the last whole event, also when the server did not answer for a while; 204 ends it."""
    flaky = Flaky(b"retry: 1\n\nid: 1\ndata: a\n\nid: 2\ndata: cut", 503, b"id: 2\ndata: b\n\nid: 3\n\n", 429, b"", 204)
    async with TestServer(flaky.app()) as server, asyncio.timeout(20):
        seen = [event.data async for event in subscribe(str(server.make_url("/")))]

    assert seen == ["a", "b"]
    assert flaky.cursors == [None, "1", "1", "3", "3", "3"]


@pytest.mark.parametrize("status", [400, 401, 404, 406])
async def test_what_won_t_become_a_stream_is_not_asked_again(status: int) -> None:
    """The error says what was answered."""
    async with TestServer(Flaky(status).app()) as server:
        with pytest.raises(StreamRefusedError, match=f"answered {status} .*why"):
            await anext(subscribe(str(server.make_url("/"))))


async def test_an_answer_that_is_no_stream_is_refused() -> None:
    """A proxy's page with status 200, for example."""
    app = web.Application()

    async def page(_: web.Request) -> web.Response:
        return web.Response(text="<p>hello", content_type="text/html")

    app.router.add_get("/", page)
    async with TestServer(app) as server:
        with pytest.raises(StreamRefusedError, match="text/html"):
            await anext(subscribe(str(server.make_url("/"))))


async def test_a_gateway_s_restart_is_not_noticed(tmp_path: Path) -> None:
    """Every entry comes once, over both lives of the gateway."""
    async with gateways(tmp_path)(retry_ms=20) as gateway, aiohttp.ClientSession() as session:
        port = int(gateway.url.rpartition(":")[2])
        gateway.options["port"] = port
        async with aclosing(subscribe(f"{gateway.url}/v1/stream", session=session)) as events, asyncio.timeout(30):
            await anext(events)
            await gateway.publish([an_entry(1)])
            first = await anext(events)
            await gateway.stop()
            await gateway.publish([an_entry(2)])
            await gateway.start()
            while (second := await anext(events)).event != "entry":
                pass

    assert [Entry.from_json(each.data).entry_id for each in (first, second)] == [
        an_entry(1).entry_id,
        an_entry(2).entry_id,
    ]
