"""The routes that hand the descriptions out."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from streams.gateway.describe.asyncapi import asyncapi
from streams.gateway.describe.openapi import openapi
from streams.gateway.http.answer import json_answer
from streams.gateway.route import Route


@dataclass(frozen=True, slots=True)
class Descriptions:
    """The routes of this process with the address that others reach it by, if that is known."""

    routes: Sequence[Route]
    public_url: str | None

    async def openapi(self, request: web.Request) -> web.Response:
        """Answer with OpenAPI 3.1."""
        return json_answer(request, openapi(self.routes, self.public_url))

    async def asyncapi(self, request: web.Request) -> web.Response:
        """Answer with AsyncAPI 3.0."""
        return json_answer(request, asyncapi(self.routes, self.public_url or _asked(request)))


def _asked(request: web.Request) -> str:
    """Return the address that the client asked; its own `Host` may be anything."""
    try:
        return str(request.url.origin())
    except ValueError:
        return "http://localhost"
