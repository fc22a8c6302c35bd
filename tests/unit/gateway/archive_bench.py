"""Feeds, search and figures over a real archive and HTTP, without Kafka: what tests share."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import structlog
from aiohttp import web
from aiohttp.test_utils import TestServer

from schemas import Coverage, Entry, Newsroom
from streams.archive import Archive, Revision, open_archive
from streams.archive.facets import Facets, milliseconds_of
from streams.gateway.api.search import Search
from streams.gateway.feeds.modified import LastModified
from streams.gateway.feeds.routes import Feeds
from streams.gateway.figures.routes import Figures
from streams.gateway.http.problem import Problem, problems
from streams.gateway.routes import ROUTES

NEWSROOM = Newsroom(
    coverages=(
        Coverage(id="harbour-fire", title="Harbour fire & after"),
        Coverage(id="election", title="Election night", closed=True),
        Coverage(id="quiet", title="Nothing yet"),
        Coverage(id="secret", title="Not for you", public=False),
    )
)


def readable(_: web.Request, coverages: Collection[str]) -> frozenset[str]:
    """Let all but one coverage be read, and no unknown one."""
    for name in coverages:
        if name == "secret" or NEWSROOM.coverage(name) is None:
            raise Problem(HTTPStatus.NOT_FOUND, f"no coverage {name!r}")
    return frozenset(coverages) or frozenset(c.id for c in NEWSROOM.coverages if c.id != "secret")


@dataclass(frozen=True)
class Answer:
    """An answer that was read."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass
class ArchiveBench:
    """A server, and the archive behind it."""

    archive: Archive
    session: aiohttp.ClientSession
    server: TestServer
    offset: int = field(default=0)

    async def publish(self, entries: Sequence[Entry]) -> None:
        """Archive revisions as the hub does."""
        revisions = []
        for entry in entries:
            told = entry.to_dict()
            revisions.append(
                Revision(
                    0, self.offset, milliseconds_of(told), entry.entry_id, entry.revision, entry.to_json(),
                    Facets.of(told),
                )
            )  # fmt: skip
            self.offset += 1
        await self.archive.append(revisions, {0: self.offset})

    async def get(self, path: str, **headers: str) -> Answer:
        """Get and read an answer."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.session.get(self.server.make_url(path), headers=sent) as response:
            return Answer(response.status, response.headers, await response.read())

    async def json(self, path: str) -> Any:
        """Return what an answer holds."""
        answer = await self.get(path)
        assert answer.status == 200, answer.body
        return orjson.loads(answer.body)

    async def feed(self, suffix: str, coverage: str = "harbour-fire") -> bytes:
        """Return a feed."""
        answer = await self.get(f"/coverages/{coverage}/feed.{suffix}")
        assert answer.status == 200, answer.body
        return answer.body


@asynccontextmanager
async def an_archive_bench(folder: Path, **options: Any) -> AsyncIterator[ArchiveBench]:
    """Open an archive and serve what it holds."""
    archive = open_archive(f"sqlite:///{folder}/archive.db", structlog.get_logger())
    await archive.open("log", (0,))
    app = web.Application(middlewares=[problems(structlog.get_logger())])
    paths = {route.name: route.path for route in ROUTES}
    for name, handler in Feeds(lambda: archive, NEWSROOM, readable, LastModified(), **options).handlers().items():
        app.router.add_get(paths[name], handler)
    app.router.add_get("/v1/search", Search(lambda: archive, readable).handle)
    app.router.add_get("/v1/coverages/{coverage}/figures", Figures(lambda: archive, readable).handle)
    server = TestServer(app)
    await server.start_server()
    async with aiohttp.ClientSession() as session:
        try:
            yield ArchiveBench(archive, session, server)
        finally:
            await server.close()
            await archive.close()
