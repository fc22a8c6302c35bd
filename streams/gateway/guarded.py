"""The table's routes in an application: each handler stands behind the guard."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web
from aiohttp.typedefs import Handler

from streams.gateway.auth.bearer import Carrier, presented
from streams.gateway.auth.cookie import to_cookie
from streams.gateway.auth.guard import ACCESS, Guard
from streams.gateway.http.cors import preflight
from streams.gateway.route import Route


@dataclass(frozen=True, slots=True)
class Served:
    """What answers by one configuration: the guard, and each route's handler by its name."""

    guard: Guard
    handlers: Mapping[str, Handler]


@dataclass(slots=True)
class Serving:
    """What answers now; a request is answered wholly by what was there when it came."""

    now: Served


def add_routes(app: web.Application, routes: Sequence[Route], serving: Serving, *, secure: bool) -> None:
    """Add routes that are answered by what is served when they are asked, each behind its guard.

    `secure`: clients come by TLS, so that a cookie is for TLS alone.
    """
    handlers = serving.now.handlers
    if unknown := handlers.keys() - {route.name for route in routes}:
        raise ValueError(f"handlers without a row in the table of routes: {', '.join(sorted(unknown))}")
    for route in routes:
        if route.name not in handlers and route.optional:
            continue
        if route.name not in handlers:
            raise ValueError(f"the route {route.name} has no handler")
        guarded = _guarded(route, serving, secure=secure)
        if route.method == "GET":
            app.router.add_get(route.path, guarded, allow_head=not route.endless)
        else:
            app.router.add_route(route.method, route.path, guarded)
        if route.open and route.method == "GET":
            app.router.add_options(route.path, preflight)


def _guarded(route: Route, serving: Serving, *, secure: bool) -> Handler:
    async def guarded(request: web.Request) -> web.StreamResponse:
        guard, handler = serving.now.guard, serving.now.handlers[route.name]
        if route.own_judge:
            return await handler(request)
        await guard.admit(request, route.who)
        found = presented(request, guard.origins) if route.page else None
        if found is not None and found.carrier is Carrier.QUERY:
            by_tls = secure or request.secure or request.headers.get("X-Forwarded-Proto", "") == "https"
            return to_cookie(request, request[ACCESS], guard.tokens.clock(), secure=by_tls)
        return await handler(request)

    return guarded
