"""The breaker: one source, one bad minute or a few bad documents stop nothing; a bad deploy does."""

from datetime import UTC, datetime, timedelta

import pytest

from streams.runtime.breaker import Breaker, BreakerLimits, TooManyBugsError

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
Documents = list[tuple[str, bool]]


def trips(documents: Documents, *, seconds: float, breaker: Breaker | None = None, start: datetime = NOON) -> bool:
    """Say whether the documents, one after the other over this time, stop the worker."""
    breaker = breaker or Breaker()
    for number, document in enumerate(documents):
        try:
            breaker.observe([document], start + timedelta(seconds=number * seconds / len(documents)))
        except TooManyBugsError:
            assert breaker.tripped
            return True
    assert not breaker.tripped
    return False


ALL_FAIL: Documents = [(f"source-{number % 4}", True) for number in range(60)]
CASES: dict[str, tuple[Documents, float, bool]] = {
    "everything fails for five minutes": (ALL_FAIL, 300, True),
    "everything fails within one minute": (ALL_FAIL, 60, False),
    "everything of one source": ([("source-1", True)] * 60, 300, False),
    "too few to tell": (ALL_FAIL[:20], 300, False),
    "two sources in turn while eight others are well": (
        [(f"source-{number % 10}", number % 10 < 2) for number in range(300)], 300, False,
    ),
    "two sources flood, eight others are well and quiet": (
        [(f"source-{number % 2}" if number % 10 else f"well-{number % 8}", bool(number % 10)) for number in range(400)],
        300, False,
    ),
    "a third of each source's documents": (
        [(f"source-{number % 4}", number % 12 < 4) for number in range(120)], 300, False,
    ),
    "three of four documents of each source": (
        [(f"source-{number % 3}", number % 4 > 0) for number in range(120)], 300, True,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_when_it_stops_the_worker(case: str) -> None:
    """Most documents, of most sources, for minutes."""
    documents, seconds, stops = CASES[case]

    assert trips(documents, seconds=seconds) is stops


def test_what_is_long_ago_no_longer_counts() -> None:
    """Failures of an hour ago do not make a bad minute of now a bad hour."""
    breaker = Breaker()
    assert not trips(ALL_FAIL, seconds=60, breaker=breaker)

    later = NOON + timedelta(hours=1)
    assert not trips(ALL_FAIL, seconds=60, breaker=breaker, start=later)


def test_a_new_start_has_a_clean_slate() -> None:
    """After a restart it takes minutes of failures again: the former ones are dead letters and don't come again."""
    assert trips(ALL_FAIL, seconds=300)
    assert not trips(ALL_FAIL, seconds=60, start=NOON + timedelta(seconds=300))


def test_what_is_kept_does_not_grow_with_the_documents() -> None:
    """A worker that catches up counts by slots of time."""
    breaker = Breaker(BreakerLimits(window=timedelta(minutes=10)))
    for number in range(20_000):
        breaker.observe([(f"source-{number % 3}", False)], NOON + timedelta(seconds=number / 10))

    assert len(breaker._slots) <= 62
