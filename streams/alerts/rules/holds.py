"""`hold`: what meets the condition waits, and is raised only if it still stands then."""

from datetime import datetime, timedelta

from streams.alerts.state import KnownEntry, Pending, RuleState, SubjectKey


class Holds:
    """What waits, a subject each."""

    def __init__(self, state: RuleState, hold: timedelta) -> None:
        self._state = state
        self._hold = hold

    def of(self, subject: SubjectKey) -> Pending | None:
        """Return what waits of a subject."""
        return self._state.pending.get(subject)

    def with_entry(self, known: KnownEntry) -> Pending | None:
        """Return what an entry waits in."""
        return next((each for each in self._state.pending.values() if known.entry_id in each.causes), None)

    def begin(self, known: KnownEntry, counted: list[KnownEntry], at: datetime) -> None:
        """Let an entry wait, with those that count along with it."""
        self._state.pending[known.subject] = Pending(
            subject=known.subject,
            due=at + self._hold,
            raisers={known.entry_id: known.revision},
            last_match=at,
            causes=[each.entry_id for each in counted],
        )
        self._state.changed = True

    def join(self, pending: Pending, known: KnownEntry, at: datetime) -> None:
        """Let a further entry wait along."""
        if known.entry_id not in pending.causes:
            pending.causes.append(known.entry_id)
        pending.raisers.setdefault(known.entry_id, known.revision)
        pending.last_match = at
        self._state.changed = True

    def leave(self, known: KnownEntry) -> None:
        """Let an entry wait no more."""
        for subject, pending in list(self._state.pending.items()):
            if known.entry_id in pending.causes:
                pending.causes.remove(known.entry_id)
                if not pending.causes:
                    del self._state.pending[subject]

    def next(self) -> datetime | None:
        """Return when the next wait ends."""
        return min((pending.due for pending in self._state.pending.values()), default=None)

    def take(self, pending: Pending) -> list[KnownEntry]:
        """End a wait; return the entries that stood through it."""
        del self._state.pending[pending.subject]
        return [self._state.entries[cause] for cause in pending.causes]

    def due(self, at: datetime) -> list[Pending]:
        """Return what has waited long enough by a time."""
        return [pending for pending in self._state.pending.values() if pending.due <= at]
