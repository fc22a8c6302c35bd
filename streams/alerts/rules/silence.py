"""`silence`: a source of which nothing was heard for a time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from schemas.alert import AlertChange, SubjectKind
from schemas.entry import Change
from streams.alerts.revise import Scene, alert_id
from streams.alerts.rules.kind import Seen
from streams.alerts.state import AlertState, SignOfLife, SubjectKey
from streams.alerts.title import span, with_end


class SilenceRule:
    """A rule with `silence`, over one coverage."""

    def __init__(self, scene: Scene, silence: timedelta) -> None:
        self._scene = scene
        self._state = scene.state
        self._rule = scene.compiled.rule
        self._silence = silence
        self._zone = ZoneInfo(self._rule.timezone)
        self._closed = getattr(scene.coverage, "closed", False)

    def see(self, seen: Seen) -> None:
        """Take a revision that its own source made for a sign of life."""
        entry = seen.entry
        if self._closed or entry.change is Change.CORROBORATED:
            return
        if self._rule.sources is not None and entry.source_id not in self._rule.sources:
            return
        if (alert := self._alert(entry.source_id)) is not None:
            since = self._state.signs[entry.source_id].at
            self._scene.revise(
                alert,
                AlertChange.ENDED,
                seen.at,
                None,
                title=with_end(alert.title, "over"),
                reason=f"{entry.source_id} is back after {_minutes(seen.at - since)}",
                entry=None,
            )
        self._state.signs[entry.source_id] = SignOfLife(seen.at, entry.entry_id, entry.revision)
        self._state.changed = True

    def due(self) -> datetime | None:
        """Return when the next source has been silent for long enough."""
        if self._closed:
            return None
        waiting = (self._raised_at(sign) for source, sign in self._state.signs.items() if self._alert(source) is None)
        return min(waiting, default=None)

    def fire(self, at: datetime) -> None:
        """Raise an alert of each source that has been silent for long enough."""
        for source, sign in self._state.signs.items():
            if self._alert(source) is None and self._raised_at(sign) <= at:
                self._raise(source, sign, at)

    def _alert(self, source_id: str) -> AlertState | None:
        return self._state.alerts.get(self._state.current.get(SubjectKey(SubjectKind.SOURCE, source_id), ""))

    def _raise(self, source_id: str, sign: SignOfLife, at: datetime) -> None:
        subject = SubjectKey(SubjectKind.SOURCE, source_id)
        new = alert_id(self._rule.id, subject, sign.entry_id, sign.revision)
        alert = AlertState(new, subject, None, at, last_match=sign.at)
        self._state.alerts[new] = alert
        self._state.current[subject] = new
        quiet = f"nothing from {source_id} for {_minutes(at - sign.at)}"
        self._scene.revise(
            alert,
            AlertChange.RAISED,
            at,
            None,
            title=self._scene.title_of(None, f"{self._scene.coverage_name}: {quiet}", source_id),
            reason=f"{quiet}, since {sign.at:%Y-%m-%d %H:%M} UTC; expected something every {span(self._silence)}",
            entry=None,
        )

    def _raised_at(self, sign: SignOfLife) -> datetime:
        """Return when a silence since a sign of life is raised: complete, and between the rule's hours."""
        complete = sign.at + self._silence
        if self._rule.between is None:
            return complete
        begins, ends = self._rule.between
        local = complete.astimezone(self._zone)
        clock = local.time()
        within = begins <= clock < ends if begins < ends else clock >= begins or clock < ends
        if within:
            return complete
        day = local.date()
        while True:
            begin = datetime.combine(day, begins, self._zone).astimezone(UTC)
            if begin > complete:
                return begin
            day += timedelta(days=1)


def _minutes(value: timedelta) -> str:
    return span(timedelta(minutes=round(value.total_seconds() / 60)))
