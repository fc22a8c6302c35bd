"""REST: coverages, entries and their revisions, as they stand in the archive; paged, with ETags, for any origin."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

from aiohttp import web

from schemas.newsroom import Coverage, Newsroom
from streams.archive import Archive, Held, Snapshot
from streams.gateway.auth.access import Access
from streams.gateway.auth.guard import ACCESS
from streams.gateway.delivery import filters
from streams.gateway.delivery.filters import Filter, FilterError
from streams.gateway.delivery.hub import Hub
from streams.gateway.http.answer import json_answer, tagged
from streams.gateway.http.coverages import KnownCoverages, hidden
from streams.gateway.http.paging import PAGED, limit_of, paged, place_of, whole_list
from streams.gateway.http.parameters import read_parameters
from streams.gateway.http.problem import Problem

ENTRIES: Final = filters.PARAMETERS | PAGED | {"status"}
"""The parameters of a list of entries."""
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
        read_parameters(request, PAGED)
        return whole_list(request, "coverages", await self._coverages(request[ACCESS]))

    async def coverage(self, request: web.Request) -> web.Response:
        """Answer with one coverage."""
        read_parameters(request, ())
        wanted = request.match_info["coverage"]
        self.archive()
        self.known.allow(request[ACCESS], [wanted])
        for each in await self._coverages(request[ACCESS]):
            if each["id"] == wanted:
                return json_answer(request, each)
        raise Problem(HTTPStatus.NOT_FOUND, f"no coverage {wanted[:100]!r}")

    async def entries(self, request: web.Request) -> web.Response:
        """Answer with the newest revisions of a coverage's entries, newest entry first."""
        query = read_parameters(request, ENTRIES)
        try:
            wanted = Filter.read(query, request.match_info["coverage"])
        except FilterError as error:
            raise Problem(HTTPStatus.BAD_REQUEST, str(error)) from error
        archive = self.archive()
        self.known.allow(request[ACCESS], wanted.coverages)
        gone = _status(query) == "canceled"
        found = await archive.entries(wanted, place_of(request), limit_of(request), gone=gone)
        return paged(request, "entries", [revision.value for revision in found.revisions], found.next)

    async def entry(self, request: web.Request) -> web.Response:
        """Answer with an entry's newest revision, its bytes as they stand on the topic."""
        read_parameters(request, ())
        found = await self.archive().revisions(request.match_info["entry"], None, 1)
        _need_shown(request, found)
        return tagged(request, found.revisions[0].value)

    async def revisions(self, request: web.Request) -> web.Response:
        """Answer with an entry's revisions, newest first."""
        read_parameters(request, PAGED)
        name = request.match_info["entry"]
        before, limit = place_of(request), limit_of(request)
        archive = self.archive()
        _need_shown(request, await archive.revisions(name, None, 1))
        found = await archive.revisions(name, before, limit)
        return paged(request, "revisions", [revision.value for revision in found.revisions], found.next)

    async def _coverages(self, access: Access) -> list[dict[str, Any]]:
        held: dict[str, Held] = {each.coverage_id: each for each in await self.archive().coverages()}
        known: dict[str, Coverage] = {coverage.id: coverage for coverage in self.newsroom.coverages}
        told = []
        for name in filter(access.may_read, dict.fromkeys([*known, *sorted(held)])):
            coverage, counted = known.get(name), held.get(name)
            told.append(
                {
                    "id": name,
                    **({"title": coverage.title} if coverage and coverage.title else {}),
                    **({"closed": True} if coverage and coverage.closed else {}),
                    **({"sources": [source.id for source in coverage.sources]} if coverage else {}),
                    "entries": counted.entries if counted else 0,
                    **({"changed_at": rfc3339(counted.changed_at)} if counted else {}),
                }
            )
        return told

    def archive(self) -> Archive:
        """Return the archive; raises a 503 before the gateway has caught up."""
        if not self.hub.caught_up.is_set():
            raise Problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                self.hub.not_ready() or "the gateway is starting",
                {"Retry-After": str(self.retry_after)},
            )
        return self.hub.archive


def _need_shown(request: web.Request, found: Snapshot) -> None:
    """Raise a 404 where there is no such entry, or one of a coverage that is not shown: the same answer."""
    name = request.match_info["entry"]
    absent = Problem(HTTPStatus.NOT_FOUND, f"no entry {name[:100]!r}")
    if not found.revisions:
        raise absent
    access, coverage = request[ACCESS], found.revisions[0].now.coverage
    if not access.may_read(coverage):
        raise hidden(access, coverage) if access.knows(coverage) else absent


def _status(query: Mapping[str, list[str]]) -> str:
    """Return whether entries as they stand are asked for, or those that were taken back, withheld ones included."""
    *others, status = query.get("status", ["usable"])
    if others or status not in _STATUSES:
        raise Problem(HTTPStatus.BAD_REQUEST, f"status is {status[:100]!r}; expected one of {', '.join(_STATUSES)}")
    return status


def rfc3339(milliseconds: int) -> str:
    """Return milliseconds since the epoch as the API writes times."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
