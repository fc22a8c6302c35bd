"""Brings a state database to its present form, by Alembic; run whenever one is opened."""

from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from streams.exceptions import LivelineError

if TYPE_CHECKING:
    from alembic.operations.ops import MigrationScript

_VERSION_TABLE: Final = "liveline_state_version"
_MIGRATION_LOCK: Final = 0x4C49_5645  # any number; PostgreSQL's advisory locks have no names


class NewerStateError(LivelineError):
    """The database was brought to a form that this version of Liveline does not know."""


def migrate(connection: Connection) -> None:
    """Apply what is missing, all of it or nothing; processes that start together wait for one another."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
    config = Config()
    config.set_main_option("script_location", str(files("streams.archive.state").joinpath("migrations")))
    script = ScriptDirectory.from_config(config)
    known = {each.revision for each in script.walk_revisions()}
    here = current_version(connection)
    if here is not None and here not in known:
        raise NewerStateError(
            f"LIVELINE_STATE: the database has form {here!r}, which a newer Liveline made; expected one of "
            f"{', '.join(sorted(known))}: run that version, or a later one"
        )

    def upgrade(at: Any, _: MigrationContext) -> list["MigrationScript"]:
        return script._upgrade_revs("head", at)  # type: ignore[return-value]  # noqa: SLF001  (as alembic.command does)

    # Alembic's own command needs a module that acts when it is imported; its parts do not.
    with EnvironmentContext(config, script, fn=upgrade, destination_rev="head") as environment:
        environment.configure(connection=connection, version_table=_VERSION_TABLE, transactional_ddl=True)
        environment.run_migrations()


def current_version(connection: Connection) -> str | None:
    """Return the form that the database has, or None for an empty one."""
    return MigrationContext.configure(connection, opts={"version_table": _VERSION_TABLE}).get_current_revision()
