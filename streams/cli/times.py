"""Times on the command line: `--from`, `--to` and the zone they are meant in."""

from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo, available_timezones

import click

from streams.replay.times import TimeError, read_time


def _zone(_: click.Context, __: click.Parameter, value: str | None) -> tzinfo | None:
    if value is not None and value not in available_timezones():
        raise click.BadParameter(f"{value!r} is no IANA time zone; expected one such as Europe/London")
    return None if value is None else ZoneInfo(value)


timezone_option = click.option(
    "--timezone", metavar="NAME", callback=_zone, help="Of times without one; the machine's own otherwise."
)


def time_of(option: str, text: str | None, now: datetime, zone: tzinfo | None) -> datetime | None:
    """Return the time that an option was given, in UTC; raises `click.BadParameter`."""
    if text is None:
        return None
    try:
        return read_time(text, now, zone)
    except TimeError as error:
        raise click.BadParameter(str(error), param_hint=option) from None
