"""Lists in pages: `limit`, `cursor`, and the answer that names the next page."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

import orjson
from aiohttp import web

from streams.gateway.http.answer import tagged
from streams.gateway.http.problem import Problem

PAGED: Final = frozenset({"cursor", "limit"})
"""The parameters of every list."""
DEFAULT_LIMIT: Final = 50
MAX_LIMIT: Final = 200
_LIMIT_DIGITS: Final = 6
_PLACE_DIGITS: Final = 19
"""SQLite's integers have 63 bits."""
_LONGEST_CURSOR_CHARS: Final = 400


def limit_of(request: web.Request) -> int:
    """Return how many are wanted; raises a 400 for what is no such number."""
    value = _one(request, "limit") or str(DEFAULT_LIMIT)
    number = value.isascii() and value.isdecimal() and len(value) < _LIMIT_DIGITS
    if not (number and 1 <= int(value) <= MAX_LIMIT):
        raise Problem(HTTPStatus.BAD_REQUEST, f"limit is {value[:100]!r}; expected 1 to {MAX_LIMIT}")
    return int(value)


def place_before(request: web.Request) -> int | None:
    """Return the place that a page ends before, or None for the first page."""
    place = _decoded(request)
    if place is None:
        return None
    if not (place.isascii() and place.isdecimal() and len(place) < _PLACE_DIGITS):
        raise _foreign()
    return int(place)


def paged(request: web.Request, name: str, values: Sequence[bytes], following: int | None) -> web.Response:
    """Answer with a page of values as they stand on the topic: they are joined, not read and written again."""
    return _page(request, name, values, None if following is None else _encoded(str(following)))


def named_page(request: web.Request, name: str, items: Sequence[Mapping[str, Any]]) -> web.Response:
    """Answer with a page of a list that is at hand as a whole; the cursor is the id of the last one of the page."""
    limit, after = limit_of(request), _decoded(request)
    begin = 0
    if after is not None:
        begin = next((number for number, item in enumerate(items, 1) if item["id"] == after), -1)
        if begin < 0:
            raise _foreign()
    page = items[begin : begin + limit]
    more = begin + limit < len(items)
    return _page(request, name, [orjson.dumps(item) for item in page], _encoded(page[-1]["id"]) if more else None)


def _page(request: web.Request, name: str, values: Sequence[bytes], cursor: str | None) -> web.Response:
    body = b'{"' + name.encode() + b'":[' + b",".join(values) + b"]"
    body += b',"next":' + orjson.dumps(cursor) + b"}" if cursor else b"}"
    link = {"Link": f'<{request.rel_url.update_query(cursor=cursor)}>; rel="next"'} if cursor else {}
    return tagged(request, body, link)


def _encoded(place: str) -> str:
    return base64.urlsafe_b64encode(place.encode()).rstrip(b"=").decode()


def _decoded(request: web.Request) -> str | None:
    token = _one(request, "cursor")
    if not token:
        return None
    if len(token) > _LONGEST_CURSOR_CHARS:
        raise _foreign()
    try:
        return base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise _foreign() from error


def _one(request: web.Request, name: str) -> str | None:
    values = request.query.getall(name, [])
    if len(values) > 1:
        raise Problem(HTTPStatus.BAD_REQUEST, f"{name} is given twice; expected one value")
    return values[0] if values else None


def _foreign() -> Problem:
    return Problem(HTTPStatus.BAD_REQUEST, "cursor is none that this gateway gave out")
