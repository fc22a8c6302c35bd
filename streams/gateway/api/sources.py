"""`GET /v1/sources`: the sources with their freshness, for admins."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from schemas.newsroom import Newsroom
from streams.archive import Archive, Heard
from streams.gateway.api.rest import Rest, rfc3339
from streams.gateway.http.paging import PAGED, whole_list
from streams.gateway.http.parameters import read_parameters


@dataclass(frozen=True, slots=True)
class Sources:
    """The route with what it needs."""

    rest: Rest
    newsroom: Newsroom

    async def handle(self, request: web.Request) -> web.Response:
        """Answer with the newsroom's sources, and those that only the archive knows."""
        read_parameters(request, PAGED)
        return whole_list(request, "sources", await self.told(self.rest.archive()))

    async def told(self, archive: Archive) -> list[dict[str, Any]]:
        """Return the sources with what is held of each, those of `liveline.yaml` first."""
        heard: dict[str, Heard] = {each.source_id: each for each in await archive.sources()}
        told = []
        for coverage in self.newsroom.coverages:
            for source in coverage.sources:
                polled = {"url": source.url, "every": source.every} if source.url else {}
                told.append({"id": source.id, "coverage": coverage.id, "format": source.format, **polled})
        configured = {each["id"] for each in told}
        told += [{"id": name, "coverage": heard[name].coverage_id} for name in sorted(heard) if name not in configured]
        return [{**each, **_freshness(heard.get(each["id"]))} for each in told]


def _freshness(heard: Heard | None) -> dict[str, Any]:
    """Return when a source last said something new: a document that changes nothing leaves no trace here."""
    if heard is None:
        return {"entries": 0}
    return {"entries": heard.entries, "received_at": rfc3339(heard.received_at)}
