"""What is told although an alert was acknowledged or muted: the engine says why, the record's header carries it."""

from datetime import timedelta
from typing import Any

import pytest

from schemas import Entry, Newsroom
from schemas.envelope import alert_headers
from streams.alerts import Engine

NOON = "2024-05-01T12:{:02}:00Z"


def entry(minute: int, id_: str, change: str = "created", revision: int = 1, dead: int = 0, **fields: Any) -> Entry:
    """Return a revision of the one story, so many minutes after noon."""
    at = NOON.format(minute)
    figures = [{"kind": "dead", "value": dead, "text": str(dead), "start": 0, "end": 1}] if dead else []
    return Entry.model_validate(
        {
            "entry_id": id_, "revision": revision, "change": change, "coverage_id": "c", "source_id": "s",
            "status": "canceled" if change == "retracted" else "usable", "story_id": "one", "headline": "Fire",
            "received_at": at, "processed_at": at, "figures": figures, **fields,
        }
    )  # fmt: skip


def insisted(entries: list[Entry], **rule: Any) -> list[tuple[str, str | None]]:
    """Return each told revision's change with why it insists."""
    when = {"id": "r", "when": "entry.urgency == null || entry.urgency > 0", "urgent": "entry.urgency == 1"}
    engine = Engine(Newsroom.model_validate({"alerts": [{**when, "rises": ["dead"], **rule}]}))
    told = [alert for each in entries for alert in engine.see(each)]
    told += engine.advance("c", entries[-1].received_at + timedelta(minutes=30))
    found = []
    for alert in told:
        headers = dict(alert_headers(alert, insists=engine.insists.get((alert.alert_id, alert.revision))))
        if alert.notify:
            found.append(
                (alert.change.value, headers["liveline-insists"].decode() if "liveline-insists" in headers else None)
            )
        else:
            assert "liveline-insists" not in headers
    return found


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([entry(0, "a")], [("raised", None)]),
        ([entry(0, "a", urgency=1)], [("raised", "urgent")]),
        ([entry(0, "a"), entry(1, "b", urgency=1)], [("raised", None), ("updated", "urgent")]),
        ([entry(0, "a", dead=2), entry(1, "b", dead=3)], [("raised", None), ("updated", "rises")]),
        ([entry(0, "a", dead=2), entry(20, "b", dead=3)], [("raised", None), ("raised", "rises")]),
        ([entry(0, "a", dead=2), entry(20, "b", dead=2)], [("raised", None), ("raised", None)]),
        ([entry(0, "a", dead=2), entry(1, "a", "updated", 2, dead=1)], [("raised", None), ("updated", "correction")]),
        (
            [entry(0, "a"), entry(1, "a", "updated", 2, is_correction=True)],
            [("raised", None), ("updated", "correction")],
        ),
        ([entry(0, "a"), entry(1, "a", "retracted", 2)], [("raised", None), ("withdrawn", "withdrawal")]),
        (
            [entry(0, "a"), entry(1, "b"), entry(2, "a", "retracted", 2)],
            [("raised", None), ("updated", "withdrawal")],
        ),
    ],
)
def test_a_told_revision_says_why_it_insists(entries: list[Entry], expected: list[tuple[str, str | None]]) -> None:
    """Withdrawals, corrections, what is urgent, and figures that rise; a plain report and what is held back do not."""
    assert insisted(entries) == expected


def test_what_is_urgent_does_not_wait_for_hold_and_insists() -> None:
    """An urgent second cause ends the wait of the first."""
    assert insisted([entry(0, "a"), entry(1, "b", urgency=1)], hold="5m") == [("raised", "urgent")]
