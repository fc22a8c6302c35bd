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


def period_of(
    begins: str | None, ends: str | None, now: datetime, zone: tzinfo | None
) -> tuple[datetime | None, datetime | None]:
    """Return the times of `--from` and `--to`; raises `click.BadParameter` where they are turned around."""
    first, last = time_of("--from", begins, now, zone), time_of("--to", ends, now, zone)
    if first is not None and last is not None and first > last:
        raise click.BadParameter(f"{begins!r} is after --to {ends!r}; expected an earlier time", param_hint="--from")
    return first, last


def time_of(option: str, text: str | None, now: datetime, zone: tzinfo | None) -> datetime | None:
    """Return the time that an option was given, in UTC; raises `click.BadParameter`."""
    if text is None:
        return None
    try:
        return read_time(text, now, zone)
    except TimeError as error:
        raise click.BadParameter(str(error), param_hint=option) from None
