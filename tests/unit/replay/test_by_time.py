"""The merge of partitions by time."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from streams.replay.by_time import ByTime, Stamped

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
TIMES = st.one_of(st.none(), st.integers(0, 9))


def expected(partitions: list[list[int | None]]) -> list[tuple[int, int]]:
    """Sort all by each partition's latest time so far, then partition, then offset."""
    keys = []
    for partition, times in enumerate(partitions):
        latest = -1
        for offset, time in enumerate(times):
            latest = max(latest, -1 if time is None else time)
            keys.append((latest, partition, offset))
    return [(partition, offset) for _, partition, offset in sorted(keys)]


@given(st.lists(st.lists(TIMES, max_size=8), min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_how_records_arrive(partitions: list[list[int | None]], random: object) -> None:
    """Whatever arrives first: by each partition's latest time so far, ties by partition, then offset."""
    merged: ByTime[str] = ByTime(range(len(partitions)))
    left = [list(enumerate(times)) for times in partitions]
    found: list[Stamped[str]] = []
    waiting = list(range(len(partitions)))
    while waiting:
        partition = random.choice(waiting)  # type: ignore[attr-defined]
        if left[partition]:
            offset, time = left[partition].pop(0)
            at = None if time is None else NOON + timedelta(seconds=time)
            merged.add(partition, [(at, offset, "record")])
        else:
            merged.end(partition)
            waiting.remove(partition)
        found += merged.ready()

    assert [(each.partition, each.offset) for each in found] == expected(partitions)


def test_what_is_certain_is_given_out_at_once() -> None:
    """A record waits only as long as another partition may still have an earlier one, seen records included."""
    merged: ByTime[str] = ByTime([0, 1])
    merged.add(0, [(NOON, 0, "noon")])
    before = merged.ready()
    merged.add(1, [(NOON + timedelta(hours=1), 0, None)])

    assert before == []
    assert [each.item for each in merged.ready()] == ["noon"]
