"""One of a connection's subscriptions, as the hub and the catch-up know it."""

import asyncio

from streams.archive import ArchiveError
from streams.gateway.delivery.access import Access, allows_alert, limited, within
from streams.gateway.delivery.catch_up import CatchUp
from streams.gateway.transports.websocket.connection import WebSocketConnection
from streams.gateway.transports.websocket.encoder import WebSocketEncoder
from streams.gateway.transports.websocket.requests import Subscribe
from streams.gateway.transports.websocket.services import Services


class Subscription:
    """See `Subscriber`; all of a connection share its backlog."""

    __slots__ = ("_access", "_asked", "_catch_up", "_connection", "_ended", "_is_live", "_services", "_task", "encoder",
                 "wanted")  # fmt: skip

    def __init__(self, services: Services, connection: WebSocketConnection, asked: Subscribe, access: Access) -> None:
        """Raise a problem for a coverage that may not be read."""
        self._services = services
        self._connection = connection
        self._asked = asked
        self._access = access
        self.wanted = within(asked.wanted, access)
        self.encoder = WebSocketEncoder(asked.subscription, asked.id)
        self._catch_up: CatchUp | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_live = False
        self._ended = False

    def begin(self) -> None:
        """Bring it up to date, and let it be live."""
        services = self._services
        self._catch_up = CatchUp(services.hub, services.config, services.metrics, self)
        self._task = asyncio.create_task(self._bring_up_to_date(self._catch_up))

    def end(self) -> None:
        """Be told nothing more."""
        self._services.hub.leave(self)
        self._ended = True
        if self._task is not None and self._task is not asyncio.current_task():
            self._task.cancel()

    def allow(self, access: Access) -> None:
        """Take other rights: what may not be read any more is not sent any more. Nothing is missed in between."""
        self._services.hub.leave(self)
        self._access = access
        self.wanted = limited(self._asked.wanted, access)
        if self._is_live:
            self._services.hub.join(self)

    @property
    def cursor(self) -> str | None:
        """The place after what was sent last; None amid the current state, which has no places."""
        hub = self._services.hub
        if self._is_live:
            return hub.cursor(hub.position)
        return self._catch_up.cursor if self._catch_up is not None else None

    @property
    def alerts(self) -> bool:
        """Whether alerts were asked for and may be read."""
        return self._asked.alerts and self._access.alerts

    def may_be_told_of(self, coverage: str) -> bool:
        """Whether an alert of this coverage is wanted and may be read."""
        return allows_alert(self.wanted, self._access, coverage)

    @property
    def open(self) -> bool:
        """Whether it still is one, of a client that is there."""
        return not self._ended and self._connection.open

    @property
    def paused(self) -> bool:
        """More than the backlog is waiting to be read."""
        return self._connection.paused

    def write(self, data: bytes) -> None:
        """Hand over frames."""
        self._connection.write(data)

    async def room(self) -> bool:
        """Wait until the client has read."""
        return await self._connection.room()

    def live(self) -> None:
        """Note that it is told by the hub from here on."""
        self._is_live = True

    def drop(self) -> None:
        """Close the connection, with all its subscriptions."""
        self._connection.drop()

    async def _bring_up_to_date(self, catch_up: CatchUp) -> None:
        try:
            async with self._connection.catching_up:
                await catch_up.run(self._asked.start)
        except ArchiveError:
            self._connection.go_away()  # it comes back with its cursor
        except Exception:
            self._services.config.log.exception("subscription.failed")
            self._connection.go_away()
        finally:
            # Nothing of it is kept as long as the subscription is live.
            self._task = self._catch_up = None
