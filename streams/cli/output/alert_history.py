"""Alerts that were raised: a line each, and the history of one."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from schemas.alert import Alert, AlertChange
from streams.archive.state import SinkStatus

if TYPE_CHECKING:
    from schemas.entry import EntryId
    from streams.archive.state import SinkDelivery


def alert_line(alert: Alert, words: "Sequence[SinkDelivery]" = ()) -> str:
    """Return an alert's newest revision on one line, with what became of it at the sinks.

    The id comes last, for it is as long as the title may be.
    """
    sinks = ", ".join(f"{word.sink} {word.status}" for word in words if word.revision == alert.revision)
    told = "told" if alert.notify else f"not told: {alert.held_back}"
    return (
        f"{_time(alert.at)}  {alert.rule_id}  urgency {alert.urgency}  {alert.change} ({told})  "
        f"{alert.title}  {f'[{sinks}]  ' if sinks else ''}{alert.alert_id}"
    )


def history(revisions: Sequence[Alert], words: "Sequence[SinkDelivery]" = ()) -> Iterable[str]:
    """Yield what one alert did, revision by revision: why, by which entries, what was kept back, where it was sent."""
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
        yield from (f"    {_word(word)}" for word in words if word.revision == alert.revision)
    last = revisions[-1].change
    over = last in (AlertChange.WITHDRAWN, AlertChange.LAPSED, AlertChange.ENDED)
    yield "it is over" if over else "it stands"


def _word(word: "SinkDelivery") -> str:
    """Return what became of a revision at a sink."""
    said = f"sink {word.sink}: {_SAID[word.status]} {_time(word.at)}"
    if word.next_at is not None:
        said += f", next at {_time(word.next_at)}"
    if word.attempt > 1:
        said += f", {word.attempt} attempts"
    if word.in_doubt:
        said += ", perhaps sent twice"
    return f"{said}: {word.error}" if word.error else said


_SAID: Final = {
    SinkStatus.PENDING: "to be sent, since",
    SinkStatus.SENDING: "being sent, since",
    SinkStatus.QUIET: "kept back for quiet hours, since",
    SinkStatus.DIGEST: "kept back for the digest, since",
    SinkStatus.MOST: "kept back, beyond `most` an hour, since",
    SinkStatus.SENT: "sent at",
    SinkStatus.FAILED: "given up at",
    SinkStatus.LATE: "too late to be told at",
    SinkStatus.MUTED: "not told, acknowledged or muted, at",
    SinkStatus.DROPPED: "not told, for the sink had not been told of it, at",
}


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
