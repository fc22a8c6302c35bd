"""Brings a state database to its present form, by Alembic; run whenever one is opened."""

from typing import Final

from sqlalchemy import Connection, text

from streams.archive.forms import Forms
from streams.exceptions import LivelineError

_FORMS: Final = Forms("streams.archive.state", "liveline_state_version")
_MIGRATION_LOCK: Final = 0x4C49_5645  # any number; PostgreSQL's advisory locks have no names


class NewerStateError(LivelineError):
    """The database was brought to a form that this version of Liveline does not know."""


def migrate(connection: Connection) -> None:
    """Apply what is missing, all of it or nothing; processes that start together wait for one another."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
    here, known = _FORMS.current(connection), _FORMS.known()
    if here is not None and here not in known:
        raise NewerStateError(
            f"LIVELINE_STATE: the database has form {here!r}, which a newer Liveline made; expected one of "
            f"{', '.join(known)}: run that version, or a later one"
        )
    _FORMS.upgrade(connection)
