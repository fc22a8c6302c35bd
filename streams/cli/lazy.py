"""A group of commands whose modules are imported when they are called, so that `liveline --help` is quick."""

from collections.abc import Mapping
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click

from streams.cli.output.errors import SOME_FAILED, WRONG_USE, tell
from streams.exceptions import LivelineError, SettingsError


class LazyCommands(click.Group):
    """A group whose commands stand in `streams.cli.commands`, each under its own name in a module of its name.

    `table` has each command's line in the overview, in the order in which a newcomer needs them. A command may raise
    `LivelineError`: its message is printed, never a traceback.
    """

    def __init__(self, *args: Any, table: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._table = table

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        """Return the names in the table's order."""
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module."""
        if cmd_name not in self._table:
            return super().get_command(ctx, cmd_name)
        command: click.Command = getattr(import_module(f"streams.cli.commands.{cmd_name}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the overview from the table: importing every command would take a second."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self._table.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or name the one that was probably meant."""
        if args[0] not in self._table and (close := get_close_matches(args[0], self._table, n=1)):
            ctx.fail(f"No such command {args[0]!r}. Did you mean {close[0]!r}?")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; an error that a person can put right is told in its own words."""
        try:
            return super().invoke(ctx)
        except LivelineError as error:
            tell(str(error))
            ctx.exit(WRONG_USE if isinstance(error, SettingsError) else SOME_FAILED)
