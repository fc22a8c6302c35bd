"""`/openapi.json`: the table of routes in OpenAPI 3.1."""

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final

from schemas.export import definitions
from schemas.model import Model
from schemas.post import Post
from streams.distribution import installed_version
from streams.gateway.auth.bearer import COOKIE, QUERY
from streams.gateway.auth.guard import Who
from streams.gateway.describe.answers import ProblemDetails
from streams.gateway.describe.parameters import (
    ALERTS_SINCE,
    FIGURE_KIND,
    HEADERS,
    LETTERS_CURSOR,
    PARAMETERS,
    PATH,
    SEARCH_CURSOR,
    STREAM_LIMIT,
)
from streams.gateway.http.problem import MEDIA_TYPE as PROBLEM
from streams.gateway.route import Route

_PLACE: Final = re.compile(r"\{(\w+)\}")
_REF: Final = "#/components/schemas/{model}"
_ANY_BYTES: Final = {"schema": {"type": "string", "format": "binary"}}
_TOKENS: Final[list[dict[str, list[str]]]] = [{"bearer": []}, {"cookie": []}, {"parameter": []}]
_SECURITY: Final = {
    Who.READER: [{}, *_TOKENS],
    Who.ALERTS: _TOKENS,
    Who.ADMIN: _TOKENS,
    Who.SOURCE: [{"sourceToken": []}],
}


def openapi(routes: Iterable[Route], base: str | None = None) -> dict[str, Any]:
    """Return the description of some routes; `base` is the address under which others reach them."""
    # OpenAPI has no words for a WebSocket; AsyncAPI has.
    listed = [route for route in routes if not route.is_socket]
    paths: dict[str, dict[str, Any]] = {}
    for route in listed:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    models: list[type[Model]] = [
        Post,
        ProblemDetails,
        *{each: None for route in listed for each in (route.answer, route.body) if each},
    ]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Liveline",
            "version": installed_version(),
            "description": "Live-blog updates as one clean, deduplicated, replayable stream.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": base or "/"}],
        "paths": paths,
        "components": {
            "schemas": definitions(models, _REF),
            "responses": {
                "Problem": {
                    "description": "What is wrong (RFC 9457).",
                    "content": {PROBLEM: {"schema": _ref(ProblemDetails)}},
                }
            },
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": COOKIE},
                "parameter": {"type": "apiKey", "in": "query", "name": QUERY},
                "sourceToken": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": route.name + ("" if route.method == "GET" else route.method.title()),
        "summary": route.summary,
        "description": f"Who may: {route.who.value}.",
        "parameters": [*_path(route), *_query(route), *_headers(route)],
        "responses": _responses(route),
    }
    if route.who in _SECURITY:
        described["security"] = _SECURITY[route.who]
    if route.body is not None:
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": _ref(route.body)}}}
    if route.name in _DOCUMENTS:
        described["requestBody"] = {
            "required": True,
            "description": "The document as its source made it, of any media type; posts as JSON are read as they are.",
            "content": {
                "application/vnd.liveline.post+json": {
                    "schema": {"oneOf": [_ref(Post), {"type": "array", "items": _ref(Post)}]}
                },
                "application/octet-stream": _ANY_BYTES,
            },
        }
    return described


_DOCUMENTS: Final = frozenset({"push", "websubDeliver"})
"""Routes that take a document of any kind."""
_OWN_PARAMETERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "deadLetters": {
        "cursor": LETTERS_CURSOR,
        "from": ("Failed at this time or later.", {"type": "string", "format": "date-time"}),
        "to": ("Failed before this time.", {"type": "string", "format": "date-time"}),
    },
    "alerts": {"since": ALERTS_SINCE},
    "figures": {"kind": FIGURE_KIND},
    "search": {"cursor": SEARCH_CURSOR},
}
"""What means something else on one route."""
_REQUIRED: Final[Mapping[str, frozenset[str]]] = {"search": frozenset({"q"}), "replay": frozenset({"from"})}


def _path(route: Route) -> list[dict[str, Any]]:
    return [_parameter(name, "path", *PATH[name], required=True) for name in _PLACE.findall(route.path)]


def _query(route: Route) -> list[dict[str, Any]]:
    names = set(route.parameters or ()) - set(_PLACE.findall(route.path))
    own = _OWN_PARAMETERS.get(route.name, {"limit": STREAM_LIMIT} if route.endless else {})
    required = _REQUIRED.get(route.name, frozenset())
    described = {**PARAMETERS, **own}
    return [_parameter(name, "query", *described[name], required=name in required) for name in sorted(names)]


def _headers(route: Route) -> list[dict[str, Any]]:
    return [_parameter(name, "header", *described) for name, described in HEADERS.get(route.name, {}).items()]


def _parameter(name: str, place: str, description: str, schema: Any, *, required: bool = False) -> dict[str, Any]:
    described = {"name": name, "in": place, "description": description, "schema": schema}
    return described | ({"required": True} if required else {})


def _responses(route: Route) -> dict[str, Any]:
    schema = _ref(route.answer) if route.answer else {"type": "object"} if "json" in route.media_type else None
    success: dict[str, Any] = {"description": route.status.phrase}
    if route.status is not HTTPStatus.NO_CONTENT:
        success["content"] = {route.media_type: {"schema": schema or {"type": "string"}}}
    found = {str(route.status.value): success}
    if route.tagged:
        success["headers"] = {"ETag": {"schema": {"type": "string"}, "description": "For If-None-Match."}}
        found["304"] = {"description": "The client has it already."}
    if route.page:
        found["303"] = {"description": "The token is a cookie now; the same address without it."}
    return found | {str(status): _problem(status) for status in sorted(_statuses(route))} | {"default": _problem()}


def _statuses(route: Route) -> set[int]:
    found = {*route.problems}
    places = set(_PLACE.findall(route.path))
    if places:
        found.add(HTTPStatus.NOT_FOUND)
    if route.who is not Who.ANYONE:
        found |= {HTTPStatus.BAD_REQUEST, HTTPStatus.SERVICE_UNAVAILABLE}
    if route.who.reads_tokens or route.who is Who.SOURCE:
        found.add(HTTPStatus.UNAUTHORIZED)
    if route.who in (Who.ALERTS, Who.ADMIN) or places & {"coverage", "entry"}:
        found.add(HTTPStatus.FORBIDDEN)
    return {int(status) for status in found}


def _problem(status: int | None = None) -> dict[str, Any]:
    if status is None:
        return {"$ref": "#/components/responses/Problem"}
    return {
        "description": HTTPStatus(status).phrase,
        "content": {PROBLEM: {"schema": _ref(ProblemDetails)}},
    }


def _ref(model: type[Model]) -> dict[str, str]:
    return {"$ref": _REF.format(model=model.__name__)}
