"""Times as a person writes them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from streams.replay.times import TimeError, read_time

NOW = datetime(2026, 5, 2, 11, 30, tzinfo=UTC)
LONDON = "Europe/London"


@pytest.mark.parametrize(
    ("text", "zone", "utc"),
    [
        ("2026-05-01T12:00:00Z", LONDON, "2026-05-01T12:00:00"),
        ("2026-05-01T12:00:00+02:00", LONDON, "2026-05-01T10:00:00"),
        ("2026-05-01T12:00", LONDON, "2026-05-01T11:00:00"),
        ("2026-05-01 12:00", LONDON, "2026-05-01T11:00:00"),
        ("2026-05-01", LONDON, "2026-04-30T23:00:00"),
        ("-2h", LONDON, "2026-05-02T09:30:00"),
        ("-1h30m", LONDON, "2026-05-02T10:00:00"),
        ("-7d", LONDON, "2026-04-25T11:30:00"),
        ("now", LONDON, "2026-05-02T11:30:00"),
        ("today", LONDON, "2026-05-01T23:00:00"),
        ("yesterday 14:00", LONDON, "2026-05-01T13:00:00"),
        ("Yesterday  14:00", LONDON, "2026-05-01T13:00:00"),
        ("yesterday", "Asia/Tokyo", "2026-04-30T15:00:00"),
        ("14:00", LONDON, "2026-05-02T13:00:00"),
        # Twice there: the first. Not there: on by the gap, also a date's first moment.
        ("2026-10-25 01:30", LONDON, "2026-10-25T00:30:00"),
        ("2026-03-29 01:30", LONDON, "2026-03-29T01:30:00"),
        ("2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00"),
    ],
)
def test_what_is_written_is_a_time_in_utc(text: str, zone: str, utc: str) -> None:
    """RFC 3339, a date, or words, in the zone that was asked for."""
    assert read_time(text, NOW, ZoneInfo(zone)) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01", "yesterday 25:00", "-2", "-2y", "2h", "-9999999999w"])
def test_what_is_no_time_is_named(text: str) -> None:
    """The message says what is one."""
    with pytest.raises(TimeError, match="expected one such as 2026-05-01T12:00:00Z"):
        read_time(text, NOW, ZoneInfo(LONDON))
