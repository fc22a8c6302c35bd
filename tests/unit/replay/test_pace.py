"""The pace of a replay."""

from datetime import UTC, datetime, timedelta

import pytest

from streams.replay.pace import Pace, SpeedError, read_speed

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(("speed", "waits"), [(1.0, 60.0), (10.0, 6.0), (0.5, 120.0), (None, 0.0)])
def test_a_record_waits_as_long_as_it_came_later(speed: float | None, waits: float) -> None:
    """The first goes at once; one of a minute later a minute later, at ten times the speed after six seconds."""
    pace = Pace(speed, lambda: 1000.0)

    assert pace.wait_seconds(NOON) == 0
    assert pace.wait_seconds(NOON + timedelta(minutes=1)) == waits


def test_time_that_has_passed_is_not_waited_again() -> None:
    """A target that was slow is caught up with."""
    now = [0.0]
    pace = Pace(1.0, lambda: now[0])
    pace.wait_seconds(NOON)
    now[0] = 50.0

    assert pace.wait_seconds(NOON + timedelta(seconds=60)) == 10
    assert pace.wait_seconds(NOON + timedelta(seconds=40)) == 0


@pytest.mark.parametrize(("text", "speed"), [("max", None), ("original", 1.0), ("10", 10.0), ("0.5", 0.5)])
def test_speeds(text: str, speed: float | None) -> None:
    """`original`, `max` or a number."""
    assert read_speed(text) == speed


@pytest.mark.parametrize("text", ["0", "-1", "fast", "nan", "inf", ""])
def test_what_is_no_speed_is_named(text: str) -> None:
    """The message says what is one."""
    with pytest.raises(SpeedError, match="expected original, max or a number above 0"):
        read_speed(text)
