"""Keeps an archive of a log up to date: reads the log once, and begins anew whenever the log or the archive fails.

What a batch of records becomes, and who is told of it, is its subclasses' business: entries and alerts differ in that.
"""

import asyncio
import contextlib
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, Generic, Protocol, TypeVar

from aiokafka.errors import KafkaError, OffsetOutOfRangeError

from streams.archive import ArchiveLostError
from streams.background import end_task
from streams.exceptions import BrokerError, LivelineError
from streams.gateway.feed.generations import Generations, OneGeneration
from streams.gateway.feed.log import Log, MissingRecordsError

_AGAIN_SECONDS: Final = 1.0


class KeptArchive(Protocol):
    """What the keeper needs of an archive."""

    @property
    def position(self) -> Mapping[int, int]:
        """The offset that comes next, of every partition."""
        ...

    async def open(self, identity: str, partitions: Sequence[int]) -> None:
        """Take up the archive of this log, or begin one."""
        ...

    async def close(self) -> None:
        """Finish what is under way."""
        ...

    def lost(self) -> str | None:
        """Return why the archive can't be used any more, or None."""
        ...

    async def set_aside(self, reason: str) -> None:
        """Put away what is left of a lost archive, once it is closed."""
        ...

    async def restart(self, position: Mapping[int, int]) -> None:
        """Go on from here although something before it is missing."""
        ...


Kept = TypeVar("Kept", bound=KeptArchive)


class Audience(Protocol):
    """Delivers what is kept: the hub of entries or the feed of alerts."""

    caught_up: asyncio.Event
    position: dict[int, int]
    """What was delivered: the offset that comes next, of every partition."""

    def let_go(self) -> None:
        """Stop delivering until another archive is taken up."""
        ...

    def send_away(self) -> None:
        """End all streams; the clients come back with their cursors."""
        ...

    def begin_at(self, position: Mapping[int, int]) -> None:
        """Go on at a position of the same log."""
        ...


class LogKeeper(ABC, Generic[Kept]):
    """Keeps reading, whatever happens to the log or the archive."""

    def __init__(
        self,
        audience: Audience,
        *,
        identity: Callable[[], Awaitable[str]],
        make_log: Callable[[], Log],
        make_archive: Callable[[], Kept],
        generations: Generations | None = None,
        longest_pause_seconds: float = _AGAIN_SECONDS,
    ) -> None:
        """Nothing connects before `start`; a log or an archive that has failed is made anew.

        `identity` and `make_log` are those of the generation that is live; when another one is, reading begins anew.
        The pause before that doubles, up to `longest_pause_seconds`, for as long as nothing can be read.
        """
        self._audience = audience
        self._identity = identity
        self._generations = generations or OneGeneration()
        self._make_log, self._make_archive = make_log, make_archive
        self._longest_pause_seconds = longest_pause_seconds
        self._pause = _AGAIN_SECONDS
        self._reading: Log | None = None
        self._archive: Kept | None = None
        self._of: tuple[str, tuple[int, ...]] | None = None
        """The log's identity and partitions that `_archive` is of."""
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to read."""
        self._task = asyncio.create_task(self._run(), name=type(self).__name__)

    async def stop(self) -> None:
        """Stop reading, and close the archive."""
        await end_task(self._task)
        if self._archive is not None:
            await self._archive.close()

    @abstractmethod
    async def _take_up(self, archive: Kept, identity: str) -> None:
        """Have the audience begin with an archive that was opened."""

    @abstractmethod
    async def _take(self, archive: Kept, records: Sequence[Any]) -> None:
        """Keep records with their offsets, and then tell the audience."""

    @abstractmethod
    def _has_caught_up(self) -> None:
        """Note that all is read that the log held when reading began."""

    @abstractmethod
    def _begins_later(self, position: Mapping[int, int]) -> None:
        """Log that the log no longer has what came next."""

    @abstractmethod
    def _failed(self, error: Exception, *, foreseen: bool) -> None:
        """Log why reading stopped, with a trace if nobody foresaw it; it begins anew after a pause."""

    def _is_reading(self) -> None:
        """Note that the log and the archive answered."""
        self._pause = _AGAIN_SECONDS

    async def _run(self) -> None:
        while True:
            try:
                await self._read()
            except (KafkaError, LivelineError, OSError) as error:
                self._failed(error, foreseen=True)
            except Exception as error:  # noqa: BLE001  (a keeper that ended would leave all waiting)
                self._failed(error, foreseen=False)
            if self._archive is not None and (lost := self._archive.lost()):
                await self._begin_anew(self._archive, lost)
            await asyncio.sleep(self._pause)
            # A topic that is not there yet, or a newer database, is no reason to ask every second.
            self._pause = min(self._pause * 2, self._longest_pause_seconds)

    async def _begin_anew(self, archive: Kept, lost: str) -> None:
        """Let go of an archive that is lost; the next one is read from the beginning of the log."""
        self._audience.let_go()
        self._archive, self._of = None, None
        with contextlib.suppress(LivelineError):
            await archive.close()
        await archive.set_aside(lost)

    async def _read(self) -> None:
        generation = await self._generations.known()
        identity = await self._identity()
        log = self._make_log()
        try:
            partitions = await log.start()
            if not partitions:
                raise BrokerError(f"topic {log.topic} does not exist; see `liveline topics create`")
            archive = await self._archive_of(identity, tuple(partitions))
            await self._seek(log, archive)
            self._reading = log
            while not log.grown() and self._generations.generation() == generation:
                if lost := archive.lost():
                    raise ArchiveLostError(f"the archive is {lost}")
                try:
                    records = await log.read()
                except OffsetOutOfRangeError:
                    await self._seek(log, archive)
                    continue
                if records:
                    await self._take(archive, records)
                if not self._audience.caught_up.is_set() and await log.caught_up():
                    self._has_caught_up()
                self._is_reading()
        finally:
            self._reading = None
            await log.stop()

    async def _archive_of(self, identity: str, partitions: tuple[int, ...]) -> Kept:
        """Return the archive of this log, opened; a log that was replaced while we run is another."""
        if self._archive is not None and self._of == (identity, partitions):
            if self._audience.position != dict(self._archive.position):
                # Something was kept and not told: those who are live get it when they come back.
                self._audience.send_away()
                self._audience.begin_at(self._archive.position)
            return self._archive
        if self._archive is not None:
            self._audience.let_go()
            before, self._archive = self._archive, None
            await before.close()
        archive = self._make_archive()
        try:
            await archive.open(identity, partitions)
        except BaseException:  # also when the gateway stops meanwhile: its threads and connections must end
            await archive.close()
            raise
        self._archive, self._of = archive, (identity, partitions)
        await self._take_up(archive, identity)
        return archive

    async def _seek(self, log: Log, archive: Kept) -> None:
        try:
            await log.seek(archive.position)
        except MissingRecordsError as missing:
            self._begins_later(missing.position)
            await archive.restart(missing.position)
            # Those who are live would not notice the gap; coming back, they are told.
            self._audience.send_away()
            self._audience.begin_at(archive.position)
