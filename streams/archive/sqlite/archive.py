"""The archive in SQLite: one writer thread, one reader thread, one that searches, write-ahead log.

`synchronous=NORMAL`: a power cut may take the last transactions, rows and offsets together, and they are read from
Kafka again; it never takes one without the other.
"""

import asyncio
import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Concatenate, Final, ParamSpec, TypeVar

import structlog

from streams.archive.archive import ArchiveLostError, Heard, Held, Page, Revision, Snapshot, Wanted
from streams.archive.due import Past, and_then
from streams.archive.search import SearchPage, SearchPlace, SearchQuery
from streams.archive.sqlite.browse import read_coverages, read_entries, read_figures, read_revisions, read_sources
from streams.archive.sqlite.file import connect, file_id, is_corrupt, set_aside, take_up
from streams.archive.sqlite.index import index_revision
from streams.archive.sqlite.prune import Pruned, prune
from streams.archive.sqlite.read import read_after, read_latest, read_past, read_since, read_tail
from streams.archive.sqlite.search import read_search

_REMEMBERED: Final = 2000
_PRUNED_AT_ONCE: Final = 500
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class SqliteArchive:
    """See `Archive`; a file on a local disk, of one gateway process."""

    def __init__(self, path: Path, log: structlog.stdlib.BoundLogger) -> None:
        """Nothing is opened before `open`."""
        self._path = path
        self._log = log
        # Threads with a connection each: a long read never holds up what is live, nor a search those who catch up.
        self._writing = ThreadPoolExecutor(1, "archive-write")
        self._reading = ThreadPoolExecutor(1, "archive-read")
        self._searching = ThreadPoolExecutor(1, "archive-search")
        self._writer: sqlite3.Connection | None = None
        self._reader: sqlite3.Connection | None = None
        self._searcher: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self._corrupt = False
        self._position: dict[int, int] = {}
        self._floor: dict[int, int] = {}
        self._past: OrderedDict[str, Past | None] = OrderedDict()
        """What comes after an entry's newest revision has been this; of those that were revised last."""

    @property
    def position(self) -> Mapping[int, int]:
        """The offset that comes next, of every partition."""
        return self._position

    @property
    def floor(self) -> Mapping[int, int]:
        """Where the unbroken history begins, of every partition."""
        return self._floor

    async def open(self, identity: str, partitions: Sequence[int]) -> None:
        """Take up the file; one of another log is set aside under another name, never deleted."""
        await self._write(self._open, identity, partitions)
        self._reader = await self._read(connect, self._path)
        self._searcher = await self._run(self._searching, connect, self._path)
        self._file = file_id(self._path)

    async def close(self) -> None:
        """Finish what is under way and close the file."""
        reader, self._reader = self._reader, None
        searcher, self._searcher = self._searcher, None
        writer, self._writer = self._writer, None
        if reader is not None:
            await self._read(reader.close)
        if searcher is not None:
            await self._run(self._searching, searcher.close)
        if writer is not None:
            await self._write(writer.close)
        self._searching.shutdown()
        self._reading.shutdown()
        self._writing.shutdown()

    def lost(self) -> str | None:
        """Return why the archive can't be used any more, or None: it was found corrupt, or its file was taken away."""
        if self._corrupt:
            return "corrupt"
        return "missing" if self._file is not None and file_id(self._path) != self._file else None

    def set_aside(self, reason: str) -> None:
        """Put away what is left of the file."""
        set_aside(self._path, reason, self._log)

    async def append(self, revisions: Sequence[Revision], position: Mapping[int, int]) -> list[Revision]:
        """Keep revisions and the position after them in one transaction."""
        kept = await self._write(self._append, revisions, position)
        self._position.update(position)
        return kept

    async def restart(self, position: Mapping[int, int]) -> None:
        """Go on from here although something before it is missing."""
        await self._write(self._restart, position)
        self._position.update(position)
        self._floor.update(position)

    async def after(self, position: Mapping[int, int], wanted: Wanted, start: int | None, limit: int) -> Page:
        """Return what follows a position and is due, a page of it."""
        return await self._read(read_after, self._connection(), position, wanted, start, limit)

    async def latest(
        self,
        until: Mapping[int, int],
        wanted: Wanted,
        start: int | None,
        limit: int,
    ) -> Snapshot:
        """Return a page of the newest revisions that stand before `until` and fit."""
        return await self._read(read_latest, self._connection(), until, wanted, start, limit)

    async def tail(self, wanted: Wanted, count: int) -> int:
        """Return where `latest` starts for the newest `count` entries of the wanted coverages."""
        return await self._read(read_tail, self._connection(), wanted, count)

    async def since(self, timestamp: int) -> tuple[dict[int, int], bool]:
        """Return the position of a time, and whether the history reaches back to it."""
        return await self._read(read_since, self._connection(), timestamp)

    async def coverages(self) -> Sequence[Held]:
        """Return what is held of each coverage."""
        return await self._read(read_coverages, self._connection())

    async def sources(self) -> Sequence[Heard]:
        """Return what is held of each source."""
        return await self._read(read_sources, self._connection())

    async def coverage(self, coverage_id: str) -> Held | None:
        """Return what is held of one coverage, or None for nothing."""
        return next(iter(await self._read(read_coverages, self._connection(), frozenset({coverage_id}))), None)

    async def entries(self, wanted: Wanted, before: int | None, limit: int, *, gone: bool = False) -> Snapshot:
        """Return the newest revisions of wanted entries, newest entry first, from before a place on."""
        return await self._read(read_entries, self._connection(), wanted, before, limit, gone=gone)

    async def revisions(self, entry_id: str, before: int | None, limit: int) -> Snapshot:
        """Return an entry's revisions, newest first, from before a place on; none for an unknown entry."""
        return await self._read(read_revisions, self._connection(), entry_id, before, limit)

    async def search(self, query: SearchQuery, wanted: Wanted, place: SearchPlace, limit: int) -> SearchPage:
        """Return a page of what was found, best first."""
        return await self._search(read_search, query, wanted, place, limit)

    async def figures(self, coverage_id: str) -> Sequence[Revision]:
        """Return all revisions of the coverage's entries that ever had figures."""
        return await self._search(read_figures, coverage_id)

    async def prune(self, before: int) -> int:
        """Forget the entries whose newest revision is older than a time, and raise the floor above them."""
        entries = 0
        while True:
            # Some at a time: what is live is written in between.
            pruned = await self._write(self._prune, before)
            self._floor.update(pruned.floor)
            entries += pruned.entries
            if pruned.entries < _PRUNED_AT_ONCE:
                return entries

    def _connection(self) -> sqlite3.Connection:
        if self._reader is None:
            raise ArchiveLostError("the archive is not open")
        return self._reader

    async def _write(
        self, work: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Result:
        return await self._run(self._writing, work, *args, **kwargs)

    async def _read(
        self, work: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Result:
        return await self._run(self._reading, work, *args, **kwargs)

    async def _search(
        self,
        work: Callable[Concatenate[sqlite3.Connection, Arguments], Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        if self._searcher is None:
            raise ArchiveLostError("the archive is not open")
        return await self._run(self._searching, work, self._searcher, *args, **kwargs)

    async def _run(
        self,
        executor: ThreadPoolExecutor,
        work: Callable[Arguments, Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        try:
            return await asyncio.wrap_future(executor.submit(work, *args, **kwargs))
        except sqlite3.Error as error:
            self._corrupt = self._corrupt or is_corrupt(error)
            if reason := self.lost():
                raise ArchiveLostError(f"the archive is {reason}; it is built anew") from error
            raise

    def _open(self, identity: str, partitions: Sequence[int]) -> None:
        self._writer = take_up(self._path, identity, self._log)
        with self._writer:
            # A partition that was added to the log begins at its beginning.
            self._writer.executemany(
                "INSERT OR IGNORE INTO positions VALUES (?, 0, 0)", [(partition,) for partition in partitions]
            )
        for partition, floor, following in self._writer.execute("SELECT partition, floor, next FROM positions"):
            self._floor[partition] = floor
            self._position[partition] = following

    def _append(self, revisions: Sequence[Revision], position: Mapping[int, int]) -> list[Revision]:
        writer = self._writer
        if writer is None:
            raise RuntimeError("the archive is not open")
        try:
            with writer:
                inserted = [self._insert(writer, each) for each in revisions]
                writer.executemany(
                    "UPDATE positions SET next = max(next, ?) WHERE partition = ?",
                    [(offset, partition) for partition, offset in position.items()],
                )
        except BaseException:
            self._past.clear()  # it may know of what was rolled back
            raise
        return [revision for revision in inserted if revision is not None]

    def _insert(self, writer: sqlite3.Connection, each: Revision) -> Revision | None:
        done = writer.execute(
            # Not OR IGNORE: that would pass over a broken row as well.
            "INSERT INTO revisions (partition, offset, timestamp, coverage_id, entry_id, revision, value) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (partition, offset) DO NOTHING",
            (each.partition, each.offset, each.timestamp, each.now.coverage, each.entry_id, each.revision, each.value),
        )
        if done.rowcount == 0:
            return None
        seq = done.lastrowid or 0
        writer.execute(
            "INSERT INTO entries (entry_id, coverage_id, newest) VALUES (?, ?, ?) "
            "ON CONFLICT (entry_id) DO UPDATE SET newest = excluded.newest",
            (each.entry_id, each.now.coverage, seq),
        )
        index_revision(writer, each)
        past = None
        if each.revision > 1:
            known = each.entry_id in self._past
            past = self._past[each.entry_id] if known else read_past(writer, each.entry_id, seq)
        self._past[each.entry_id] = and_then(past, each.now)
        self._past.move_to_end(each.entry_id)
        if len(self._past) > _REMEMBERED:
            self._past.popitem(last=False)
        return replace(each, past=past)

    def _prune(self, before: int) -> Pruned:
        if self._writer is None:
            raise RuntimeError("the archive is not open")
        self._past.clear()
        return prune(self._writer, before, most=_PRUNED_AT_ONCE)

    def _restart(self, position: Mapping[int, int]) -> None:
        if self._writer is None:
            raise RuntimeError("the archive is not open")
        with self._writer:
            self._writer.executemany(
                "UPDATE positions SET floor = ?, next = ? WHERE partition = ?",
                [(offset, offset, partition) for partition, offset in position.items()],
            )
