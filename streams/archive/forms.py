"""A database's forms over the versions of Liveline, by Alembic: what form it has, and how it gets the present one."""

import threading
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

if TYPE_CHECKING:
    from alembic.operations.ops import MigrationScript

_ONE_AT_A_TIME: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class Forms:
    """The steps in a package's folder `migrations`, and the table in which a database says how far it is."""

    package: str
    version_table: str

    def current(self, connection: Connection) -> str | None:
        """Return the form that a database has, or None where nothing says so."""
        return MigrationContext.configure(connection, opts={"version_table": self.version_table}).get_current_revision()

    def known(self) -> list[str]:
        """Return all forms that this version of Liveline knows, oldest first."""
        return sorted(each.revision for each in self._script(Config()).walk_revisions())

    def upgrade(self, connection: Connection, to: str = "head") -> None:
        """Apply what is missing, in the transaction that the connection is in."""
        config = Config()
        script = self._script(config)

        def steps(at: Any, _: MigrationContext) -> list["MigrationScript"]:
            return script._upgrade_revs(to, at)  # type: ignore[return-value]  # noqa: SLF001  (as alembic.command does)

        # Alembic's own command needs a module that acts when it is imported; its parts do not. A step's `op` is
        # one for the process: two databases opened in two threads would be given one another's tables.
        with _ONE_AT_A_TIME, EnvironmentContext(config, script, fn=steps, destination_rev=to) as environment:
            environment.configure(connection=connection, version_table=self.version_table, transactional_ddl=True)
            environment.run_migrations()

    def stamp(self, connection: Connection, revision: str) -> None:
        """Note that a database has a form, without doing anything for it."""
        context = MigrationContext.configure(connection, opts={"version_table": self.version_table})
        context.stamp(self._script(Config()), revision)

    def _script(self, config: Config) -> ScriptDirectory:
        config.set_main_option("script_location", str(files(self.package).joinpath("migrations")))
        return ScriptDirectory.from_config(config)
