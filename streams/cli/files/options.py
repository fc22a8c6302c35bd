"""What `parse`, `process` and `push` are told about files."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import available_timezones

import click

from streams.parse import format_named, format_names

Command = TypeVar("Command", bound=Callable[..., Any])

FILES = click.argument("files", nargs=-1, required=True, metavar="FILE...")


@dataclass(frozen=True, slots=True)
class About:
    """What holds for all documents of a call, where they don't say otherwise themselves."""

    source: str
    coverage: str
    format: str | None
    timezone: str
    received_at: datetime | None
    url: str | None
    content_type: str | None


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
    "--coverage", metavar="ID", default="local", show_default=True, help="The event that they are about."
)


def about_options(*, coverage: bool) -> Callable[[Command], Command]:
    """Add the options that describe documents; the command gets them as `about`."""

    def decorate(command: Command) -> Command:
        def gathered(**given: Any) -> Any:
            told = {name: given.pop(name) for name in About.__dataclass_fields__ if name in given}
            return command(about=About(**{"coverage": "local", **told}), **given)

        gathered.__name__, gathered.__doc__ = command.__name__, command.__doc__
        wrapped: Any = gathered
        wrapped.__click_params__ = list(getattr(command, "__click_params__", []))
        for option in reversed((*_ABOUT, _COVERAGE) if coverage else _ABOUT):
            wrapped = option(wrapped)
        return wrapped  # type: ignore[no-any-return]

    return decorate
