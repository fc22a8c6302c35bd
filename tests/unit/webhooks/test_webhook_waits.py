"""When a delivery is tried again."""

from datetime import timedelta

import pytest

from streams.settings import Settings
from streams.webhooks.schedule import Schedule

STANDARD = Settings.model_fields["webhook_schedule"].default

SECOND = timedelta(seconds=1)


def test_the_waits_are_the_standards_and_then_it_is_over() -> None:
    """Ten attempts over three days."""
    schedule = Schedule(STANDARD, lambda: 0.0)

    assert [schedule.wait(attempts) for attempts in range(1, 11)] == [*STANDARD, None]
    assert timedelta(days=3) < sum(STANDARD, timedelta()) < timedelta(days=3.2)


@pytest.mark.parametrize("chance", [0.0, 0.5, 1.0])
def test_chance_only_makes_it_later(chance: float) -> None:
    """So that those who failed together don't come back together, and never before their time."""
    assert Schedule((10 * SECOND,), lambda: chance).wait(1) == 10 * SECOND * (1 + 0.2 * chance)


@pytest.mark.parametrize(
    ("retry_after", "wait"),
    [(None, 10), (1, 10), (60, 60), (10**7, 24 * 3600), (-5, 10), (0, 10)],
)
def test_retry_after_is_honoured_within_a_day(retry_after: int | None, wait: int) -> None:
    """A longer wait than the schedule's counts; a shorter one would use the schedule up."""
    schedule = Schedule((10 * SECOND,), lambda: 0.0)

    assert schedule.wait(1, None if retry_after is None else retry_after * SECOND) == wait * SECOND
