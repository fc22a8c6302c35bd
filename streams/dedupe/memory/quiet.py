"""A coverage without documents: first only skeletons of its entries are kept, in the end one point in time.

The documents and their order alone decide. Whether a sweep or the coverage's next document notices the silence, in
whatever batches and after whatever restarts, the memory is the same in the end.
"""

from dataclasses import replace
from enum import IntEnum

from streams.dedupe.memory.coverage import CoverageMemory
from streams.dedupe.memory.coverage_times import CoverageTimes
from streams.dedupe.memory.remembered import State
from streams.dedupe.memory.skeletons import Skeletons
from streams.dedupe.notation.instant import span
from streams.dedupe.thresholds import Thresholds


class Rest(IntEnum):
    """How much a coverage has been left alone."""

    LIVE = 0
    QUIET = 1
    FORGOTTEN = 2


def rest_of(times: CoverageTimes, now: int, clock: int, thresholds: Thresholds) -> Rest:
    """Return how quiet a coverage is at the time of its next document.

    `now` is that document's time, `clock` the newest of all documents of the partition. The first decides; the second
    is what a sweep goes by, which waits a little longer, since documents may come out of order.
    """
    if not times.clock or max(now - times.last, clock - times.clock) <= span(thresholds.quiet):
        return Rest.LIVE
    for rest, wait in ((Rest.FORGOTTEN, forgotten_after(thresholds)), (Rest.QUIET, quiet_after(thresholds))):
        if now - times.last > wait or clock - times.clock > wait + span(thresholds.late):
            return rest
    return Rest.LIVE


def quiet_after(thresholds: Thresholds) -> int:
    """Return after how long without a document a coverage is surely quiet; the times on record lag a little."""
    return span(thresholds.quiet + thresholds.touched_every)


def forgotten_after(thresholds: Thresholds) -> int:
    """Return after how long without a document a coverage is forgotten."""
    return span(max(thresholds.kept, thresholds.quiet) + thresholds.touched_every)


def at_rest(known: CoverageMemory, rest: Rest) -> CoverageMemory | None:
    """Return the reduced memory of a coverage, or None if there is nothing to reduce; posts under embargo stay."""
    if rest is Rest.LIVE or (rest is Rest.QUIET and not known.grown()):
        return None
    entries = list(known.all())
    others = [entry for entry in entries if entry.state is not State.HELD]
    if not others:
        return None
    held = sorted((entry for entry in entries if entry.state is State.HELD), key=lambda entry: entry.place)
    skeletons = Skeletons.of(others, known.times.last, known.table().newest, known.places)
    times = known.times
    if rest is Rest.FORGOTTEN:
        newest = [time for time in (times.forgotten, skeletons.newest) if time is not None]
        times, skeletons = replace(times, forgotten=max(newest, default=None), snapshots=()), Skeletons()
    left = CoverageMemory(
        times=times, skeletons=skeletons, near_duplicates=known.near_duplicates, drafted=True, replaces=True
    )
    left.wake(held)
    return left
