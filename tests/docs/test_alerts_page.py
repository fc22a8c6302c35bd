"""The rules of docs/alerts.md do what the page says."""

import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from schemas import Alert, Entry, Newsroom, Quiet, Sink
from streams.alerts import Engine, rule_problems
from streams.cli import main
from streams.settings.yaml_loader import Loader
from streams.sinks.targets import target_of

PAGE = (Path(__file__).parents[2] / "docs/alerts.md").read_text(encoding="utf-8")


def _section(title: str) -> str:
    """Return a chapter of the page."""
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def _blocks(language: str, section: str) -> list[str]:
    """Return a chapter's blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", _section(section), re.MULTILINE | re.DOTALL)


RULES = {
    rule["id"]: rule
    for block in _blocks("yaml", "Ten rules")
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


def test_the_first_steps_lead_to_what_the_page_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newsroom's file, the documents and the table stand on the page, and the commands make one from the others."""
    (newsroom,), (documents,) = (
        _blocks("yaml", "From nothing to a message"),
        _blocks("json", "From nothing to a message"),
    )
    first, *_ = _blocks("console", "From nothing to a message")
    commands = [line[2:] for line in first.splitlines() if line.startswith("$ ")]
    shown = "\n".join(line for line in first.splitlines() if not line.startswith("$ "))
    (tmp_path / "liveline.yaml").write_text(newsroom)
    (tmp_path / "monday.jsonl").write_text(documents)
    for name in [name for name in os.environ if name.startswith("LIVELINE_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)

    said = ""
    for command in commands:
        _, arguments, into = re.fullmatch(r"(liveline) (.*) > (\S+)", command).groups()  # type: ignore[union-attr]
        result = CliRunner().invoke(main, arguments.split())
        assert result.exit_code == 0, result.stderr
        (tmp_path / into).write_text(result.stdout)
        said = result.stderr

    assert said.strip() == shown.strip()
    alerts = [Alert.from_json(line) for line in (tmp_path / "alerts.jsonl").read_text().splitlines()]
    assert [f"{alert.at:%H:%M}" for alert in alerts if alert.notify] == ["18:04", "18:09", "18:30"]


def test_the_sinks_of_the_page_are_sinks_and_every_key_has_its_line() -> None:
    """No option is left to be guessed."""
    (block,) = _blocks("yaml", "Sinks")

    sinks = [Sink.model_validate(each) for each in yaml.load(block, Loader=Loader)]  # noqa: S506

    assert [sink.id for sink in sinks] == ["desk", "phone", "newsletter"]
    assert list(rule_problems(Newsroom(sinks=tuple(sinks)))) == []
    chapter = _section("Sinks")
    for name in Sink.model_fields:
        assert f"| `{name}` |" in chapter
    for field in Quiet.model_fields.items():
        assert f"`{field[1].alias or field[0]}`" in chapter


def test_the_addresses_of_the_page_are_understood() -> None:
    """Each example is one that Apprise, or we, can use once its words are replaced."""
    found = re.findall(r"^\| (`.*?`) \|", _section("Sinks").partition("| address |")[2], re.MULTILINE)
    addresses = [address for each in found for address in re.findall(r"`([^`]*)`", each)]

    assert len(addresses) == 8
    for address in addresses:
        real = address
        for word, value in _REAL.items():
            real = real.replace(word, value)
        target_of("desk", real)


_REAL = {
    "TOKEN_A/TOKEN_B/TOKEN_C": "T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
    "BOT_TOKEN/CHAT_ID": "123456789:abcdefg_hijklmnop/12315544",
    "HOST/WORKFLOW/SIGNATURE": "prod-1.westeurope.logic.azure.com:443/643e69f83c8944/KODuebWbDGYFr0z0eu",
}
