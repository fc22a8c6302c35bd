"""Describes in words what changed in an alert since it was last sent to a sink."""

from collections.abc import Iterator
from typing import Final

from schemas.alert import Alert
from schemas.entry import Entry, FigureKind
from streams.alerts.cel.figures import largest
from streams.alerts.title import written

_NO_NEWS: Final = frozenset({FigureKind.MONEY, FigureKind.SHARE, FigureKind.SCORE})
"""Kinds whose largest value in a text says nothing by itself."""


def changes(before: Alert | None, after: Alert) -> list[str]:
    """Return the differences to the revision sent before; none for an alert that was not sent before."""
    return list(_changes(before, after)) if before is not None else []


def _changes(before: Alert, after: Alert) -> Iterator[str]:
    if before.urgency != after.urgency:
        yield f"urgency {before.urgency} → {after.urgency}"
    if before.entry is not None and after.entry is not None:
        yield from _of_entries(before.entry, after.entry)
    joined = [source for source in after.sources if source not in before.sources]
    if joined:
        yield f"also reported by {', '.join(joined)}"
    more = len(after.causes) - len(before.causes)
    if more > 0:
        yield f"{more} more {'reports' if more > 1 else 'report'}"


def _of_entries(before: Entry, after: Entry) -> Iterator[str]:
    for kind in FigureKind:
        old, new = largest(before, kind), largest(after, kind)
        if kind not in _NO_NEWS and old != new and new is not None:
            yield f"{kind} {written(old) or 'none'} → {written(new)}"
    if after.is_correction and not before.is_correction:
        yield "the source corrects itself"
    if before.entry_id == after.entry_id and before.headline != after.headline and after.headline:
        yield f"the headline was: {before.headline or 'none'}"
