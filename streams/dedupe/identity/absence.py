"""Posts that a complete source no longer shows."""

from collections.abc import Iterable

from streams.dedupe.memory.remembered import Remembered, State
from streams.dedupe.reason import Rule
from streams.dedupe.revision.revision import RevisionResult, retract
from streams.dedupe.thresholds import Thresholds


def missing(standing: Iterable[Remembered], shown: set[str]) -> list[str]:
    """Return the ids of the standing entries that a snapshot lacks, in order of arrival."""
    absent = [entry for entry in standing if entry.entry_id not in shown]
    return [entry.entry_id for entry in sorted(absent, key=lambda entry: entry.place)]


def revise_missing(entry: Remembered, received: int, thresholds: Thresholds) -> RevisionResult:
    """Return the result for an entry that a snapshot lacks: one more absence, or a retraction."""
    times = entry.missing + 1
    if times < thresholds.missing_snapshots:
        return RevisionResult(Rule.MISSING, entry._replace(missing=times))
    # Without a fingerprint, the same content shown again counts as a return.
    return retract(
        entry._replace(missing=times, state=State.CANCELED, received=received, fingerprint=b""), Rule.MISSING
    )
