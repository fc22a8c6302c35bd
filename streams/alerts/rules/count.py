"""`count`: how many entries or sources met the condition within a time."""

from collections.abc import Iterator
from datetime import datetime

from schemas.alert_rule import Count
from streams.alerts.state import KnownEntry, RuleState, SubjectKey


class Counter:
    """Counts the entries of a subject that meet the condition; what is retracted, lapsed or old does not count."""

    def __init__(self, count: Count, state: RuleState) -> None:
        self._count = count
        self._state = state

    def reached(self, subject: SubjectKey, at: datetime) -> list[KnownEntry]:
        """Return the entries that count at a time, the oldest first, if they are enough; otherwise none."""
        counted = list(self._within(subject, at))
        causes = [known for known in counted if not known.duplicate]
        if self._count.entries is not None:
            return causes if len(causes) >= self._count.entries else []
        after = at - self._count.within
        sources = {heard.source_id for known in counted for heard in known.heard if heard.since > after}
        return causes if len(sources) >= (self._count.sources or 0) else []

    def enough(self, waiting: list[KnownEntry]) -> bool:
        """Return whether those that waited for `hold` are still enough."""
        if self._count.entries is not None:
            return len(waiting) >= self._count.entries
        return len({heard.source_id for known in waiting for heard in known.heard}) >= (self._count.sources or 0)

    def sources_of_duplicates(self, subject: SubjectKey, at: datetime) -> list[str]:
        """Return the sources that count and whose reports are duplicates."""
        return [heard.source_id for known in self._within(subject, at) if known.duplicate for heard in known.heard]

    def _within(self, subject: SubjectKey, at: datetime) -> Iterator[KnownEntry]:
        after = at - self._count.within
        by_sources = self._count.sources is not None
        found = [
            known
            for known in self._state.entries.values()
            if known.subject == subject
            and known.counts
            and known.fresh
            and known.first is not None
            and (known.first > after or (by_sources and any(heard.since > after for heard in known.heard)))
        ]
        yield from sorted(found, key=lambda known: (known.first, known.touched))
