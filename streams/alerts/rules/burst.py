"""`burst`: more new entries within a time than usual."""

from bisect import bisect_right
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Final

from schemas.alert import AlertChange, HeldBack, SubjectKind
from schemas.alert_rule import Burst
from schemas.entry import Change
from streams.alerts.revise import Scene, alert_id
from streams.alerts.rules.kind import Seen
from streams.alerts.state import AlertState, NewEntry, SubjectKey
from streams.alerts.title import span, with_end

_BEFORE: Final = timedelta(hours=1)
_received: Final = attrgetter("at")
_OVER_TIMES: Final = 2


class BurstRule:
    """A rule with `burst`, over one coverage; the window is `(t - within, t]`, the mean that of the hour before it."""

    def __init__(self, scene: Scene, burst: Burst) -> None:
        self._scene = scene
        self._state = scene.state
        self._burst = burst

    @property
    def _alert(self) -> AlertState | None:
        return next(iter(self._state.alerts.values()), None)

    def see(self, seen: Seen) -> None:
        """Count a new entry that is fresh and no duplicate."""
        entry = seen.entry
        rule = self._scene.compiled.rule
        if entry.change is not Change.CREATED or entry.duplicate_of is not None or not seen.fresh(rule.fresh):
            return
        self._forget(seen.at)
        self._state.new.append(NewEntry(seen.at, entry.entry_id, entry.revision, entry.source_id))
        self._state.changed = True
        if self._alert is None and seen.at - seen.began >= _BEFORE:
            window, mean = self._counts(seen.at)
            if len(window) >= self._burst.least and len(window) >= self._burst.times * mean:
                self._raise(seen, window, mean)

    def due(self) -> datetime | None:
        """Return when the next entry leaves the window of a burst."""
        alert = self._alert
        if alert is None:
            return None
        next_ = bisect_right(self._state.new, alert.last_match - self._burst.within, key=_received)
        return self._state.new[next_].at + self._burst.within if next_ < len(self._state.new) else None

    def fire(self, at: datetime) -> None:
        """End the burst if the window holds too few."""
        alert = self._alert
        if alert is None:
            return
        alert.last_match = at  # up to here the window was looked at
        self._state.changed = True
        window, mean = self._counts(at)
        if len(window) < self._burst.least or len(window) < _OVER_TIMES * mean:
            name = self._scene.coverage_name
            self._scene.revise(
                alert,
                AlertChange.ENDED,
                at,
                None if alert.told else HeldBack.OLD,
                title=with_end(alert.title, "over"),
                reason=f"{name} is back to {len(window)} new entries within {span(self._burst.within)}",
                entry=alert.told_entry,
            )

    def _raise(self, seen: Seen, window: list[NewEntry], mean: float) -> None:
        subject = SubjectKey(SubjectKind.COVERAGE, self._scene.coverage.id)
        entry = seen.entry
        new = alert_id(self._scene.compiled.rule.id, subject, entry.entry_id, entry.revision)
        alert = AlertState(new, subject, entry.entry_id, seen.at, last_match=seen.at)
        alert.causes = {each.entry_id: each.revision for each in window}
        alert.standing = set(alert.causes)
        alert.add_sources([each.source_id for each in window])
        self._state.alerts[new] = alert
        self._state.current[subject] = new
        many = f"{len(window)} new entries within {span(self._burst.within)}"
        self._scene.revise(
            alert,
            AlertChange.RAISED,
            seen.at,
            None,
            title=self._scene.title_of(entry, f"{self._scene.coverage_name}: {many}"),
            reason=f"{many}, at least {self._burst.least} and {self._burst.times:g} times the mean of {mean:.3g}",
            entry=entry,
        )

    def _counts(self, at: datetime) -> tuple[list[NewEntry], float]:
        begins = at - self._burst.within
        new = self._state.new  # in the order of their times, which never go back
        first = bisect_right(new, begins, key=_received)
        before = first - bisect_right(new, begins - _BEFORE, key=_received)
        return new[first:], before * (self._burst.within / _BEFORE)

    def _forget(self, at: datetime) -> None:
        oldest = at - self._burst.within - _BEFORE
        del self._state.new[: bisect_right(self._state.new, oldest, key=_received)]
