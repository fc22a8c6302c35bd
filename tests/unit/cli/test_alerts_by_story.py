"""Rules by story over entries that `process` made: the story of each is the pipeline's own."""

import json
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

Liveline = Callable[..., Result]

NEWSROOM = """\
coverages:
  - {id: harbour-fire, title: Harbour fire}
alerts:
  - {id: told, when: 'entry.status == "usable"', on: [created, updated], cooldown: 1h}
"""
FERRY = "Three people were hurt when a ferry hit the north pier at Westhaven, the harbour master said."
INQUIRY = "An inquiry will ask why the ferry hit the north pier at Westhaven; the captain says its rudder jammed."
TRAMS = "Trams on line 4 are back, the operator says, and thanks commuters for their patience after the power failure."


def document(clock: str, source: str, post: dict[str, str]) -> str:
    """Return a line that holds one pushed post."""
    received_at = f"2024-05-01T{clock}:00Z"
    fields = {"coverage": "harbour-fire", "content_type": "application/vnd.liveline.post+json"}
    return json.dumps({"source": source, "received_at": received_at, "body": json.dumps(post), **fields}) + "\n"


def alerts(liveline: Liveline, folder: Path, *documents: str) -> list[tuple[str, str, str, bool, int]]:
    """Return the alerts over what `process` makes of documents: time, subject, change, told, causes."""
    (folder / "liveline.yaml").write_text(NEWSROOM)
    (folder / "documents.jsonl").write_text("".join(documents))
    (folder / "entries.jsonl").write_text(liveline("process", "documents.jsonl").stdout)
    result = liveline("alerts", "test", "--entries", "entries.jsonl")
    assert result.exit_code == 0
    said = [json.loads(line) for line in result.stdout.splitlines()]
    return [(a["at"][11:16], a["subject"]["id"], a["change"], a["notify"], len(a["causes"])) for a in said]


def test_a_story_is_told_once_however_it_goes_on(liveline: Liveline, tmp_path: Path) -> None:
    """A second report in other words joins the first one's alert; another topic has an alert of its own."""
    said = alerts(
        liveline,
        tmp_path,
        document("12:00", "post", {"id": "1", "body_text": FERRY}),
        document("12:01", "post", {"id": "2", "body_text": TRAMS}),
        document("12:05", "wire", {"id": "w1", "body_text": INQUIRY}),
    )

    (_, ferry, *_), (_, trams, *_), joined = said
    assert ferry != trams
    assert [(at, change, told) for at, _, change, told, _ in said[:2]] == [
        ("12:00", "raised", True),
        ("12:01", "raised", True),
    ]
    assert joined == ("12:05", ferry, "updated", False, 2)


def test_a_retraction_within_a_story_is_heard_by_its_alert(liveline: Liveline, tmp_path: Path) -> None:
    """The entry that raised it goes, the other one still stands; when that goes too, the alert is withdrawn."""
    said = alerts(
        liveline,
        tmp_path,
        document("12:00", "post", {"id": "1", "body_text": FERRY}),
        document("12:05", "wire", {"id": "w1", "body_text": INQUIRY}),
        document("12:10", "post", {"id": "1", "status": "canceled"}),
        document("12:15", "wire", {"id": "w1", "status": "canceled"}),
    )

    assert [(at, change) for at, _, change, _, _ in said] == [
        ("12:00", "raised"), ("12:05", "updated"), ("12:10", "updated"), ("12:15", "withdrawn"),
    ]  # fmt: skip
    assert len({subject for _, subject, *_ in said}) == 1
