"""The rules of docs/alerts.md do what the page says."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from schemas import Alert, Entry, Newsroom
from streams.alerts import Engine, rule_problems
from streams.settings.yaml_loader import Loader

PAGE = (Path(__file__).parents[2] / "docs/alerts.md").read_text(encoding="utf-8")
RULES = {
    rule["id"]: rule
    for block in re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    for rule in yaml.load(block, Loader=Loader)  # noqa: S506
}


def entry(minutes: float, id_: str = "e", change: str = "created", revision: int = 1, **fields: Any) -> dict[str, Any]:
    """Return a revision that many minutes after noon."""
    received = f"2024-05-01T{12 + int(minutes // 60):02}:{int(minutes % 60):02}:00Z"
    return {
        "entry_id": id_,
        "revision": revision,
        "change": change,
        "status": "canceled" if change == "retracted" else "usable",
        "coverage_id": "harbour-fire",
        "source_id": "evening-post",
        "received_at": received,
        "processed_at": received,
        "headline": "Fire at the quay",
        **fields,
    }


def figure(kind: str, value: int) -> list[dict[str, Any]]:
    """Return an entry's only figure."""
    return [{"kind": kind, "value": value, "text": str(value), "start": 0, "end": 1}]


def told(rule: str, entries: list[dict[str, Any]]) -> list[Alert]:
    """Return what a rule of the page tells over entries, up to half an hour after the last one."""
    newsroom = Newsroom.model_validate(
        {"coverages": [{"id": "harbour-fire", "title": "Harbour"}], "alerts": [RULES[rule]]}
    )
    assert list(rule_problems(newsroom)) == []
    engine = Engine(newsroom)
    seen = [Entry.model_validate(each) for each in entries]
    alerts = [alert for each in seen for alert in engine.see(each)]
    alerts += engine.advance("harbour-fire", seen[-1].received_at + timedelta(minutes=30))
    return [alert for alert in alerts if alert.notify]


CASES: dict[str, tuple[list[dict[str, Any]], list[tuple[str, str]]]] = {
    "people-hurt": (
        [
            entry(0, "a", figures=figure("injured", 3), story_id="s"),
            entry(2, "b", figures=figure("injured", 3), story_id="s"),
            entry(4, "c", figures=figure("dead", 1), story_id="s"),
        ],
        [("12:00", "raised"), ("12:04", "updated")],
    ),
    "breaking": ([entry(0, "a"), entry(1, "b", breaking=True)], [("12:01", "raised")]),
    "confirmed": (
        [
            entry(0, "a", urgency=2, story_id="s"),
            entry(3, "b", urgency=2, story_id="s", source_id="coast-wire"),
            entry(6, "c", urgency=4, story_id="s", source_id="harbour-radio"),
        ],
        [("12:06", "raised")],
    ),
    "mayor": (
        [entry(0, "a", body_text="Mayor ADA RUÍZ spoke."), entry(1, "b", body_text="Ada Ruizova")],
        [("12:00", "raised")],
    ),
    "near-us": (
        [
            entry(0, "a", urgency=5, places=[{"name": "Quayside", "latitude": 53.0, "longitude": -1.1}]),
            entry(1, "b", urgency=5, places=[{"name": "London", "latitude": 51.5, "longitude": -0.1}]),
        ],
        [("12:00", "raised")],
    ),
    "evacuation": (
        [
            entry(0, "a", figures=figure("evacuated", 300)),
            entry(1, "a", "updated", 2, figures=figure("evacuated", 30)),
            entry(3, "b", figures=figure("evacuated", 200)),
            entry(6, "c", figures=figure("evacuated", 900), urgency=1),
        ],
        [("12:05", "raised"), ("12:06", "raised")],
    ),
    "correction": ([entry(0, "a"), entry(1, "a", "updated", 2, is_correction=True)], [("12:01", "raised")]),
    "withdrawn": ([entry(0, "a"), entry(9, "a", "retracted", 2)], [("12:09", "raised")]),
    "busy": (
        [entry(0, "a"), *(entry(70 + number, f"b{number}") for number in range(5))],
        [("13:14", "raised"), ("13:15", "ended")],
    ),
    "gone-quiet": ([entry(0, "a"), entry(25, "b")], [("12:20", "raised"), ("12:25", "ended"), ("12:45", "raised")]),
}


def test_the_page_has_ten_rules_and_each_is_run() -> None:
    """No rule stands on the page that nobody tried."""
    assert len(RULES) == 10
    assert RULES.keys() == CASES.keys()


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_tells_what_the_page_says(rule: str) -> None:
    """What is told, and when."""
    entries, expected = CASES[rule]

    assert [(f"{alert.at:%H:%M}", alert.change.value) for alert in told(rule, entries)] == expected
