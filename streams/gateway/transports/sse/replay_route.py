"""`GET /v1/coverages/{coverage}/replay`: what was received in a period once more, as server-sent events."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from aiohttp import web

from streams.archive import ArchiveError
from streams.gateway.delivery import access, filters, period
from streams.gateway.delivery.period import Period
from streams.gateway.delivery.replay import Replay
from streams.gateway.delivery.start import read_cursor
from streams.gateway.http.parameters import read_parameters
from streams.gateway.http.problem import Problem
from streams.gateway.transports.sse.connection import SseConnection
from streams.gateway.transports.sse.encoder import encode_end
from streams.gateway.transports.sse.route import Stream

PARAMETERS: Final = filters.PARAMETERS | period.PARAMETERS


@dataclass(slots=True)
class Paced:
    """How many replays are under way that wait for each revision's time."""

    count: int = 0


@dataclass(frozen=True, slots=True)
class Replays:
    """The route; it begins as a stream does."""

    stream: Stream
    paced: Paced

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Take the connection over; returns once the replay has ended, or its subscriber is live or gone."""
        query = read_parameters(request, PARAMETERS | access.PARAMETERS)
        asked = Period.read(query)
        cursor = read_cursor(query, request.headers.get("Last-Event-ID"))
        wanted, allowed = await self.stream.admit(request, query)
        if asked.speed is None:
            await self._play(self.stream.connect(request, wanted, allowed), asked, cursor)
            return web.Response()
        config, gauge = self.stream.config, self.stream.metrics.paced_replays
        if self.paced.count >= config.paced_replays:
            raise Problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                f"this gateway has its {config.paced_replays} replays at a speed; come later, or use speed=max",
                {"Retry-After": str(config.retry_after)},
            )
        connection = self.stream.connect(request, wanted, allowed)
        self.paced.count += 1
        gauge.set(self.paced.count)
        try:
            await self._play(connection, asked, cursor)
        finally:
            self.paced.count -= 1
            gauge.set(self.paced.count)
        return web.Response()

    async def _play(self, connection: SseConnection, asked: Period, cursor: str | None) -> None:
        stream = self.stream
        try:
            ended = await Replay(stream.hub, stream.config, stream.metrics, connection, asked).play(cursor)
        except ArchiveError:
            connection.drop()  # it comes back with its cursor
        except Exception:
            stream.config.log.exception("gateway.replay_failed")
            connection.drop()
        else:
            if ended is not None:
                connection.write(encode_end(ended))
                connection.go_away()
