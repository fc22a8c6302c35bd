"""Posts that a complete source no longer shows."""

from collections.abc import Iterable

from streams.dedupe.memory.remembered import Remembered, State
from streams.dedupe.reason import Rule
from streams.dedupe.revision.revision import RevisionResult, retract
from streams.dedupe.thresholds import Thresholds


def missing(standing: Iterable[Remembered], shown: set[str]) -> list[str]:
    """Return the entries, of those that readers see, that a snapshot doesn't show, in order of arrival."""
    absent = [entry for entry in standing if entry.entry_id not in shown]
    return [entry.entry_id for entry in sorted(absent, key=lambda entry: entry.place)]


def revise_missing(entry: Remembered, received: int, thresholds: Thresholds) -> RevisionResult:
    """Return what it means that a snapshot doesn't show an entry."""
    times = entry.missing + 1
    if times < thresholds.missing_snapshots:
        return RevisionResult(Rule.MISSING, entry._replace(missing=times))
    # Its fingerprint is dropped: when it is shown again, unchanged, that is a return.
    return retract(
        entry._replace(missing=times, state=State.CANCELED, received=received, fingerprint=b""), Rule.MISSING
    )
