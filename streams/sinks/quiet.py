"""Quiet hours: until when a sink is sent nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from schemas.alert import Alert
from schemas.alert_rule import Quiet
from streams.alerts.cel import compile_alert_condition


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From a time of day to another one, in a zone, perhaps over midnight; what `unless` names is sent all the same."""

    start: time
    end: time
    zone: ZoneInfo
    unless: Callable[[Alert], bool]

    @classmethod
    def of(cls, quiet: Quiet) -> "QuietHours":
        """Return the hours as written in `liveline.yaml`."""
        unless = compile_alert_condition(quiet.unless) if quiet.unless is not None else _never
        return cls(quiet.start, quiet.end, ZoneInfo(quiet.timezone), unless)

    def until(self, now: datetime, alert: Alert) -> datetime | None:
        """Return when the quiet hours end that hold an alert back, or None if it is not held back now."""
        local = now.astimezone(self.zone)
        clock = local.time()
        wraps = self.start >= self.end
        within = (clock >= self.start or clock < self.end) if wraps else self.start <= clock < self.end
        if not within or self.unless(alert):
            return None
        day = local.date() + timedelta(days=1 if wraps and clock >= self.start else 0)
        end = datetime.combine(day, self.end, self.zone).astimezone(UTC)
        # Where the clocks go back, the time of day comes twice: the second one counts for who asks after the first.
        return end if end > now else datetime.combine(day, self.end.replace(fold=1), self.zone).astimezone(UTC)


def _never(_: Alert) -> bool:
    return False
