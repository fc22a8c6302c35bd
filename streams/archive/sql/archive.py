"""The archive on a database: its work runs in threads, so that a long read never holds up what is live."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine

from streams.archive.archive import ArchiveError, ArchiveLostError, Heard, Held, Page, Revision, Snapshot, Wanted
from streams.archive.database_work import DatabaseWork
from streams.archive.search import SearchPage, SearchPlace, SearchQuery
from streams.archive.sql.browse import (
    read_coverages,
    read_entries,
    read_figures,
    read_revisions,
    read_search,
    read_sources,
)
from streams.archive.sql.prune import PRUNED_AT_ONCE, prune
from streams.archive.sql.read import read_after, read_latest, read_since
from streams.archive.sql.store import Store
from streams.archive.sql.tables import POSITIONS
from streams.archive.sql.write import ArchiveBehindError, Pasts, Places, append, restart
from streams.archive.upsert import insert_or_ignore
from streams.background import end_task

_LOOK_SECONDS: Final = 1.0
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class SqlArchive:
    """See `Archive`."""

    def __init__(self, store: Store) -> None:
        """Nothing is opened before `open`."""
        self._store = store
        self._writing = ThreadPoolExecutor(1, "archive-write")
        self._reading = ThreadPoolExecutor(store.readers, "archive-read")
        self._searching = ThreadPoolExecutor(1, "archive-search")
        self._engine: Engine | None = None
        self._work = DatabaseWork(
            archive="the archive", database=store.name, failure=ArchiveError, lost_by=store.lost_by, is_lost=store.lost
        )
        self._looking: asyncio.Task[None] | None = None
        self._position: dict[int, int] = {}
        self._floor: dict[int, int] = {}
        self._pasts = Pasts()

    @property
    def position(self) -> Mapping[int, int]:
        """The offset that comes next to this process, of every partition."""
        return self._position

    @property
    def floor(self) -> Mapping[int, int]:
        """Where the unbroken history begins, of every partition, as far as this process has seen."""
        return self._floor

    async def open(self, identity: str, partitions: Sequence[int]) -> None:
        """Take up the archive of this log, or begin one."""
        places = await self._run(self._writing, lambda: self._take_up(identity, partitions))
        self._position, self._floor = places.following, places.floor
        if self._store.is_shared:
            self._looking = asyncio.create_task(self._look(), name="archive-look")

    async def close(self) -> None:
        """Finish what is under way and close the connections."""
        await end_task(self._looking)
        engine, self._engine = self._engine, None
        for executor in (self._searching, self._reading, self._writing):
            await asyncio.to_thread(executor.shutdown)
        if engine is not None:
            await asyncio.to_thread(engine.dispose)

    def lost(self) -> str | None:
        """Return why the archive can't be used any more, or None."""
        return self._work.lost()

    async def set_aside(self, reason: str) -> None:
        """Put away what is left of it."""
        await asyncio.to_thread(self._store.set_aside, reason)

    async def append(self, revisions: Sequence[Revision], position: Mapping[int, int]) -> list[Revision]:
        """Keep revisions and the position after them in one transaction."""
        try:
            done = await self._write(append, self._store, revisions, position, dict(self._position), self._pasts)
        except BaseException:
            self._pasts.clear()  # they may know of what was undone
            raise
        self._position.update(position)
        self._floor.update(done.floor)
        return done.revisions

    async def restart(self, position: Mapping[int, int]) -> None:
        """Go on from here although something before it is missing."""
        places = await self._write(restart, position)
        self._position.update(position)
        self._floor.update(places.floor)

    async def after(self, position: Mapping[int, int], wanted: Wanted, start: int | None, limit: int) -> Page:
        """Return what follows a position and is due, a page of it."""
        return await self._read(read_after, self._store, position, wanted, start, limit)

    async def latest(self, until: Mapping[int, int], wanted: Wanted, start: int | None, limit: int) -> Snapshot:
        """Return a page of the newest revisions that stand before `until` and fit."""
        return await self._read(read_latest, self._store, until, wanted, start, limit)

    async def since(self, timestamp: int) -> tuple[dict[int, int], bool]:
        """Return the position of a time, and whether the history reaches back to it."""
        return await self._read(read_since, timestamp)

    async def coverages(self) -> Sequence[Held]:
        """Return what is held of each coverage."""
        return await self._read(read_coverages)

    async def sources(self) -> Sequence[Heard]:
        """Return what is held of each source."""
        return await self._read(read_sources)

    async def coverage(self, coverage_id: str) -> Held | None:
        """Return what is held of one coverage, or None for nothing."""
        return next(iter(await self._read(read_coverages, frozenset({coverage_id}))), None)

    async def entries(self, wanted: Wanted, before: int | None, limit: int, *, gone: bool = False) -> Snapshot:
        """Return the newest revisions of wanted entries, newest entry first, from before a place on."""
        return await self._read(read_entries, self._store, wanted, before, limit, gone=gone)

    async def revisions(self, entry_id: str, before: int | None, limit: int) -> Snapshot:
        """Return an entry's revisions, newest first, from before a place on; none for an unknown entry."""
        return await self._read(read_revisions, entry_id, before, limit)

    async def search(self, query: SearchQuery, wanted: Wanted, place: SearchPlace, limit: int) -> SearchPage:
        """Return a page of what was found, best first."""
        return await self._search(read_search, self._store, query, wanted, place, limit)

    async def figures(self, coverage_id: str) -> Sequence[Revision]:
        """Return all revisions of the coverage's entries that ever had figures."""
        return await self._search(read_figures, coverage_id)

    async def prune(self, before: int) -> int:
        """Forget the entries whose newest revision is older than a time, and raise the floor above them."""
        entries = 0
        while True:
            # Some at a time: what is live is written in between.
            pruned = await self._write(prune, self._store, before)
            self._pasts.clear()
            self._floor.update(pruned.floor)
            entries += pruned.entries
            if pruned.entries < PRUNED_AT_ONCE:
                return entries

    async def _write(
        self, work: Callable[Concatenate[Connection, Arguments], Result], *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:  # fmt: skip
        return await self._with(self._writing, {}, work, *args, **kwargs)

    async def _read(
        self, work: Callable[Concatenate[Connection, Arguments], Result], *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:  # fmt: skip
        return await self._with(self._reading, self._store.reads, work, *args, **kwargs)

    async def _search(
        self, work: Callable[Concatenate[Connection, Arguments], Result], *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:  # fmt: skip
        return await self._with(self._searching, self._store.reads, work, *args, **kwargs)

    async def _with(
        self,
        executor: ThreadPoolExecutor,
        options: Mapping[str, Any],
        work: Callable[Concatenate[Connection, Arguments], Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        engine = self._engine
        if engine is None:
            raise ArchiveLostError("the archive is not open")

        def transaction() -> Result:
            with engine.connect() as connection, connection.execution_options(**options).begin():
                return work(connection, *args, **kwargs)

        return await self._run(executor, transaction)

    async def _run(self, executor: ThreadPoolExecutor, work: Callable[[], Result]) -> Result:
        try:
            return await self._work.run(executor, work)
        except ArchiveBehindError:
            self._work.lose("behind")
            raise

    def _take_up(self, identity: str, partitions: Sequence[int]) -> Places:
        self._engine = self._store.take_up(identity)
        with self._engine.begin() as connection:
            # A partition that was added to the log begins at its beginning.
            rows = [{"partition": partition, "floor": 0, "next": 0} for partition in partitions]
            insert_or_ignore(connection, POSITIONS, rows)
            return Places.read(connection)

    async def _look(self) -> None:
        """See what other processes have done to the archive."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            with contextlib.suppress(ArchiveError):  # the next write or read tells
                self._floor.update((await self._read(self._seen)).floor)

    def _seen(self, connection: Connection) -> Places:
        self._store.look(connection)
        return Places.read(connection)
