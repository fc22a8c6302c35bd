"""Faust's table manager where there are no tables: it starts at once."""

from faust.tables.manager import TableManager


class NoTables(TableManager):
    """Faust's own sleeps for a second at start, for tables to be registered; we have none, and each restart waits."""

    async def on_start(self) -> None:
        """Do what Faust's does after its second."""
        await self._update_channels()
        await self.recovery.start()
