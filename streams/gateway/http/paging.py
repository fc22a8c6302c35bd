"""Lists in pages: `limit`, `cursor`, and the answer that names the next page."""

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
_LIMIT_DIGITS: Final = 5
_PLACE_DIGITS: Final = 18
CURSOR_PATTERN: Final = "^[0-9]{1,18}$"
"""A place in a list; it fits SQLite's integers, which have 63 bits."""


def limit_of(request: web.Request) -> int:
    """Return the value of `limit`; raises a 400 for anything but a number within its bounds."""
    value = _one(request, "limit")
    if value is None:
        return DEFAULT_LIMIT
    if not (_is_number(value, _LIMIT_DIGITS) and 1 <= int(value) <= MAX_LIMIT):
        raise Problem(HTTPStatus.BAD_REQUEST, f"limit is {value[:100]!r}; expected 1 to {MAX_LIMIT}")
    return int(value)


def place_of(request: web.Request) -> int | None:
    """Return the place at which the page before ended, or None for the first page."""
    cursor = _one(request, "cursor")
    if cursor is not None and not _is_number(cursor, _PLACE_DIGITS):
        raise Problem(HTTPStatus.BAD_REQUEST, "cursor is none that this gateway gave out")
    return int(cursor) if cursor is not None else None


def paged(request: web.Request, name: str, values: Sequence[bytes], following: int | None) -> web.Response:
    """Answer with a page of values as they stand on the topic: they are joined, not read and written again."""
    body = b'{"' + name.encode() + b'":[' + b",".join(values) + b"]"
    if following is None:
        return tagged(request, body + b"}")
    return tagged(request, body + b',"next":"' + str(following).encode() + b'"}', next_link(request, following))


def next_link(request: web.Request, following: int) -> dict[str, str]:
    """Return the header that names the next page."""
    return {"Link": f'<{request.rel_url.update_query(cursor=str(following))}>; rel="next"'}


def whole_list(request: web.Request, name: str, items: Sequence[Mapping[str, Any]]) -> web.Response:
    """Answer with a page of a short list that is at hand as a whole."""
    begin, limit = place_of(request) or 0, limit_of(request)
    end = begin + limit
    values = [orjson.dumps(item) for item in items[begin:end]]
    return paged(request, name, values, end if end < len(items) else None)


def _is_number(value: str, most_digits: int) -> bool:
    return value.isascii() and value.isdecimal() and len(value) <= most_digits


def _one(request: web.Request, name: str) -> str | None:
    values = request.query.getall(name, [])
    if len(values) > 1:
        raise Problem(HTTPStatus.BAD_REQUEST, f"{name} is given twice; expected one value")
    return values[0] if values else None
