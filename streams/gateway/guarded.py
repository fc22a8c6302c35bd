"""The table's routes in an application: each handler stands behind the guard."""

from collections.abc import Mapping, Sequence

from aiohttp import web
from aiohttp.typedefs import Handler

from streams.gateway.auth.bearer import Carrier, presented
from streams.gateway.auth.cookie import to_cookie
from streams.gateway.auth.guard import ACCESS, Guard
from streams.gateway.http.cors import preflight
from streams.gateway.route import Route


def add_routes(
    app: web.Application, routes: Sequence[Route], handlers: Mapping[str, Handler], guard: Guard, *, secure: bool
) -> None:
    """Add routes with their handlers, each behind the guard.

    `secure`: clients come by TLS, so that a cookie is for TLS alone.
    """
    if unknown := handlers.keys() - {route.name for route in routes}:
        raise ValueError(f"handlers without a row in the table of routes: {', '.join(sorted(unknown))}")
    for route in routes:
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
        if route.own_judge:
            return await handler(request)
        await guard.admit(request, route.who)
        found = presented(request, guard.origins) if route.page else None
        if found is not None and found.carrier is Carrier.QUERY:
            by_tls = secure or request.secure or request.headers.get("X-Forwarded-Proto", "") == "https"
            return to_cookie(request, request[ACCESS], guard.tokens.clock(), secure=by_tls)
        return await handler(request)

    return guarded
