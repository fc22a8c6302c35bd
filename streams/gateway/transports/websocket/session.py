"""Answers a connection's client, and keeps its subscriptions."""

import asyncio
from http import HTTPStatus
from typing import Final

from streams.gateway.delivery.access import Access, need_alerts
from streams.gateway.http.problem import Problem
from streams.gateway.transports.websocket.connection import WebSocketConnection
from streams.gateway.transports.websocket.frames import Close, message
from streams.gateway.transports.websocket.requests import (
    Authenticate,
    BadRequest,
    Ping,
    Request,
    RequestId,
    Subscribe,
    Unsubscribe,
    read_request,
)
from streams.gateway.transports.websocket.services import Services
from streams.gateway.transports.websocket.subscription import Subscription

_MOST_SUBSCRIPTIONS: Final = 100
_CLOSES: Final = {HTTPStatus.UNAUTHORIZED: Close.UNAUTHORIZED, HTTPStatus.FORBIDDEN: Close.FORBIDDEN}


class WebSocketSession:
    """Answers in the order in which it is asked."""

    __slots__ = ("_access", "_authenticating", "_connection", "_expiry", "_inbox", "_services", "_subscriptions")

    def __init__(self, services: Services, connection: WebSocketConnection, access: Access) -> None:
        self._services = services
        self._connection = connection
        self._access = access
        self._subscriptions: dict[str, Subscription] = {}
        self._inbox: list[str] = []
        self._authenticating: asyncio.Task[None] | None = None
        self._expiry: asyncio.TimerHandle | None = None
        self._watch_expiry()

    def receive(self, text: str) -> None:
        """Answer a message, once those before it are answered."""
        self._inbox.append(text)
        self._answer_all()

    def refuse(self, problem: Problem) -> bool:
        """Close where a token is not accepted; returns whether the problem was that."""
        code = _CLOSES.get(problem.status)
        if code is not None:
            self._connection.close(code, problem.detail[:100])
        return code is not None

    def ended(self) -> None:
        """End all subscriptions."""
        for subscription in self._subscriptions.values():
            subscription.end()
        self._subscriptions.clear()
        self._inbox.clear()
        if self._expiry is not None:
            self._expiry.cancel()
        if self._authenticating is not None:
            self._authenticating.cancel()
        if not self._connection.attached:
            self._services.hub.connected.discard(self._connection)

    def _answer_all(self) -> None:
        while self._inbox and self._authenticating is None:
            request_id: RequestId = None
            try:
                request = read_request(self._inbox.pop(0))
                request_id = request.id
                self._do(request)
            except BadRequest as bad:
                self._say_error(bad.id, bad.problem)
            except Problem as problem:
                self._say_error(request_id, problem)

    def _do(self, request: Request) -> None:
        match request:
            case Subscribe():
                self._subscribe(request)
            case Unsubscribe():
                self._unsubscribe(request)
            case Authenticate():
                self._authenticating = asyncio.create_task(self._authenticate(request))
            case Ping():
                self._connection.answer(message("pong", request.id))

    def _subscribe(self, asked: Subscribe) -> None:
        if asked.subscription in self._subscriptions:
            raise Problem(HTTPStatus.CONFLICT, f"subscription {asked.subscription!r} is there already")
        if len(self._subscriptions) >= _MOST_SUBSCRIPTIONS:
            raise Problem(
                HTTPStatus.TOO_MANY_REQUESTS, f"this connection has the {_MOST_SUBSCRIPTIONS} subscriptions it may have"
            )
        subscription = Subscription(self._services, self._connection, asked, self._access)
        self._services.coverages.need(asked.wanted.coverages)
        if asked.alerts:
            need_alerts(self._access)
        self._subscriptions[asked.subscription] = subscription
        subscription.begin()

    def _unsubscribe(self, asked: Unsubscribe) -> None:
        subscription = self._subscriptions.pop(asked.subscription, None)
        if subscription is None:
            raise Problem(HTTPStatus.NOT_FOUND, f"no subscription {asked.subscription[:200]!r}")
        cursor = subscription.cursor
        subscription.end()
        self._connection.answer(message("unsubscribed", asked.id, subscription=asked.subscription, cursor=cursor))

    async def _authenticate(self, asked: Authenticate) -> None:
        try:
            access = await self._services.authority.of_token(asked.token)
        except Problem as problem:
            if not self.refuse(problem):
                self._say_error(asked.id, problem)
        except Exception:
            self._services.config.log.exception("authentication.failed")
            self._connection.go_away()
        else:
            self._access = access
            self._watch_expiry()
            for subscription in self._subscriptions.values():
                subscription.allow(access)
            self._connection.answer(message("authenticated", asked.id))
        self._authenticating = None
        self._answer_all()

    def _watch_expiry(self) -> None:
        if self._expiry is not None:
            self._expiry.cancel()
            self._expiry = None
        if (until := self._access.expires_at) is not None:
            seconds = (until - self._services.config.clock()).total_seconds()
            self._expiry = asyncio.get_running_loop().call_later(max(0.0, seconds), self._expire)

    def _expire(self) -> None:
        self._connection.close(Close.UNAUTHORIZED, "the token has expired")

    def _say_error(self, request_id: RequestId, problem: Problem) -> None:
        self._connection.answer(message("error", request_id, problem=problem.body))
