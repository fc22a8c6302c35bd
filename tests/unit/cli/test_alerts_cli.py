"""`liveline alerts test`: what rules would have told over entries of the past."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Liveline = Callable[..., Result]

NEWSROOM = """\
coverages:
  - {id: harbour-fire, title: Harbour fire}
alerts:
  - id: urgent
    when: 'entry.urgency <= 3 && entry.headline.contains("Fire")'
    on: [created, updated]
    cooldown: 15m
  - {id: quiet, silence: 20m}
"""


def line(id_: str, clock: str, **fields: Any) -> str:
    """Return an entry as `process` prints it."""
    entry = {
        "entry_id": id_,
        "revision": 1,
        "change": "created",
        "status": "usable",
        "coverage_id": "harbour-fire",
        "source_id": "evening-post",
        "received_at": f"2024-05-01T{clock}:00Z",
        "processed_at": f"2024-05-01T{clock}:00Z",
        "headline": "Fire",
        "story_id": "s",
    }
    return json.dumps(entry | fields) + "\n"


ENTRIES = line("a", "12:00", urgency=2) + line("b", "12:05", urgency=2) + line("c", "12:40", urgency=5)


def said(result: Result) -> list[tuple[str, str, str, bool]]:
    """Return the alerts on stdout, in short."""
    alerts = [json.loads(line) for line in result.stdout.splitlines()]
    return [(a["at"][11:16], a["rule_id"], a["change"], a["notify"]) for a in alerts]


def test_each_revision_is_a_line_and_a_table_counts_them(liveline: Liveline, tmp_path: Path) -> None:
    """Those of which nobody is told are lines too; it ends at the last entry's time."""
    (tmp_path / "liveline.yaml").write_text(NEWSROOM)
    (tmp_path / "entries.jsonl").write_text(ENTRIES)

    result = liveline("alerts", "test", "--entries", "entries.jsonl")

    assert result.exit_code == 0
    assert said(result) == [
        ("12:00", "urgent", "raised", True),
        ("12:05", "urgent", "updated", False),
        ("12:25", "quiet", "raised", True),
        ("12:40", "quiet", "ended", True),
    ]
    table = [row.split() for row in result.stderr.splitlines()]
    assert table[1] == ["urgent", "1", "0", "1", "0", "0", "2024-05-01", "12:00", "(1)"]
    assert table[2] == ["quiet", "2", "0", "0", "0", "0", "2024-05-01", "12:00", "(2)"]


def test_a_line_that_is_no_entry_is_named_and_the_others_go_on(liveline: Liveline, tmp_path: Path) -> None:
    """Standard input works as a file does."""
    (tmp_path / "liveline.yaml").write_text(NEWSROOM)

    result = liveline("alerts", "test", "urgent", "--entries", "-", stdin=f"{{half\n{{}}\n\n{ENTRIES}".encode())

    assert result.exit_code == 1
    assert "standard input:1: no Entry: not JSON" in result.stderr
    assert "standard input:2: no Entry: entry_id: Field required" in result.stderr
    assert {rule for _, rule, _, _ in said(result)} == {"urgent"}


def test_an_unknown_rule_is_wrong_use(liveline: Liveline, tmp_path: Path) -> None:
    """The nearest one is named."""
    (tmp_path / "liveline.yaml").write_text(NEWSROOM)

    result = liveline("alerts", "test", "urgnt", "--entries", "-")

    assert result.exit_code == 2
    assert "did you mean urgent?" in result.stderr


def test_near_names_what_missed_by_one_part(liveline: Liveline, tmp_path: Path) -> None:
    """So that a condition can be made wider by what it costs."""
    (tmp_path / "liveline.yaml").write_text(NEWSROOM)

    result = liveline("alerts", "test", "--near", "--entries", "-", stdin=ENTRIES.encode())

    assert "near urgent: c:1 at 2024-05-01T12:40:00Z missed: entry.urgency <= 3" in result.stderr


def test_against_says_what_is_told_more_less_and_at_another_time(liveline: Liveline, tmp_path: Path) -> None:
    """Before a rule is changed, what the change does."""
    (tmp_path / "old.yaml").write_text(
        NEWSROOM.replace("cooldown: 15m", "hold: 1m").replace("silence: 20m", "silence: 9h")
    )
    (tmp_path / "liveline.yaml").write_text(NEWSROOM)

    result = liveline("alerts", "test", "--against", "old.yaml", "--entries", "-", stdin=ENTRIES.encode())

    lines = result.stderr.splitlines()
    assert "more: 2" in lines
    assert "less: 0" in lines
    assert "  ~ 2024-05-01T12:00:00Z urgent raised: Harbour fire: Fire (was 2024-05-01T12:01:00Z)" in lines


@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        ("entry.urgency", "entry.urgncy", "liveline.yaml:5: alerts.urgent.when: unknown field 'urgncy'; did you mean"),
        ("cooldown", "coldown", "liveline.yaml:7: alerts.urgent.coldown: is no setting; did you mean cooldown?"),
        ("15m", "soon", "liveline.yaml:7: alerts.urgent.cooldown: expected a number and its unit"),
        ("id: quiet", "id: urgent", "liveline.yaml:8: alerts.urgent.id: rule 'urgent' is there twice"),
        ("cooldown: 15m", "rises: [deaths]", "liveline.yaml:7: alerts.urgent.rises: "),
        ("cooldown: 15m", "to: [desk]", "liveline.yaml:7: alerts.urgent.to: unknown sink 'desk'"),
        (
            "cooldown: 15m",
            "coverages: [harbor-fire]",
            "alerts.urgent.coverages: unknown coverage 'harbor-fire'; did",
        ),
        ("cooldown: 15m", "burst: {within: 5m}", "alerts.urgent.burst: found when and burst; expected exactly one"),
        ("cooldown: 15m", "title: '{entry.hedline}'", "alerts.urgent.title: unknown field 'hedline'; did you mean"),
        ("silence: 20m", "silence: 20m, timezone: Here", "liveline.yaml:8: alerts.quiet.timezone: 'Here' is no IANA"),
        (
            "silence: 20m",
            "silence: 20m, between: ['6', '7']",
            "liveline.yaml:8: alerts.quiet.between: expected a time",
        ),
        ("silence: 20m", "cooldown: 20m", "liveline.yaml:8: alerts.quiet.when: missing; expected exactly one of"),
        ("silence: 20m", "silence: 20m, hold: 1m", "liveline.yaml:8: alerts.quiet.hold: belongs to a rule with when"),
    ],
)
def test_a_mistake_in_a_rule_is_named_with_its_place(
    liveline: Liveline, tmp_path: Path, written: str, instead: str, said: str
) -> None:
    """Wrong use, with the line, the rule, the key, and what was probably meant."""
    (tmp_path / "liveline.yaml").write_text(NEWSROOM.replace(written, instead, 1))

    result = liveline("alerts", "test", "--entries", "-")

    assert result.exit_code == 2
    assert said in result.stderr


def test_entries_come_either_from_a_file_or_from_kafka(liveline: Liveline, tmp_path: Path) -> None:
    """Neither or both is wrong use, and so is a time that is none."""
    (tmp_path / "liveline.yaml").write_text(NEWSROOM)

    for arguments in ([], ["--entries", "-", "--from", "-2h"]):
        result = liveline("alerts", "test", *arguments)
        assert (result.exit_code, "give either --entries FILE, or --from" in result.stderr) == (2, True)
    assert "'soon' is no time" in liveline("alerts", "test", "--from", "soon").stderr


SINKS = "sinks:\n  - {id: desk}\n  - {id: night-phone}\n"


def test_send_test_sends_one_message(liveline: Liveline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To the sink that is named; that another one has no address does not matter for it."""
    (tmp_path / "liveline.yaml").write_text(NEWSROOM + SINKS)
    monkeypatch.setenv("LIVELINE_SINK_DESK", "print:")

    result = liveline("alerts", "send-test", "desk")

    assert (result.exit_code, result.stdout) == (0, "desk took the message\n")
    assert "desk ▸ Liveline can reach the sink desk." in result.stderr


def test_send_test_says_what_is_wrong(liveline: Liveline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sink that is not there, one without an address, and one that nobody listens at."""
    (tmp_path / "liveline.yaml").write_text(NEWSROOM + SINKS)
    monkeypatch.setenv("LIVELINE_SINK_DESK", "json://127.0.0.1:1/token")

    unknown = liveline("alerts", "send-test", "dsk")
    assert (unknown.exit_code, "did you mean desk?" in unknown.stderr) == (2, True)
    missing = liveline("alerts", "send-test", "night-phone")
    assert (missing.exit_code, "LIVELINE_SINK_NIGHT_PHONE: missing" in missing.stderr) == (2, True)
    closed = liveline("alerts", "send-test", "desk")
    assert (closed.exit_code, "onnection error" in closed.stderr, "token" in closed.stderr) == (1, True, False)


def test_config_check_names_sinks_without_an_address_or_with_a_wrong_one(
    liveline: Liveline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By their variables; the address itself is not shown."""
    (tmp_path / "liveline.yaml").write_text(NEWSROOM + SINKS)
    monkeypatch.setenv("LIVELINE_SINK_DESK", "pigeon://secret@host")

    result = liveline("config", "check")

    assert result.exit_code == 1
    assert "LIVELINE_SINK_DESK: found a URL that begins with pigeon:" in result.stderr
    assert (
        "LIVELINE_SINK_NIGHT_PHONE: missing; sink 'night-phone' of liveline.yaml needs an Apprise URL" in result.stderr
    )
    assert "secret" not in result.output
