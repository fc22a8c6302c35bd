"""`count`: how many entries or sources met the condition within a time."""

from datetime import datetime

from schemas.alert_rule import Count
from streams.alerts.state import KnownEntry, RuleState, SubjectKey


class Counter:
    """Counts the entries of a subject that meet the condition; what is retracted, lapsed or old does not count."""

    def __init__(self, count: Count, state: RuleState) -> None:
        self._count = count
        self._state = state
        self._recent: dict[SubjectKey, set[str]] = {}
        """Entries that may be within the time; those found outside are dropped until something is heard of them."""
        for known in state.entries.values():
            self.note(known)

    @property
    def by_sources(self) -> bool:
        """Whether sources are counted, not entries."""
        return self._count.sources is not None

    def note(self, known: KnownEntry) -> None:
        """Take up an entry of which something was heard."""
        self._recent.setdefault(known.subject, set()).add(known.entry_id)

    def reached(self, subject: SubjectKey, at: datetime) -> list[KnownEntry]:
        """Return the entries that count at a time, the oldest first, if they are enough; otherwise none."""
        counted = self._within(subject, at)
        causes = [known for known in counted if not known.duplicate]
        if self._count.entries is not None:
            return causes if len(causes) >= self._count.entries else []
        after = at - self._count.within
        sources = {source for known in counted for source in _sources(known, after)}
        return causes if len(sources) >= (self._count.sources or 0) else []

    def enough(self, waiting: list[KnownEntry]) -> bool:
        """Return whether those that waited for `hold` are still enough."""
        if self._count.entries is not None:
            return len(waiting) >= self._count.entries
        return len({heard.source_id for known in waiting for heard in known.heard}) >= (self._count.sources or 0)

    def sources_of_duplicates(self, subject: SubjectKey, at: datetime) -> list[str]:
        """Return the sources that count and whose reports are duplicates."""
        duplicates = [known for known in self._within(subject, at) if known.duplicate]
        return [k.source_id for k in sorted(duplicates, key=lambda known: (known.duplicate_since, known.entry_id))]

    def _within(self, subject: SubjectKey, at: datetime) -> list[KnownEntry]:
        after = at - self._count.within
        recent = self._recent.get(subject, set())
        found = []
        for known in [self._state.entries[entry_id] for entry_id in recent]:
            if known.subject != subject or not self._recently(known, after):
                recent.discard(known.entry_id)
            elif known.counts and known.fresh:
                found.append(known)
        return sorted(found, key=lambda known: (known.order, known.entry_id))

    def _recently(self, known: KnownEntry, after: datetime) -> bool:
        if self.by_sources and _sources(known, after):
            return True
        return not known.duplicate and known.first is not None and known.first > after


def _sources(known: KnownEntry, after: datetime) -> list[str]:
    """Return the sources that reported an entry after a time; of a duplicate its own."""
    if known.duplicate:
        return [known.source_id] if known.duplicate_since and known.duplicate_since > after else []
    since: dict[str, datetime] = {}
    for heard in known.heard:  # the earliest first: a source that reports it again does not count anew
        since.setdefault(heard.source_id, heard.since)
    return [source for source, at in since.items() if at > after]
