"""A producer's side of the push."""

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from streams.client.push import GatewayClient, PushError


class Gateway:
    """Answers pushes with the given status codes, one after the other, and remembers the requests."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.requests: list[tuple[str, dict[str, str], bytes]] = []

    def app(self) -> web.Application:
        """Return the route."""
        app = web.Application()
        app.router.add_post("/v1/sources/{source}/documents", self._push)
        return app

    async def _push(self, request: web.Request) -> web.Response:
        self.requests.append((request.path, dict(request.headers), await request.read()))
        status = self.statuses.pop(0)
        return web.json_response({"id": "d1", "detail": "why"}, status=status, headers={"Retry-After": "0"})


async def push(gateway: Gateway) -> str:
    """Push one document to it."""
    async with TestServer(gateway.app()) as server, aiohttp.ClientSession() as session:
        client = GatewayClient(session, str(server.make_url("")))
        return await client.push("evening-post", "secret", b"<p>", "text/html", url="https://example.org/live")


async def test_a_push_carries_the_token_and_what_is_known_of_the_document() -> None:
    """The gateway gets the bytes as they are, their type and address, and a key."""
    gateway = Gateway(202)

    assert await push(gateway) == "d1"

    ((path, headers, body),) = gateway.requests
    assert (path, body) == ("/v1/sources/evening-post/documents", b"<p>")
    assert headers["Authorization"] == "Bearer secret"
    assert (headers["Content-Type"], headers["Liveline-Url"]) == ("text/html", "https://example.org/live")
    assert headers["Idempotency-Key"]


async def test_what_could_not_be_taken_for_now_is_sent_again_under_the_same_key() -> None:
    """A gateway without Kafka is no reason to lose or to double a document."""
    gateway = Gateway(503, 429, 202)

    assert await push(gateway) == "d1"

    assert len({headers["Idempotency-Key"] for _, headers, _ in gateway.requests}) == 1
    assert len(gateway.requests) == 3


@pytest.mark.parametrize("statuses", [(401,), (403,), (413,), (503,) * 5])
async def test_a_refusal_says_why(statuses: tuple[int, ...]) -> None:
    """What sending again can't change is not sent again; the answer is part of the message, the token is not."""
    gateway = Gateway(*statuses)

    with pytest.raises(PushError, match=rf"answered {statuses[-1]}: .*why") as error:
        await push(gateway)

    assert gateway.statuses == []
    assert "secret" not in str(error.value)
