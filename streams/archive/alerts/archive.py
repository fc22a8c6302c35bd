"""The gateway's projection of `liveline.alerts`: every revision, kept with the offsets that led to it.

Threads of its own write and read, so that neither holds up the gateway's loop. `synchronous=NORMAL`: a power cut may
take SQLite's last transactions, rows and offsets together, and they are read from Kafka again.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar

import structlog
from sqlalchemy import URL, Connection, Engine

from streams.archive.alerts import read, write
from streams.archive.alerts.address import file_of
from streams.archive.alerts.opening import remove, take_up
from streams.archive.alerts.revision import AlertList, AlertPage, AlertQuery, AlertRevision, Firing
from streams.archive.archive import ArchiveLostError
from streams.archive.database import READS, is_corrupt
from streams.archive.database_work import DatabaseWork
from streams.archive.sqlite.file import file_id
from streams.exceptions import LivelineError

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class AlertArchiveError(LivelineError):
    """The database can't be used now; it may be reached again later."""


class AlertArchive:
    """Written in the log's order by one reader, read by anyone."""

    def __init__(self, url: URL, log: structlog.stdlib.BoundLogger) -> None:
        """Nothing is opened before `open`."""
        self._url, self._path = url, file_of(url)
        self._log = log
        self._writing = ThreadPoolExecutor(1, "alerts-write")
        self._reading = ThreadPoolExecutor(1, "alerts-read")
        self._engine: Engine | None = None
        self._file: tuple[int, int] | None = None
        self._work = DatabaseWork(
            archive="the alerts' projection",
            database="the alerts",
            failure=AlertArchiveError,
            lost_by=lambda error: "corrupt" if is_corrupt(error) else None,
            is_lost=self._is_missing,
        )
        self.position: dict[int, int] = {}
        """The offset that comes next, of every partition."""
        self.floor: dict[int, int] = {}
        """Where the unbroken history begins, of every partition."""

    async def open(self, identity: str, partitions: Sequence[int]) -> None:
        """Take up the database; one of another log is set aside."""
        self._engine = await self._work.run(self._writing, take_up, self._url, identity, partitions, self._log)
        self._file = file_id(self._path) if self._path else None
        self.position, self.floor = await self._read(read.read_positions)

    async def close(self) -> None:
        """Finish what is under way and close it."""
        await asyncio.to_thread(self._shut_down)

    def lost(self) -> str | None:
        """Return why the database can't be used any more, or None: it was found corrupt, or its file was taken away."""
        return self._work.lost()

    async def set_aside(self, reason: str) -> None:
        """Put away what is left of it, once it is closed: the next one begins empty."""
        await asyncio.to_thread(remove, self._url, reason, self._log)

    async def append(self, revisions: Sequence[AlertRevision], position: Mapping[int, int]) -> None:
        """Keep revisions and the position after them in one transaction; what is here already is passed over."""
        await self._write(write.append, revisions, position)
        self.position.update(position)

    async def restart(self, position: Mapping[int, int]) -> None:
        """Go on from here although something before it is missing."""
        await self._write(write.restart, position)
        self.position.update(position)
        self.floor.update(position)

    async def prune(self, before: datetime) -> int:
        """Forget the alerts whose newest revision is older than a time; returns how many."""
        alerts, _ = await self._write(write.prune, before)
        _, self.floor = await self._read(read.read_positions)
        return alerts

    async def after(self, position: Mapping[int, int], until: Mapping[int, int], limit: int) -> AlertPage:
        """Return the first revisions between two positions."""
        return await self._read(read.read_after, position, until, limit)

    async def alerts(self, query: AlertQuery, before: int | None, limit: int) -> AlertList:
        """Return alerts in their newest revisions, newest first, from before a place on."""
        return await self._read(read.read_alerts, query, before, limit)

    async def revisions(self, alert_id: str) -> tuple[str | None, list[bytes]]:
        """Return an alert's coverage and its revisions, newest first; None and nothing for an unknown one."""
        return await self._read(read.read_revisions, alert_id)

    async def firings(self, coverages: Collection[str]) -> list[Firing]:
        """Return when each rule last told anybody of anything in these coverages, or in any if there are none."""
        return await self._read(read.read_firings, coverages)

    async def coverages_of(self, story_id: str) -> frozenset[str]:
        """Return the coverages in which alerts speak of a story."""
        return await self._read(read.read_coverages_of, story_id)

    def _is_missing(self) -> str | None:
        gone = self._path is not None and self._file is not None and file_id(self._path) != self._file
        return "missing" if gone else None

    def _opened(self) -> Engine:
        if self._engine is None:
            raise ArchiveLostError("the alerts' projection is not open")
        return self._engine

    async def _write(
        self,
        work: Callable[Concatenate[Engine, Arguments], Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        return await self._work.run(self._writing, work, self._opened(), *args, **kwargs)

    async def _read(
        self,
        work: Callable[Concatenate[Connection, Arguments], Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        engine = self._opened().execution_options(**{READS: True})

        def reading() -> Result:
            with engine.begin() as connection:
                return work(connection, *args, **kwargs)

        return await self._work.run(self._reading, reading)

    def _shut_down(self) -> None:
        self._reading.shutdown(wait=True)
        self._writing.shutdown(wait=True)
        engine, self._engine = self._engine, None
        if engine is not None:
            engine.dispose()
