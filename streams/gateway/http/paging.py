"""Lists in pages: how many are wanted."""

from http import HTTPStatus
from typing import Final

from aiohttp import web

from streams.gateway.http.problem import Problem

PAGED: Final = frozenset({"cursor", "limit"})
"""The parameters of every list."""
DEFAULT_LIMIT: Final = 50
MAX_LIMIT: Final = 200
_LIMIT_DIGITS: Final = 5


def limit_of(request: web.Request) -> int:
    """Return how many are wanted; raises a 400 for what is no such number."""
    values = request.query.getall("limit", [str(DEFAULT_LIMIT)])
    if len(values) > 1:
        raise Problem(HTTPStatus.BAD_REQUEST, "limit is given twice; expected one value")
    value = values[0]
    number = value.isascii() and value.isdecimal() and len(value) <= _LIMIT_DIGITS
    if not (number and 1 <= int(value) <= MAX_LIMIT):
        raise Problem(HTTPStatus.BAD_REQUEST, f"limit is {value[:100]!r}; expected 1 to {MAX_LIMIT}")
    return int(value)
