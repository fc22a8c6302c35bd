"""The clocks of `streams.testing`."""

from datetime import UTC, datetime, timedelta

from streams.testing import FakeClock, ScaledClock


def test_a_scaled_clock_passes_so_many_seconds_in_each_one() -> None:
    """From its beginning on, and before it too; who shares its three values shares its time."""
    start, now = datetime(2026, 1, 1, tzinfo=UTC), datetime.now(UTC)
    clock = ScaledClock(start, now - timedelta(seconds=36), 100)

    first, second = clock(), ScaledClock(start, now - timedelta(seconds=36), 100)()

    assert start + timedelta(hours=1) <= first <= second
    assert ScaledClock(start, now + timedelta(hours=1), 100)() < start


def test_a_fake_clock_stands_still_until_it_is_moved() -> None:
    """By as much as it is told."""
    clock = FakeClock()
    before = clock()
    clock.advance(timedelta(minutes=5))

    assert clock() - before == timedelta(minutes=5)
