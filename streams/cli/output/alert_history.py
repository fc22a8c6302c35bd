"""Alerts that were raised: a line each, and the history of one."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from schemas.alert import Alert, AlertChange

if TYPE_CHECKING:
    from schemas.entry import EntryId


def alert_line(alert: Alert) -> str:
    """Return an alert's newest revision on one line; the id comes last, for it is as long as the title may be."""
    told = "told" if alert.notify else f"not told: {alert.held_back}"
    return (
        f"{_time(alert.at)}  {alert.rule_id}  urgency {alert.urgency}  {alert.change} ({told})  "
        f"{alert.title}  {alert.alert_id}"
    )


def history(revisions: Sequence[Alert]) -> Iterable[str]:
    """Yield what one alert did, revision by revision: why, by which entries, and what was kept back."""
    first = revisions[0]
    yield f"alert {first.alert_id}: rule {first.rule_id}, {first.subject.kind} {first.subject.id}"
    yield f"coverage {first.coverage_id}"
    before: set[tuple[EntryId, int]] = set()
    for alert in revisions:
        told = "told" if alert.notify else f"nobody was told: {alert.held_back}"
        yield f"{_time(alert.at)}  revision {alert.revision} {alert.change}, {told}"
        yield f"    {alert.title}"
        yield f"    because {alert.reason}"
        causes = {(cause.entry_id, cause.revision) for cause in alert.causes}
        yield from (f"    by entry {entry}:{revision}" for entry, revision in sorted(causes - before))
        before = causes
        if alert.sources:
            yield f"    reported by {', '.join(alert.sources)}"
    last = revisions[-1].change
    over = last in (AlertChange.WITHDRAWN, AlertChange.LAPSED, AlertChange.ENDED)
    yield "it is over" if over else "it stands"


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
