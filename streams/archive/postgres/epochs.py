"""Which schema holds which log's archive.

Each archive is a schema of its own, and a table says whose it is. An archive that is set aside keeps its schema and its
name: readers on it go on until they notice, and nothing of two archives is ever mixed.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, text

from streams.archive.archive import ArchiveError
from streams.archive.sql.tables import FORMS, VERSION

TABLE: Final = "liveline_archives"
_LOCK: Final = 0x4C49_4152  # any number; PostgreSQL's advisory locks have no names


@dataclass(frozen=True, slots=True)
class Epoch:
    """One archive."""

    number: int
    control: str
    """The schema with the table that names all archives."""

    @property
    def schema(self) -> str:
        """Where its tables are."""
        return f"liveline_archive_{self.number}"

    def is_current(self, connection: Connection) -> bool:
        """Whether nobody has set it aside."""
        statement = text(f'SELECT set_aside IS NULL FROM "{self.control}".{TABLE} WHERE number = :number')  # noqa: S608
        return bool(connection.execute(statement, {"number": self.number}).scalar())

    def set_aside(self, connection: Connection, reason: str) -> bool:
        """Let nobody take it up any more; returns whether it was this call that did so."""
        statement = text(
            f'UPDATE "{self.control}".{TABLE} SET set_aside = :reason '  # noqa: S608
            "WHERE number = :number AND set_aside IS NULL"
        )
        return connection.execute(statement, {"reason": reason, "number": self.number}).rowcount == 1


def take_up(connection: Connection, identity: str) -> tuple[Epoch, bool]:
    """Return the archive of this log in its present form, and whether it was made; gateways wait for one another."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    connection.execute(
        text(
            f"CREATE TABLE IF NOT EXISTS {TABLE} (number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
            "identity TEXT NOT NULL, made_at TIMESTAMPTZ NOT NULL DEFAULT now(), "
            "opened_at TIMESTAMPTZ NOT NULL DEFAULT now(), set_aside TEXT)"
        )
    )
    control = str(connection.execute(text("SELECT current_schema()")).scalar())
    number = connection.execute(
        text(
            f"UPDATE {TABLE} SET opened_at = now() WHERE number = (SELECT max(number) FROM {TABLE} "  # noqa: S608
            "WHERE identity = :identity AND set_aside IS NULL) RETURNING number"
        ),
        {"identity": identity},
    ).scalar()
    is_new = number is None
    if number is None:
        insert = text(f"INSERT INTO {TABLE} (identity) VALUES (:identity) RETURNING number")  # noqa: S608
        number = connection.execute(insert, {"identity": identity}).scalar_one()
    epoch = Epoch(number, control)
    if is_new:
        connection.execute(text(f"CREATE SCHEMA {epoch.schema}"))
    connection.execute(text(f"SET LOCAL search_path TO {epoch.schema}"))
    form, known = FORMS.current(connection), FORMS.known()
    if form is not None and form not in known:
        raise ArchiveError(
            f"LIVELINE_ARCHIVE: the archive has form {form!r}, which a newer Liveline made; expected one of "
            f"{', '.join(known)}: run that version, or a later one"
        )
    if form != known[-1]:
        FORMS.upgrade(connection)
    if is_new:
        log = text("INSERT INTO log (identity, version) VALUES (:identity, :version)")
        connection.execute(log, {"identity": identity, "version": VERSION})
    return epoch, is_new


def newest(connection: Connection) -> Epoch | None:
    """Return the archive that a gateway took up last, or None where there is none."""
    if connection.execute(text("SELECT to_regclass(:name)"), {"name": TABLE}).scalar() is None:
        return None
    control = str(connection.execute(text("SELECT current_schema()")).scalar())
    number = connection.execute(
        text(f"SELECT number FROM {TABLE} WHERE set_aside IS NULL ORDER BY opened_at DESC LIMIT 1")  # noqa: S608
    ).scalar()
    return None if number is None else Epoch(number, control)
