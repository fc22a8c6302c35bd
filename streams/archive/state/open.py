"""The state database: what must not be lost. SQLite in a file of its own, or PostgreSQL by its URL.

The archive is a projection and is set aside when it is broken; this is never set aside, rebuilt or pruned with it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from streams.archive.database import CONNECT_SECONDS, READS, is_corrupt, name_of, read_url, reason_of, sqlite_engine
from streams.archive.state.migrate import migrate
from streams.exceptions import LivelineError


class StateError(LivelineError):
    """The state database can't be used; nothing replaces what it holds."""

    def __init__(self, message: str, *, corrupt: bool = False) -> None:
        super().__init__(message)
        self.corrupt = corrupt
        """A person must see to it; otherwise it may be reached again later."""


@dataclass(frozen=True, slots=True)
class State:
    """An open state database."""

    engine: Engine
    name: str
    """What it is called in messages: its URL without a password."""

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection for looking: it waits for no writer."""
        with self._told(), self.engine.execution_options(**{READS: True}).begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection for a transaction, which is kept when the block ends and undone when it raises."""
        with self._told(), self.engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            message = f"LIVELINE_STATE: {self.name}: {_reason(error)}"
            raise StateError(message, corrupt=is_corrupt(error)) from error


def open_state(url: str) -> State:
    """Open a state database and bring it to its present form.

    Raises `StateError` for one that is corrupt or can't be reached, `SettingsError` for another kind of URL.
    """
    parsed = read_url("LIVELINE_STATE", url)
    state = State(_engine(parsed), name_of(parsed))
    try:
        if parsed.get_backend_name() == "sqlite":
            _check_file(state)
        with state.write() as connection:
            migrate(connection)
    except BaseException:
        state.close()
        raise
    return state


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "postgresql":
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": CONNECT_SECONDS})
    path = Path(url.database or "")
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)  # it holds secrets
    return sqlite_engine(path, "FULL")  # a power cut takes nothing that was promised


def _check_file(state: State) -> None:
    with state.read() as connection:
        problems = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA quick_check(1)")]
    if problems != ["ok"]:
        raise StateError(f"LIVELINE_STATE: {state.name}: {_CORRUPT} ({problems[0]})", corrupt=True)


_CORRUPT: Final = (
    "the database is corrupt; it is left as it is. Put back a copy, or move it away yourself to begin without its "
    "webhooks, deliveries, acknowledgements and mutes"
)


def _reason(error: SQLAlchemyError) -> str:
    if is_corrupt(error):
        return f"{_CORRUPT} ({error.orig if isinstance(error, DBAPIError) else error})"
    return reason_of(error)
