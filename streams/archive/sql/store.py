"""What differs between the databases that hold an archive."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, Engine, Select
from sqlalchemy.exc import SQLAlchemyError

from streams.archive.search import SearchQuery


@dataclass(frozen=True, slots=True)
class Texts:
    """An entry's texts as they are searched."""

    number: int
    """The entry's number."""
    headline: str
    summary: str
    body: str
    authors: str


class Store(Protocol):
    """A database as the archive uses it; its methods run in threads, those with a connection in a transaction."""

    @property
    def name(self) -> str:
        """What it is called in messages."""
        ...

    @property
    def readers(self) -> int:
        """How many reads may run at once."""
        ...

    @property
    def is_shared(self) -> bool:
        """Whether several processes write to it."""
        ...

    @property
    def reads(self) -> Mapping[str, Any]:
        """Options of a connection that only looks: all that it reads is of one moment."""
        ...

    def take_up(self, identity: str) -> Engine:
        """Return an engine on the archive of this log, in its present form; one of another log is left or set aside."""
        ...

    def lost(self) -> str | None:
        """Return why the archive can't be used any more, or None; quick, and in no thread."""
        ...

    def lost_by(self, error: SQLAlchemyError) -> str | None:
        """Return why an error means that the archive is lost, or None: it may be reached again later."""
        ...

    def look(self, connection: Connection) -> None:
        """Find out what `lost` says, where that takes a query."""
        ...

    def set_aside(self, reason: str) -> None:
        """Put away what is left of a lost archive, never deleting it."""
        ...

    def index(self, connection: Connection, outdated: Sequence[int], texts: Sequence[Texts]) -> None:
        """Let entries be found by these texts, and by no others; `outdated`: the numbers of those indexed before."""
        ...

    def ranked(self, query: SearchQuery, where: Sequence[ColumnElement[bool]], limit: int, offset: int) -> Select[Any]:
        """Return a query for `rank` (lower is better), `number` and `newest` of entries that match, best first."""
        ...

    def in_order(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return a column that is compared row by row, not by its index, where that keeps the rows in order."""
        ...
