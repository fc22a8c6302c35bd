"""`GET` and `POST /v1/websub/{source}/{token}`: where hubs ask whether we mean it, and bring what is new."""

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from aiohttp import web

from streams.gateway.http.problem import Problem
from streams.ingest.body import CODINGS, BodyCodingError, BodyTooLargeError, read_body
from streams.ingest.websub.subscriber import PATH, Delivery, Subscriber

_LONGEST_TYPE: Final = 2048
_NOBODY: Final = "no subscription has this address"


@dataclass(frozen=True, slots=True)
class WebSub:
    """The callbacks with what answers them."""

    subscriber: Subscriber
    max_bytes: int
    retry_after: int
    body_timeout: float = 90.0

    def add_to(self, app: web.Application) -> None:
        """Add the routes."""
        path = f"{PATH}/{{source}}/{{token}}"
        app.router.add_get(path, self.verify, allow_head=False)
        app.router.add_post(path, self.deliver)

    async def verify(self, request: web.Request) -> web.Response:
        """Echo the challenge of what we asked for; 404 tells the hub that we did not."""
        source, token = request.match_info["source"], request.match_info["token"]
        answer = self.subscriber.verify(source, token, request.query)
        if answer is None:
            raise Problem(HTTPStatus.NOT_FOUND, _NOBODY)
        # Plain and not to be sniffed: the challenge is the caller's own text.
        return web.Response(text=answer, content_type="text/plain", headers={"X-Content-Type-Options": "nosniff"})

    async def deliver(self, request: web.Request) -> web.Response:
        """Take a delivery; one that is badly signed is answered as if it were welcome, so that nobody learns from it.

        410 ends a subscription that we no longer have (WebSub, 7).
        """
        source, token = request.match_info["source"], request.match_info["token"]
        if not self.subscriber.accepts(source, token):
            raise _unread(Problem(HTTPStatus.GONE, _NOBODY))
        delivery = await self.subscriber.deliver(
            source,
            token,
            content_type=_content_type(request),
            signature=request.headers.get("X-Hub-Signature"),
            body=await self._body(request),
        )
        if delivery is Delivery.NOT_STORED:
            raise Problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "Kafka has not taken the delivery; send it again",
                {"Retry-After": str(self.retry_after)},
            )
        if delivery is Delivery.UNKNOWN:
            raise Problem(HTTPStatus.GONE, _NOBODY)
        return web.Response(status=HTTPStatus.ACCEPTED.value)

    async def _body(self, request: web.Request) -> bytes:
        coding = request.headers.get("Content-Encoding", "").strip().lower()
        coding = "" if coding == "identity" else coding.removeprefix("x-")
        if coding and coding not in CODINGS:
            raise _unread(
                Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"expected one of {', '.join(CODINGS)} or no coding")
            )
        try:
            async with asyncio.timeout(self.body_timeout):
                return await read_body(request.content.iter_any(), coding, self.max_bytes)
        except TimeoutError as error:
            late = f"the body did not come within {self.body_timeout:g} s"
            raise _unread(Problem(HTTPStatus.REQUEST_TIMEOUT, late)) from error
        except BodyTooLargeError as error:
            raise _unread(Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, str(error))) from error
        except BodyCodingError as error:
            raise _unread(Problem(HTTPStatus.BAD_REQUEST, str(error))) from error


def _content_type(request: web.Request) -> str:
    """Return what the hub says it brings, as far as it is text."""
    found = request.headers.get("Content-Type", "").encode("ascii", "ignore").decode()
    return found[:_LONGEST_TYPE] or "application/octet-stream"


def _unread(problem: Problem) -> Problem:
    problem.close = True
    return problem
