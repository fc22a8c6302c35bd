"""REST: coverages, entries and their revisions, as they stand in the archive; paged, with ETags, for any origin."""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Any, Final

import orjson
from aiohttp import web

from schemas.newsroom import Coverage, Newsroom
from streams.archive import Archive, Held
from streams.gateway.delivery import filters
from streams.gateway.delivery.filters import Filter, FilterError
from streams.gateway.delivery.hub import Hub
from streams.gateway.http.cors import ANY_ORIGIN
from streams.gateway.http.coverages import KnownCoverages
from streams.gateway.http.parameters import read_parameters
from streams.gateway.http.problem import Problem

_DEFAULT_LIMIT: Final = 50
_MAX_LIMIT: Final = 200
_PAGED: Final = frozenset({"cursor", "limit"})
_ENTRIES: Final = filters.PARAMETERS | _PAGED | {"status"}
_STATUSES: Final = ("usable", "canceled")


@dataclass(frozen=True, slots=True)
class Rest:
    """The routes with what they need."""

    hub: Hub
    newsroom: Newsroom
    retry_after: int
    known: KnownCoverages

    async def coverages(self, request: web.Request) -> web.Response:
        """Answer with the newsroom's coverages, and those that only the archive knows."""
        read_parameters(request, ())
        return _answer(request, {"coverages": await self._coverages()})

    async def coverage(self, request: web.Request) -> web.Response:
        """Answer with one coverage."""
        read_parameters(request, ())
        wanted = request.match_info["coverage"]
        for each in await self._coverages():
            if each["id"] == wanted:
                return _answer(request, each)
        raise Problem(HTTPStatus.NOT_FOUND, f"no coverage {wanted[:100]!r}")

    async def entries(self, request: web.Request) -> web.Response:
        """Answer with the newest revisions of a coverage's entries, newest entry first."""
        query = read_parameters(request, _ENTRIES)
        try:
            wanted = Filter.read(query, request.match_info["coverage"])
        except FilterError as error:
            raise Problem(HTTPStatus.BAD_REQUEST, str(error)) from error
        archive = self.archive()
        self.known.need(wanted.coverages)
        gone = _status(query) == "canceled"
        found = await archive.entries(wanted, _before(request), _limit(request), gone=gone)
        return _paged(request, "entries", [revision.value for revision in found.revisions], found.next)

    async def entry(self, request: web.Request) -> web.Response:
        """Answer with an entry's newest revision, its bytes as they stand on the topic."""
        read_parameters(request, ())
        found = await self.archive().revisions(request.match_info["entry"], None, 1)
        if not found.revisions:
            raise Problem(HTTPStatus.NOT_FOUND, f"no entry {request.match_info['entry'][:100]!r}")
        return _tagged(request, found.revisions[0].value, {})

    async def revisions(self, request: web.Request) -> web.Response:
        """Answer with an entry's revisions, newest first."""
        read_parameters(request, _PAGED)
        name = request.match_info["entry"]
        before = _before(request)
        found = await self.archive().revisions(name, before, _limit(request))
        if not found.revisions and (before is None or not (await self.archive().revisions(name, None, 1)).revisions):
            raise Problem(HTTPStatus.NOT_FOUND, f"no entry {name[:100]!r}")
        return _paged(request, "revisions", [revision.value for revision in found.revisions], found.next)

    async def _coverages(self) -> list[dict[str, Any]]:
        held: dict[str, Held] = {each.coverage_id: each for each in await self.archive().coverages()}
        known: dict[str, Coverage] = {coverage.id: coverage for coverage in self.newsroom.coverages}
        told = []
        for name in dict.fromkeys([*known, *sorted(held)]):
            coverage, counted = known.get(name), held.get(name)
            told.append(
                {
                    "id": name,
                    **({"title": coverage.title} if coverage and coverage.title else {}),
                    **({"sources": [source.id for source in coverage.sources]} if coverage else {}),
                    "entries": counted.entries if counted else 0,
                    **({"changed_at": _time(counted.changed_at)} if counted else {}),
                }
            )
        return told

    def archive(self) -> Archive:
        """Return the archive; raises a 503 as long as the log is being read."""
        if not self.hub.caught_up.is_set():
            raise Problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                self.hub.not_ready() or "the gateway is starting",
                {"Retry-After": str(self.retry_after)},
            )
        return self.hub.archive


def rest_routes(rest: Rest) -> Mapping[str, Callable[[web.Request], Any]]:
    """Return the paths and who answers them."""
    return {
        "/v1/coverages": rest.coverages,
        "/v1/coverages/{coverage}": rest.coverage,
        "/v1/coverages/{coverage}/entries": rest.entries,
        "/v1/entries/{entry}": rest.entry,
        "/v1/entries/{entry}/revisions": rest.revisions,
    }


def _paged(request: web.Request, name: str, values: list[bytes], following: int | None) -> web.Response:
    # The values are joined as they stand on the topic, not read and written again.
    cursor = _token(following) if following is not None else None
    body = b'{"' + name.encode() + b'":[' + b",".join(values) + b"]"
    body += b',"next":' + orjson.dumps(cursor) + b"}" if cursor else b"}"
    link = {"Link": f'<{request.rel_url.update_query(cursor=cursor)}>; rel="next"'} if cursor else {}
    return _tagged(request, body, link)


def _answer(request: web.Request, value: Any) -> web.Response:
    return _tagged(request, orjson.dumps(value), {})


def _tagged(request: web.Request, body: bytes, headers: Mapping[str, str]) -> web.Response:
    etag = sha256(body).hexdigest()[:20]
    headers = {**ANY_ORIGIN, "Access-Control-Expose-Headers": "Link, ETag", "Cache-Control": "no-cache", **headers}
    headers["ETag"] = f'"{etag}"'
    if any(tag.value in (etag, "*") for tag in request.if_none_match or ()):
        return web.Response(status=HTTPStatus.NOT_MODIFIED.value, headers=headers)
    return web.Response(body=body, content_type="application/json", headers=headers)


def _token(place: int) -> str:
    return base64.urlsafe_b64encode(str(place).encode()).rstrip(b"=").decode()


def _before(request: web.Request) -> int | None:
    token = request.query.get("cursor")
    if not token:
        return None
    try:
        place = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        place = ""
    if not (place.isascii() and place.isdecimal() and len(place) < 19):  # noqa: PLR2004  (SQLite's integers have 63 bits)
        raise Problem(HTTPStatus.BAD_REQUEST, "cursor is none that this gateway gave out")
    return int(place)


def _status(query: Mapping[str, list[str]]) -> str:
    """Return whether entries as they stand are asked for, or those that were taken back, withheld ones included."""
    *others, status = query.get("status", ["usable"])
    if others or status not in _STATUSES:
        raise Problem(HTTPStatus.BAD_REQUEST, f"status is {status[:100]!r}; expected one of {', '.join(_STATUSES)}")
    return status


def _limit(request: web.Request) -> int:
    value = request.query.get("limit", str(_DEFAULT_LIMIT))
    if not (value.isascii() and value.isdecimal() and len(value) < 6 and 1 <= int(value) <= _MAX_LIMIT):  # noqa: PLR2004
        raise Problem(HTTPStatus.BAD_REQUEST, f"limit is {value[:100]!r}; expected 1 to {_MAX_LIMIT}")
    return int(value)


def _time(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
