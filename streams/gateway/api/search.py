"""`GET /v1/search`: full text over what stands, best first."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, Final

import orjson
from aiohttp import web

from streams.archive import Archive
from streams.archive.search import SearchError, SearchPage, SearchPlace, SearchQuery
from streams.gateway.api.highlights import highlights
from streams.gateway.delivery import filters
from streams.gateway.delivery.filters import Filter, FilterError
from streams.gateway.http.answer import tagged
from streams.gateway.http.paging import PAGED, limit_of
from streams.gateway.http.parameters import read_parameters
from streams.gateway.http.problem import Problem
from streams.gateway.http.readable import Readable

PARAMETERS: Final = filters.PARAMETERS | PAGED
_CURSOR_DIGITS: Final = 18


@dataclass(frozen=True, slots=True)
class Search:
    """The route with what it needs."""

    archive: Callable[[], Archive]
    readable: Readable

    async def handle(self, request: web.Request) -> web.Response:
        """Answer with a page of entries, each with its score and its matches."""
        query = read_parameters(request, PARAMETERS)
        try:
            sought = _query(query)
            wanted = Filter.read({name: values for name, values in query.items() if name != "q"})
        except (FilterError, SearchError) as error:
            raise Problem(HTTPStatus.BAD_REQUEST, str(error)) from error
        limit, place = limit_of(request), _place(query)
        archive = self.archive()
        wanted = replace(wanted, coverages=self.readable(request, wanted.coverages))
        page = await archive.search(sought, wanted, place, limit)
        # In a thread: long texts take a while, and whoever is live must not wait for it.
        told = {"entries": await asyncio.to_thread(_told, sought, page)}
        if page.next is None:
            return tagged(request, orjson.dumps(told))
        cursor = f"{page.next.offset}-{page.next.newest}"
        link = f'<{request.rel_url.update_query(cursor=cursor)}>; rel="next"'
        return tagged(request, orjson.dumps({**told, "next": cursor}), {"Link": link})


def _told(query: SearchQuery, page: SearchPage) -> list[dict[str, Any]]:
    return [
        {
            "entry": orjson.Fragment(hit.revision.value),  # as it stands on the topic
            "score": hit.score,
            "highlights": highlights(query, orjson.loads(hit.revision.value)),
        }
        for hit in page.hits
    ]


def _query(query: Mapping[str, list[str]]) -> SearchQuery:
    values = query.get("q", [])
    if len(values) != 1:
        raise SearchError("q is given twice; expected one value" if values else "q is missing; expected words to find")
    return SearchQuery.read(values[0])


def _place(query: Mapping[str, list[str]]) -> SearchPlace:
    values = query.get("cursor", [])
    if not values:
        return SearchPlace()
    offset, _, newest = values[0].partition("-")
    if len(values) == 1 and all(
        part.isascii() and part.isdecimal() and len(part) <= _CURSOR_DIGITS for part in (offset, newest)
    ):
        return SearchPlace(int(offset), int(newest))
    raise Problem(HTTPStatus.BAD_REQUEST, "cursor is none that this gateway gave out")
