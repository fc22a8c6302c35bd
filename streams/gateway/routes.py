"""Every route of the gateway in one table: method, path, who may, and its parameters.

The composition root gives each row its handler by name; documentation, OpenAPI and tests read the same table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from streams.gateway.api import rest
from streams.gateway.auth.bearer import Carrier, presented
from streams.gateway.auth.cookie import to_cookie
from streams.gateway.auth.guard import ACCESS, Guard, Who
from streams.gateway.http.cors import preflight
from streams.gateway.http.paging import PAGED
from streams.gateway.transports import stream
from streams.ingest.websub.subscriber import PATH as _WEBSUB

_NONE: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Route:
    """A row: a method and a path, and what stands around the handler."""

    name: str
    """The handler's name, and the operation's in OpenAPI."""
    method: str
    path: str
    who: Who
    summary: str
    parameters: frozenset[str] | None = _NONE
    """Of the query string, beside `access_token`; None: unknown ones are ignored."""
    page: bool = False
    """For people: a token in the address becomes a cookie."""
    open: bool = False
    """Pages of other origins may read it."""
    endless: bool = False
    """A stream: no HEAD."""
    optional: bool = False
    """Absent where the process has no handler for it."""


ROUTES: Final[tuple[Route, ...]] = (
    Route("push", "POST", "/v1/sources/{source}/documents", Who.SOURCE, "Push a document of a source."),
    Route(
        "stream", "GET", "/v1/stream", Who.READER, "Follow the entries of all coverages as server-sent events.",
        stream.PARAMETERS, open=True, endless=True,
    ),
    Route(
        "coverageStream", "GET", "/v1/coverages/{coverage}/stream", Who.READER,
        "Follow the entries of a coverage as server-sent events.", stream.PARAMETERS, open=True, endless=True,
    ),
    Route("coverages", "GET", "/v1/coverages", Who.READER, "List the coverages.", PAGED, open=True),
    Route("coverage", "GET", "/v1/coverages/{coverage}", Who.READER, "Read a coverage.", open=True),
    Route(
        "entries", "GET", "/v1/coverages/{coverage}/entries", Who.READER, "List a coverage's entries, newest first.",
        rest.ENTRIES, open=True,
    ),
    Route("entry", "GET", "/v1/entries/{entry}", Who.READER, "Read an entry's newest revision.", open=True),
    Route(
        "revisions", "GET", "/v1/entries/{entry}/revisions", Who.READER, "List an entry's revisions, newest first.",
        PAGED, open=True,
    ),
    Route(
        "sources", "GET", "/v1/sources", Who.ADMIN, "List the sources, each with the time of its newest revision.",
        PAGED, open=True,
    ),
    Route(
        "websubVerify", "GET", _WEBSUB + "/{source}/{token}", Who.HUB, "Confirm a subscription to a WebSub hub.",
        None, endless=True, optional=True,
    ),
    Route(
        "websubDeliver", "POST", _WEBSUB + "/{source}/{token}", Who.HUB, "Take what a WebSub hub brings.", None,
        optional=True,
    ),
    Route("index", "GET", "/", Who.READER, "The live page of all coverages.", None, page=True),
    Route("coveragePage", "GET", "/coverages/{coverage}", Who.READER, "The live page of a coverage.", None, page=True),
    Route("pageFile", "GET", "/page/{name}", Who.ANYONE, "Scripts and styles of the live page.", None),
    Route("healthz", "GET", "/healthz", Who.ANYONE, "Whether the process lives.", None),
    Route("readyz", "GET", "/readyz", Who.ANYONE, "Whether the gateway can serve clients.", None),
    Route("metrics", "GET", "/metrics", Who.ANYONE, "Metrics for Prometheus.", None),
)  # fmt: skip
"""All of them; whoever adds one adds its handler in `streams.bootstrap.gateway` and its lines in `docs/api.md`."""


def add_routes(app: web.Application, handlers: Mapping[str, Handler], guard: Guard, *, secure: bool) -> None:
    """Add the table's routes with their handlers, each behind the guard.

    `secure`: clients come by TLS, so that a cookie is for TLS alone.
    """
    if unknown := handlers.keys() - {route.name for route in ROUTES}:
        raise ValueError(f"handlers without a row in the table of routes: {', '.join(sorted(unknown))}")
    for route in ROUTES:
        handler = handlers.get(route.name)
        if handler is None and route.optional:
            continue
        if handler is None:
            raise ValueError(f"the route {route.name} has no handler")
        guarded = _guarded(route, handler, guard, secure=secure)
        if route.method == "GET":
            app.router.add_get(route.path, guarded, allow_head=not route.endless)
        else:
            app.router.add_route(route.method, route.path, guarded)
        if route.open and route.method == "GET":
            app.router.add_options(route.path, preflight)


def _guarded(route: Route, handler: Handler, guard: Guard, *, secure: bool) -> Handler:
    async def guarded(request: web.Request) -> web.StreamResponse:
        await guard.admit(request, route.who)
        found = presented(request, guard.origins) if route.page else None
        if found is not None and found.carrier is Carrier.QUERY:
            by_tls = secure or request.secure or request.headers.get("X-Forwarded-Proto", "") == "https"
            return to_cookie(request, request[ACCESS], guard.tokens.clock(), secure=by_tls)
        return await handler(request)

    return guarded
