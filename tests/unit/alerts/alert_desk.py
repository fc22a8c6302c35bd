"""Entries, rules and runs for the tests of alerts."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from schemas import Alert, Change, Entry, Newsroom, Status
from streams.alerts import Engine

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


def at(clock: str) -> datetime:
    """Return that time of the day, such as `12:05`; `+1 06:00` is on the next day."""
    days, _, rest = clock.rpartition(" ")
    hour, minute = rest.split(":")
    return NOON.replace(hour=int(hour), minute=int(minute)) + timedelta(days=int(days or 0))


def entry(id_: str, clock: str | datetime, change: str = "created", revision: int = 1, **fields: Any) -> Entry:
    """Return a revision; what is retracted has no content, and what is published is so a minute before `clock`."""
    received = at(clock) if isinstance(clock, str) else clock
    gone = change == Change.RETRACTED
    values: dict[str, Any] = {
        "entry_id": id_,
        "revision": revision,
        "change": change,
        "status": Status.CANCELED if gone else Status.USABLE,
        "coverage_id": "harbour-fire",
        "source_id": "evening-post",
        "received_at": received,
        "processed_at": received,
        **({} if gone else {"headline": f"Fire {id_}", "first_published_at": received - timedelta(minutes=1)}),
        **fields,
    }
    return Entry.model_validate(values)


def figure(kind: str, value: float) -> dict[str, Any]:
    """Return a figure of an entry."""
    return {"kind": kind, "value": value, "text": str(value), "start": 0, "end": 1}


def newsroom(*rules: dict[str, Any], **fields: Any) -> Newsroom:
    """Return a newsroom with one coverage and these rules; a rule has the id `rule` if it names none."""
    coverage = {"id": "harbour-fire", "title": "Harbour fire", "sources": [{"id": "evening-post"}], **fields}
    return Newsroom.model_validate({"coverages": [coverage], "alerts": [{"id": "rule", **rule} for rule in rules]})


def run(rules: Newsroom | dict[str, Any], entries: Iterable[Entry], until: str | datetime | None = None) -> list[Alert]:
    """Return what rules raise over entries, up to the last entry's time or a later one."""
    engine = Engine(rules if isinstance(rules, Newsroom) else newsroom(rules))
    alerts = []
    latest = None
    for each in entries:
        alerts += engine.see(each)
        latest = max(latest or each.received_at, each.received_at)
    end = at(until) if isinstance(until, str) else until or latest
    if end is not None:
        for coverage in engine.memory.coverages():
            alerts += engine.advance(coverage, end)
    return alerts


def short(alerts: Iterable[Alert]) -> list[tuple[str, str, str]]:
    """Return each revision as its time, its change, and `told` or what held it back."""
    return [(f"{a.at:%H:%M}", a.change.value, a.held_back.value if a.held_back else "told") for a in alerts]
