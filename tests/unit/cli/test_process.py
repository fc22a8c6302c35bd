"""`liveline process`: the whole pipeline over files."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from schemas import Document, Source

Liveline = Callable[..., Result]

POST = "application/vnd.liveline.post+json"


def line(received_at: str, post: dict[str, object], **fields: str) -> str:
    """Return a line of a `.jsonl` file that holds one pushed post."""
    document = {
        "source": "evening-post",
        "coverage": "harbour-fire",
        "received_at": f"2024-05-01T{received_at}:00Z",
        "content_type": POST,
        "body": json.dumps(post),
    }
    return json.dumps(document | fields)


def revisions(result: Result) -> list[tuple[str, int, str]]:
    """Return what stdout holds, in short."""
    found = [json.loads(line) for line in result.stdout.splitlines()]
    return [(entry["source_post_id"], entry["revision"], entry["change"]) for entry in found]


def test_documents_become_revisions_in_order(liveline: Liveline, tmp_path: Path) -> None:
    """One memory serves all files: a later file edits what an earlier one published."""
    published = {"id": "p1", "published_at": "2024-05-01T12:00:00Z"}
    (tmp_path / "1.jsonl").write_text(
        line("12:01", {**published, "headline": "Fire on the quay", "body_text": "Two crews are out."})
        + "\n"
        + line("12:02", {**published, "headline": "Fire on the quay", "body_text": "Two crews are out."})
    )
    (tmp_path / "2.jsonl").write_text(
        line("12:05", {**published, "headline": "Fire on the quay", "body_text": "Four crews are out."})
    )

    result = liveline("process", "1.jsonl", "2.jsonl")

    assert result.exit_code == 0
    assert revisions(result) == [("p1", 1, "created"), ("p1", 2, "updated")]
    second = json.loads(result.stdout.splitlines()[1])
    assert (second["changed_fields"], second["coverage_id"]) == (["body_text"], "harbour-fire")


def test_an_embargo_ends_by_the_documents_time(liveline: Liveline, tmp_path: Path) -> None:
    """What was held until noon comes out before the first document that is later, whatever today's date."""
    held = {"id": "p1", "headline": "Budget", "status": "withheld", "embargo_until": "2024-05-01T12:00:00Z"}
    (tmp_path / "d.jsonl").write_text(
        "\n".join(
            [
                line("11:00", held),
                line("11:59", {"id": "p2", "headline": "Before"}),
                line("12:01", {"id": "p3", "headline": "After"}, coverage="another"),
            ]
        )
    )

    assert revisions(liveline("process", "d.jsonl")) == [
        ("p2", 1, "created"),
        ("p1", 1, "created"),
        ("p3", 1, "created"),
    ]


def test_the_same_page_comes_back_over_months(liveline: Liveline, tmp_path: Path) -> None:
    """After 2 days and 30 its revisions go on, after a year what it may have published is left out; as in a worker."""

    def on(day: str, document: str) -> str:
        return document.replace("2024-05-01T12:00:00Z", f"{day}T12:00:00Z")

    def page(day: str, text: str, *more: dict[str, object]) -> str:
        posts = [
            {"id": "p1", "published_at": "2024-05-01T11:00:00Z", "body_text": "Two crews are out."},
            {"id": "p2", "published_at": "2024-05-01T11:05:00Z", "body_text": text},
            *more,
        ]
        return on(day, line("12:00", {}, body=json.dumps(posts)))

    def other(day: str) -> str:
        return on(day, line("12:00", {"id": day, "headline": day}, coverage="elsewhere"))

    new = {"id": "p3", "published_at": "2025-05-31T11:00:00Z", "body_text": "A year later."}
    (tmp_path / "d.jsonl").write_text(
        "\n".join(
            [
                page("2024-05-01", "The quay is closed."),
                page("2024-05-03", "The quay is open."),
                *map(other, ("2024-05-04", "2024-05-10")),
                page("2024-05-31", "The quay is open."),
                page("2024-06-30", "The quay is closed again."),
                *map(other, ("2024-07-10", "2024-12-01")),
                page("2025-06-01", "The quay is no more.", new),
            ]
        )
    )

    result = liveline("process", "d.jsonl")

    told = [json.loads(entry) for entry in result.stdout.splitlines()]
    assert [
        (entry["source_post_id"], entry["revision"], entry["change"], entry.get("changed_fields"))
        for entry in told
        if entry["coverage_id"] == "harbour-fire"
    ] == [
        ("p1", 1, "created", None),
        ("p2", 1, "created", None),
        ("p2", 2, "updated", ["body_text"]),
        ("p2", 3, "updated", None),
        ("p3", 1, "created", None),
    ]


def test_the_end_of_an_embargo_is_when_its_revision_was_received(liveline: Liveline, tmp_path: Path) -> None:
    """It comes out before the first document at that time, as received then."""
    held = {"id": "p1", "headline": "Budget", "status": "withheld", "embargo_until": "2024-05-01T12:00:00Z"}
    (tmp_path / "d.jsonl").write_text(
        "\n".join([line("11:00", held), line("12:00", {"id": "p3", "headline": "After"}, coverage="another")])
    )

    result = liveline("process", "d.jsonl")

    assert [post for post, _, _ in revisions(result)] == ["p1", "p3"]
    assert json.loads(result.stdout.splitlines()[0])["received_at"] == "2024-05-01T12:00:00Z"


def test_what_fails_is_named_kept_and_can_be_run_again(liveline: Liveline, tmp_path: Path) -> None:
    """A dead letter holds the document as a `.jsonl` line does; the others are published."""
    (tmp_path / "d.jsonl").write_text(
        "\n".join(
            [
                line("12:00", {"id": "p1", "headline": "Fire"}),
                line("12:01", {}, body="{half"),
                "{broken line",
                line("12:03", {}, body=f'[{json.dumps({"id": "p2", "headline": "Two hurt"})}, {{"headline": 4}}]'),
                json.dumps({"source": "evening-post", "content_type": POST, "body_base64": "/wA="}),
            ]
        )
    )

    result = liveline("process", "--dead-letters", "dead.jsonl", "d.jsonl")

    assert result.exit_code == 1
    assert [post for post, _, _ in revisions(result)] == ["p1", "p2"]
    named = [told.split(": ")[1] for told in result.stderr.splitlines()]
    assert named == ["d.jsonl:2", "d.jsonl:3", "d.jsonl:4", "d.jsonl:5"]
    letters = [json.loads(letter) for letter in (tmp_path / "dead.jsonl").read_text().splitlines()]
    assert [letter["stage"] for letter in letters] == ["parse"] * 3
    assert [letter["document"].get("body") for letter in letters] == ["{half", '{"headline":4}', None]
    assert (letters[1]["part"], letters[2]["document"]["body_base64"]) == ("1", "/wA=")
    assert "headline" in letters[1]["error"]


def test_a_clock_without_a_zone_is_the_options_for_every_source(liveline: Liveline, tmp_path: Path) -> None:
    """--timezone holds for whatever source a line names."""
    (tmp_path / "d.jsonl").write_text(
        line("12:00", {"id": "p1", "headline": "Fire", "published_at": "2024-05-01T12:00:00"}, source="Any Source!")
    )

    result = liveline("process", "--timezone", "Europe/London", "d.jsonl")

    entry = json.loads(result.stdout)
    assert (entry["source_id"], entry["published_at"]) == ("Any Source!", "2024-05-01T11:00:00Z")


def test_explain_tells_why_also_of_what_came_to_nothing(liveline: Liveline, tmp_path: Path) -> None:
    """Each post has its line on stderr; stdout is the same with and without."""
    post = {"id": "p1", "headline": "Fire", "published_at": "2024-05-01T12:00:00Z"}
    (tmp_path / "d.jsonl").write_text(line("12:01", post) + "\n" + line("12:02", post))

    result = liveline("process", "--explain", "d.jsonl")

    assert (result.exit_code, len(revisions(result))) == (0, 1)
    first, version, urgency, story, second = result.stderr.splitlines()
    assert first.startswith("liveline: d.jsonl:1: ")
    assert " new, told by its id" in first
    assert " enriched by version " in version
    assert urgency.endswith(" urgency 5: nothing speaks for more")
    assert re.search(r" story [0-9a-f-]{36}: new$", story)
    assert " unchanged" in second


def test_dead_letters_that_cannot_be_written_are_wrong_use(liveline: Liveline, tmp_path: Path) -> None:
    """A file that can't be opened is told before anything runs."""
    (tmp_path / "d.jsonl").write_text(line("12:00", {"id": "p1", "headline": "Fire"}))

    result = liveline("process", "--dead-letters", "nowhere/dead.jsonl", "d.jsonl")

    assert result.exit_code == 2
    assert result.stdout == ""
    assert "nowhere/dead.jsonl" in result.stderr


def test_a_file_that_meets_a_bug_loses_nobody_elses_output(
    liveline: Liveline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever raises in one document, it is named, kept as a dead letter, and the others are printed."""
    from streams.dedupe.draft import Draft  # noqa: PLC0415

    repeats = Draft.repeats

    def broken(draft: Draft, document: Document, source: Source) -> bool:
        if b"Poison" in document.body:
            raise ZeroDivisionError("a bug")
        return repeats(draft, document, source)

    monkeypatch.setattr(Draft, "repeats", broken)
    posts = [{"id": name, "headline": name} for name in ("Fire", "Poison", "Smoke")]
    (tmp_path / "d.jsonl").write_text("\n".join(line(f"12:0{number}", post) for number, post in enumerate(posts)))

    result = liveline("process", "d.jsonl", "--dead-letters", "letters.jsonl")

    assert [entry[0] for entry in revisions(result)] == ["Fire", "Smoke"]
    assert "d.jsonl:2: ZeroDivisionError in Liveline, not your input: a bug" in result.stderr
    assert result.exit_code == 1
    (letter,) = (tmp_path / "letters.jsonl").read_text().splitlines()
    assert json.loads(letter)["document"]["id"] == "d.jsonl:2"


def test_half_characters_and_impossible_times_lose_nobody_elses_output(liveline: Liveline, tmp_path: Path) -> None:
    """A time that UTC does not have names its line; a file name that is no UTF-8 is printed as far as it can be."""
    far = "9999-12-31T23:59:59-14:00"
    (tmp_path / "d.jsonl").write_text(
        "\n".join(
            [
                line("12:00", {"id": "p1", "headline": "Fire"}),
                line("12:01", {"id": "p2", "headline": "Far"}).replace("2024-05-01T12:01:00Z", far),
                line("12:02", {"id": "p3", "headline": "Smoke"}),
            ]
        )
    )
    odd = os.fsdecode(b"odd-\xff.json")
    (tmp_path / odd).write_text('{"id": "p4", "headline": "Odd"}')

    result = liveline("process", "d.jsonl", odd, "no\0file")

    assert [entry[0] for entry in revisions(result)] == ["p1", "p3", "p4"]
    assert "d.jsonl:2: received_at: Value error, the time is out of range in UTC" in result.stderr
    assert "no\0file: ValueError" in result.stderr
    assert result.exit_code == 1


CONFIG = """
coverages:
  - id: harbour-fire
    sources:
      - {id: evening-post, timezone: Europe/London}
"""


def test_the_newsrooms_file_says_how_a_source_is_read(liveline: Liveline, tmp_path: Path) -> None:
    """With --config a source has its own zone and coverage; others have the options'."""
    (tmp_path / "liveline.yaml").write_text(CONFIG)
    body = json.dumps({"headline": "Fire", "published_at": "2024-05-01T12:00:00"})
    lines = [{"source": source, "content_type": POST, "body": body} for source in ("evening-post", "other")]
    (tmp_path / "d.jsonl").write_text("\n".join(map(json.dumps, lines)))

    result = liveline("process", "--config", "liveline.yaml", "--timezone", "Asia/Tokyo", "d.jsonl")

    made = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(each["coverage_id"], each["published_at"]) for each in made] == [
        ("harbour-fire", "2024-05-01T11:00:00Z"),
        ("local", "2024-05-01T03:00:00Z"),
    ]


def test_a_newsrooms_file_with_a_mistake_is_wrong_use(liveline: Liveline, tmp_path: Path) -> None:
    """It is told with its line, and nothing is processed."""
    (tmp_path / "liveline.yaml").write_text(CONFIG.replace("timezone", "timezon"))
    (tmp_path / "d.jsonl").write_text(line("12:00", {"id": "p1", "headline": "Fire"}))

    wrong = liveline("process", "--config", "liveline.yaml", "d.jsonl")
    absent = liveline("process", "--config", "nowhere.yaml", "d.jsonl")

    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert "liveline.yaml:5" in wrong.stderr
    assert (absent.exit_code, "nowhere.yaml" in absent.stderr) == (2, True)


def test_standard_input_is_documents_a_line(liveline: Liveline) -> None:
    """Unless --content-type says otherwise; who pipes something else is told so."""
    lines = f"{line('12:00', {'id': 'p1', 'headline': 'Fire'})}\n{line('12:01', {'id': 'p2', 'headline': 'Smoke'})}\n"
    post = json.dumps({"id": "p1", "headline": "Fire"}).encode()

    assert len(revisions(liveline("process", "-", stdin=lines.encode()))) == 2
    assert len(revisions(liveline("process", "--content-type", POST, "-", stdin=post))) == 1
    told = liveline("process", "-", stdin=post)
    assert (told.exit_code, "unless --content-type says otherwise" in told.stderr) == (1, True)


def test_dead_letters_can_be_given_back(liveline: Liveline, tmp_path: Path) -> None:
    """Once what was wrong is put right, the letters are documents again: source, coverage, time and bytes."""
    (tmp_path / "d.jsonl").write_text(
        line("12:00", {}, format="feed", body=json.dumps([{"id": "p1", "headline": "Fire"}, {"headline": 4}]))
        + "\n"
        + line("12:01", {}, content_type="text/plain; charset=iso-8859-1", body="Caf\u00e9")
    )
    liveline("process", "d.jsonl", "--dead-letters", "dead.jsonl")
    mended = (tmp_path / "dead.jsonl").read_text().replace('"format":"feed"', '"format":"post"')
    (tmp_path / "mended.jsonl").write_text(mended)

    result = liveline("process", "mended.jsonl", "--dead-letters", "again.jsonl")

    (entry,) = [json.loads(each) for each in result.stdout.splitlines()]
    assert (entry["source_id"], entry["coverage_id"], entry["received_at"], entry["headline"]) == (
        "evening-post",
        "harbour-fire",
        "2024-05-01T12:00:00Z",
        "Fire",
    )
