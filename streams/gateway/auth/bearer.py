"""Where a request carries its token: a header, the query string, or a cookie whose page may use it."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

QUERY: Final = "access_token"
COOKIE: Final = "liveline_token"


class Carrier(Enum):
    """What a token came in."""

    HEADER = auto()
    QUERY = auto()
    COOKIE = auto()


@dataclass(frozen=True, slots=True)
class Presented:
    """A token as it came."""

    token: str
    carrier: Carrier


def presented(request: web.Request, origins: Collection[str]) -> Presented | None:
    """Return the token of a request, or None.

    The header goes before the query string, and both before the cookie. Another scheme than Bearer is a proxy's own.
    """
    scheme, _, credentials = request.headers.get("Authorization", "").strip().partition(" ")
    if scheme.lower() == "bearer":
        return Presented(credentials.strip(), Carrier.HEADER)
    if QUERY in request.query:
        return Presented(request.query[QUERY], Carrier.QUERY)
    cookie = request.cookies.get(COOKIE)
    if cookie and cookie_counts(request, origins):
        return Presented(cookie, Carrier.COOKIE)
    return None


def cookie_counts(request: web.Request, origins: Collection[str]) -> bool:
    """Say whether a cookie may speak for its browser: without `Origin`, from our own pages, and from those named."""
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    return origin.lower() in origins or _is_own(origin, request.headers.get("Host", ""))


def _is_own(origin: str, host: str) -> bool:
    """Say whether a page is from the address that it asks; a proxy may have taken TLS off, so the scheme is open."""
    try:
        parts = urlsplit(origin)
        mine = urlsplit(f"{parts.scheme}://{host}")
        ports = parts.port, mine.port
    except ValueError:
        return False
    default = {"http": 80, "https": 443}.get(parts.scheme)
    same_port = (ports[0] or default) == (ports[1] or default)
    return default is not None and parts.hostname == mine.hostname and same_port
