"""What a client asks, read from a frame's text; raises a 400 that names the field."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import orjson

from streams.gateway.delivery import filters
from streams.gateway.delivery.filters import Filter, FilterError
from streams.gateway.delivery.start import Start
from streams.gateway.http.parameters import explain_unknown
from streams.gateway.http.problem import Problem

_LONGEST_NAME_CHARS: Final = 200
_SHOWN_CHARS: Final = 50
RequestId = str | int | float | None


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Begin a subscription."""

    id: RequestId
    subscription: str
    wanted: Filter
    start: Start
    alerts: bool


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """End a subscription."""

    id: RequestId
    subscription: str


@dataclass(frozen=True, slots=True)
class Authenticate:
    """Go on with another token."""

    id: RequestId
    token: str


@dataclass(frozen=True, slots=True)
class Ping:
    """Ask whether anybody is there."""

    id: RequestId


Request = Subscribe | Unsubscribe | Authenticate | Ping
FIELDS: Final = {
    "subscribe": {"subscription", "filter", "cursor", "since", "replay", "limit", "alerts"},
    "unsubscribe": {"subscription"},
    "authenticate": {"token"},
    "ping": set[str](),
}


class BadRequest(Exception):  # noqa: N818  (HTTP's own words)
    """What is wrong with a request, and which one it was."""

    def __init__(self, request_id: RequestId, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.id = request_id
        self.problem = problem


def read_request(text: str) -> Request:
    """Return what is asked; raises `BadRequest`."""
    try:
        given = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadRequest(None, _bad(f"the frame is no JSON: {error}")) from error
    if not isinstance(given, dict):
        raise BadRequest(None, _bad("the frame is no JSON object"))
    request_id = given.get("id")
    if isinstance(request_id, bool) or not isinstance(request_id, str | int | float | None):
        raise BadRequest(None, _bad("id is neither a string nor a number"))
    try:
        return _read(request_id, given)
    except Problem as problem:
        raise BadRequest(request_id, problem) from problem
    except FilterError as error:
        raise BadRequest(request_id, _bad(str(error))) from error


def _read(request_id: RequestId, given: Mapping[str, Any]) -> Request:
    kind = given.get("type")
    if not isinstance(kind, str) or kind not in FIELDS:
        shown = kind[:_SHOWN_CHARS] if isinstance(kind, str) else kind if isinstance(kind, int | None) else "no string"
        raise _bad(f"type is {shown!r}; expected one of {', '.join(FIELDS)}")
    _only(given, FIELDS[kind] | {"type", "id"}, "field")
    match kind:
        case "ping":
            return Ping(request_id)
        case "authenticate":
            return Authenticate(request_id, _text(given, "token"))
        case "unsubscribe":
            return Unsubscribe(request_id, _text(given, "subscription"))
        case _:
            return _subscribe(request_id, given)


def _subscribe(request_id: RequestId, given: Mapping[str, Any]) -> Subscribe:
    name = _text(given, "subscription")
    if len(name) > _LONGEST_NAME_CHARS:
        raise _bad(f"subscription has {len(name):,} characters; expected at most {_LONGEST_NAME_CHARS}")
    wanted = given.get("filter")
    if not isinstance(wanted, dict | None):
        raise _bad("filter is no object; expected the query parameters' names with a value or a list of values")
    wanted = wanted or {}
    _only(wanted, filters.PARAMETERS, "filter")
    cursor = given.get("cursor")
    if not isinstance(cursor, str | None):
        raise _bad("cursor is no string")
    alerts = given.get("alerts")
    if not isinstance(alerts, bool | None):
        raise _bad("alerts is neither true nor false")
    start = {each: [_value(each, given[each])] for each in ("since", "replay", "limit") if given.get(each) is not None}
    return Subscribe(
        id=request_id,
        subscription=name,
        wanted=Filter.read({each: _values(each, value) for each, value in wanted.items() if value is not None}),
        start=Start.read(start, cursor),
        alerts=bool(alerts),
    )


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not value:
        raise _bad(f"{name} is missing or no string; expected a string")
    return value


def _values(name: str, value: Any) -> list[str]:
    """Return a filter's values as a query string has them."""
    if isinstance(value, list):
        if not value:
            # As no filter at all it would let everything through.
            raise _bad(f"{name} is an empty list; expected a value, or leave it out")
        return [_value(name, each) for each in value]
    return [_value(name, value)]


def _value(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int):
        return str(value)
    raise _bad(f"{name} is neither a string, a whole number, true, false nor a list of these")


def _only(given: Mapping[str, Any], known: Collection[str], what: str) -> None:
    for name in given:
        if name not in known:
            raise _bad(explain_unknown(name, known, what))


def _bad(detail: str) -> Problem:
    return Problem(HTTPStatus.BAD_REQUEST, detail)
