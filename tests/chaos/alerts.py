"""The rules of the chaos tests' newsroom, and what they must have led to."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Final, Protocol

import orjson

from schemas import Entry, Newsroom
from streams.alerts import Engine

# `over_after` is beyond the test: the documents' times are of yesterday, and the clock would end alerts at once.
NEWSROOM: Final = Newsroom.model_validate(
    {
        "alerts": [
            {
                "id": "everything",
                "when": "entry.headline != ''",
                "per": "entry",
                "cooldown": "0s",
                "over_after": "900h",
            },
            {"id": "busy", "when": "true", "per": "coverage", "cooldown": "1m", "over_after": "900h"},
        ]
    }
)


class Stands(Protocol):
    """A record as it stands."""

    partition: int
    value: bytes | None


def wrong_alerts(
    entries: Sequence[Stands], alerts: Sequence[Stands], newsroom: Newsroom = NEWSROOM, until: datetime | None = None
) -> list[tuple[str, object]]:
    """Return what differs from an undisturbed run of the rules over the entries that stand, and then until a time."""
    should: Counter[tuple[int, bytes]] = Counter()
    engines: dict[int, Engine] = {}
    for record in entries:
        engine = engines.setdefault(record.partition, Engine(newsroom))
        for alert in engine.see(Entry.from_json(record.value or b"")):
            should[record.partition, alert.to_json()] += 1
    for partition, engine in engines.items():
        for coverage in engine.memory.coverages() if until is not None else ():
            for alert in engine.advance(coverage, until):
                should[partition, alert.to_json()] += 1
    stands = Counter((record.partition, record.value or b"") for record in alerts)
    found = [("an alert is missing", _key(value)) for _, value in (should - stands).elements()]
    found += [("an alert is too many", _key(value)) for _, value in (stands - should).elements()]
    in_order: dict[str, int] = {}
    for record in alerts:
        alert_id, revision = _key(record.value or b"")
        if revision != in_order.get(alert_id, 0) + 1:
            found.append(("an alert's revision is out of turn", (alert_id, revision)))
        in_order[alert_id] = revision
    return found


def _key(value: bytes) -> tuple[str, int]:
    alert = orjson.loads(value)
    return alert["alert_id"], alert["revision"]
