"""Posts that a complete source no longer shows."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from streams.dedupe.reason import Rule
from streams.dedupe.remembered import Remembered, State
from streams.dedupe.revision import Settled, retract
from streams.dedupe.thresholds import Thresholds


def settle_missing(
    known: Iterable[Remembered], source_id: str, shown: set[str], received: int, thresholds: Thresholds
) -> Iterator[Settled]:
    """Return what the absence of a source's posts from a snapshot means, post by post."""
    for entry in known:
        if entry.source_id != source_id or not entry.standing or entry.entry_id in shown:
            continue
        missing = entry.missing + 1
        if missing < thresholds.missing_snapshots:
            yield Settled(Rule.MISSING, replace(entry, missing=missing))
        else:  # its fingerprint is dropped: when it is shown again, unchanged, that is a return
            gone = replace(entry, missing=missing, state=State.CANCELED, received=received, fingerprint=b"")
            yield retract(gone, Rule.MISSING)
