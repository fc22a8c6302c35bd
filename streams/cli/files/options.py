"""What `parse`, `process` and `push` are told about files."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar
from zoneinfo import available_timezones

import click

from schemas.newsroom import Newsroom
from streams.exceptions import SettingsError
from streams.parse import format_named, format_names
from streams.settings.newsroom_file import read_newsroom

Command = TypeVar("Command", bound=Callable[..., Any])

_LOCAL: Final = "local"
FILES = click.argument("files", nargs=-1, required=True, metavar="FILE...")


@dataclass(frozen=True, slots=True)
class About:
    """What holds for all documents of a call, where they don't say otherwise themselves."""

    source: str
    coverage: str | None
    format: str | None
    timezone: str
    received_at: datetime | None
    url: str | None
    content_type: str | None
    newsroom: Newsroom = field(default_factory=Newsroom)
    """What `--config` says."""

    def coverage_of(self, source: str) -> str:
        """Return the coverage of a document that doesn't say its own."""
        configured = self.newsroom.coverage_of(source)
        return self.coverage or (configured.id if configured else _LOCAL)


def _newsroom(_: click.Context, __: click.Parameter, value: Path | None) -> Newsroom:
    if value is None:
        return Newsroom()
    newsroom, problems = read_newsroom(value)
    if problems:
        raise SettingsError("\n".join(problems))
    return newsroom


def _time(_: click.Context, __: click.Parameter, value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise click.BadParameter(f"{value!r} is no time with its zone; expected one such as 2024-05-01T12:00:00Z")
    return found


def _zone(_: click.Context, __: click.Parameter, value: str) -> str:

    if value != "UTC" and value not in available_timezones():
        raise click.BadParameter(f"{value!r} is no IANA time zone; expected one such as Europe/London")
    return value


def _format(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value in (None, "auto"):
        return None
    name = format_named(value)
    if name is None:
        raise click.BadParameter(f"{value!r} is no format; known are: {', '.join(sorted(format_names()))}")
    return name


format_option = click.option(
    "--format", metavar="NAME", callback=_format, help="The format, which is found by itself otherwise."
)
_ABOUT = (
    format_option,
    click.option("--source", metavar="ID", default="local", show_default=True, help="The source they are from."),
    click.option(
        "--timezone",
        metavar="NAME",
        default="UTC",
        show_default=True,
        callback=_zone,
        help="For clocks without a zone.",
    ),
    click.option("--received-at", metavar="TIME", callback=_time, help="RFC 3339; the file's own time otherwise."),
    click.option("--url", help="Address that the document was read from."),
    click.option("--content-type", metavar="TYPE", help="Media type; guessed by the file's extension otherwise."),
)
_COVERAGE = click.option(
    "--coverage", metavar="ID", help=f"The event that they are about; the source's by --config, or {_LOCAL}."
)
_CONFIG = click.option(
    "--config",
    "newsroom",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    callback=_newsroom,
    help="A liveline.yaml: its sources are read as live reads them.",
)


def about_options(*, coverage: bool = False, config: bool = False) -> Callable[[Command], Command]:
    """Add the options that describe documents; the command gets them as `about`."""

    def decorate(command: Command) -> Command:
        def gathered(**given: Any) -> Any:
            told = {name: given.pop(name) for name in About.__dataclass_fields__ if name in given}
            return command(about=About(**{"coverage": None, **told}), **given)

        gathered.__name__, gathered.__doc__ = command.__name__, command.__doc__
        wrapped: Any = gathered
        wrapped.__click_params__ = list(getattr(command, "__click_params__", []))
        options = (*_ABOUT, *((_COVERAGE,) if coverage else ()), *((_CONFIG,) if config else ()))
        for option in reversed(options):
            wrapped = option(wrapped)
        return wrapped  # type: ignore[no-any-return]

    return decorate
