"""Runs an archive's work on its database in threads, and says in our words what the database refused."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from streams.archive.archive import ArchiveLostError
from streams.archive.database import reason_of
from streams.exceptions import LivelineError

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


@dataclass(slots=True)
class DatabaseWork:
    """Knows whether the archive is lost: for good, by an error that said so, or as `is_lost` finds now."""

    archive: str
    """What the archive is called in messages, such as `the archive`."""
    database: str
    """What its database is called in messages."""
    failure: Callable[[str], LivelineError]
    """Makes the error for a database that may be reached again later."""
    lost_by: Callable[[SQLAlchemyError], str | None]
    """Returns why an error means that the archive is lost, or None."""
    is_lost: Callable[[], str | None]
    """Returns why the archive can't be used any more, or None; quick."""
    _lost: str | None = field(default=None, init=False)

    def lose(self, reason: str) -> None:
        """Use the archive no more."""
        self._lost = reason

    def lost(self) -> str | None:
        """Return why the archive can't be used any more, or None."""
        return self._lost or self.is_lost()

    async def run(
        self,
        executor: ThreadPoolExecutor,
        work: Callable[Arguments, Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        """Return what `work` returns, done in a thread; raises `ArchiveLostError`, or what `failure` makes."""
        try:
            return await asyncio.wrap_future(executor.submit(work, *args, **kwargs))
        except SQLAlchemyError as error:
            self._lost = self._lost or self.lost_by(error)
            if reason := self.lost():
                raise ArchiveLostError(f"{self.archive} is {reason}; it is built anew") from error
            raise self.failure(f"LIVELINE_ARCHIVE: {self.database}: {reason_of(error)}") from error
