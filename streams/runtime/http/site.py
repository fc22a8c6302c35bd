"""A listening address whose connections are bounded, and whose malformed requests are no errors of ours."""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final, cast

import orjson
import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError, LineTooLong
from aiohttp.web_protocol import RequestHandler, _ErrInfo
from aiohttp.web_request import BaseRequest

from streams.runtime.http.connections import Connections, Slot, State
from streams.runtime.http.refusals import Refusals

log = structlog.get_logger("liveline")
_MALFORMED: Final = "the request is not HTTP/1.1 as this server reads it"
_RETRY_AFTER_SECONDS: Final = 5


class GuardedHandler(RequestHandler):
    """aiohttp's connection, with a slot."""

    __slots__ = ("_connections", "_malformed", "_refusals", "slot")

    def __init__(self, manager: web.Server, connections: Connections, refusals: Refusals, **options: Any) -> None:
        super().__init__(manager, **options)
        self._connections = connections
        self._refusals = refusals
        self._malformed = False
        self.slot: Slot | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a slot, or have the client told that there is none."""
        connection = cast("asyncio.Transport", transport)  # uvloop's has all of its methods and is none by its type
        slot = self._connections.admit(connection)
        if isinstance(slot, str):
            self._refusals.refuse(connection, _refusal(slot))
            return
        self.slot = slot
        super().connection_made(transport)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Give the slot back."""
        if self.slot is not None:
            self._connections.release(self.slot)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read requests up to the first that is malformed; what follows is let go until its answer is written.

        aiohttp would note each further piece as one more error with all its bytes: 4 MiB a connection, within a moment.
        """
        if self._malformed:
            return
        super().data_received(data)
        if self._messages and isinstance(wrong := self._messages[-1][0], _ErrInfo):
            self._malformed = True
            if wrong.exc is not None:
                wrong.exc.__traceback__ = None  # its frames hold the piece, too

    def hand_over(self) -> Callable[[], None]:
        """Leave the slot to who takes the connection over; returns what gives it back at the connection's end."""
        slot, self.slot = self.slot, None
        return (lambda: self._connections.release(slot)) if slot is not None else (lambda: None)

    def move(self, state: State) -> None:
        """Note what the connection does now."""
        if self.slot is not None:
            self._connections.move(self.slot, state)

    def handle_error(
        self, request: BaseRequest, status: int = 500, exc: BaseException | None = None, message: str | None = None
    ) -> web.StreamResponse:
        """Answer what is no HTTP without a line in the log: aiohttp's would hold a part of it, such as a token."""
        if not isinstance(exc, HttpProcessingError):
            return super().handle_error(request, status, exc, message)
        log.debug("http.malformed_request", client=request.remote, kind=type(exc).__name__)
        too_long = isinstance(exc, LineTooLong)
        refused = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE if too_long else HTTPStatus.BAD_REQUEST
        answer = web.Response(
            status=refused.value,
            body=_problem(refused, "a line or a header is too long" if too_long else _MALFORMED),
            content_type="application/problem+json",
        )
        answer.force_close()
        return answer


class GuardedSite(web.BaseSite):
    """A TCP address of a runner; each of its connections has a slot."""

    __slots__ = ("_connections", "_host", "_port")

    def __init__(self, runner: web.AppRunner, connections: Connections, host: str, port: int) -> None:
        super().__init__(runner, backlog=4096)
        self._connections = connections
        self._host = host
        self._port = port

    @property
    def name(self) -> str:
        """The address."""
        return f"http://{self._host}:{self._port}"

    async def start(self) -> None:
        """Listen."""
        await super().start()
        server = self._runner.server
        assert server is not None  # noqa: S101  (BaseSite has looked)

        refusals = Refusals()

        def connection() -> GuardedHandler:
            # As `web.Server` makes its own.
            return GuardedHandler(server, self._connections, refusals, loop=server._loop, **server._kwargs)  # noqa: SLF001

        self._server = await asyncio.get_running_loop().create_server(
            connection, self._host, self._port, backlog=self._backlog, reuse_address=True
        )


def slot_of(request: BaseRequest) -> GuardedHandler | None:
    """Return a request's connection; None where the server is not guarded, as in a test of a route alone."""
    protocol = request.protocol
    return protocol if isinstance(protocol, GuardedHandler) else None


@web.middleware
async def note_requests(request: web.Request, handler: Any) -> web.StreamResponse:
    """Tell the slot when its request begins and ends; the outermost middleware."""
    connection = slot_of(request)
    if connection is None:
        answer: web.StreamResponse = await handler(request)
        return answer
    connection.move(State.BUSY)
    try:
        answer = await handler(request)
    finally:
        connection.move(State.IDLE)  # of a connection that was handed over, nothing
    return answer


def _refusal(reason: str) -> bytes:
    status = HTTPStatus.TOO_MANY_REQUESTS if reason == "address" else HTTPStatus.SERVICE_UNAVAILABLE
    whose = "from this address " if reason == "address" else ""
    body = _problem(status, f"this server has all the connections {whose}that it takes; try again later")
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: application/problem+json\r\n"
        f"Content-Length: {len(body)}\r\nRetry-After: {_RETRY_AFTER_SECONDS}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body


def _problem(status: HTTPStatus, detail: str) -> bytes:
    return orjson.dumps({"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail})
