"""`/healthz`, `/readyz` and `/metrics`."""

from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from streams.gateway.delivery.hub import Hub
from streams.gateway.http.problem import problem_response


async def healthz(_: web.Request) -> web.Response:
    """Say that the process lives: its event loop answers."""
    return web.json_response({"status": "alive"})


@dataclass(frozen=True, slots=True)
class Ready:
    """Whether to send clients here: Kafka answers and the hub has caught up."""

    hub: Hub
    retry_after: int

    async def handle(self, _: web.Request) -> web.Response:
        """Answer 200, or 503 with the reason."""
        reason = self.hub.not_ready()
        if reason is None:
            return web.json_response({"status": "ready"})
        return problem_response(HTTPStatus.SERVICE_UNAVAILABLE, reason, {"Retry-After": str(self.retry_after)})


@dataclass(frozen=True, slots=True)
class Metrics:
    """The registry as Prometheus reads it."""

    registry: CollectorRegistry

    async def handle(self, _: web.Request) -> web.Response:
        """Return all metrics."""
        return web.Response(body=generate_latest(self.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})
