"""`liveline.yaml`: what is wrong is named with its line."""

from datetime import time
from pathlib import Path

import pytest

from streams.settings.newsroom_file import read_newsroom


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("coverages:\n  - id: a\n    sources:\n      - id: b\n        every: soon\n", 5, "coverages.0.sources.0.every"),
        ("coverages:\n  - id: a\n    contry: GB\n", 3, "coverages.0.contry: is no setting"),
        ("coverages:\n  - title: Fire\n", 2, "coverages.0.id: missing"),
        ("coverages:\n  - id: a\n    sources:\n      - id: b\n        timezone: Here\n", 5, "Europe/London"),
        ("coverages:\n  - id: a\n  - id: a\n", 1, "coverage 'a' is configured twice"),
        ("coverages:\n  - id: a\n    title: x\n    title: y\n", 4, "coverages.0.title: written twice"),
        ("coverages:\n  - id: [a\n", 3, "not YAML"),
        ("- a\n", 1, "valid dictionary"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, text: str, line: int, said: str) -> None:
    """The line begins as compilers begin theirs, so that an editor jumps to it."""
    path = tmp_path / "liveline.yaml"
    path.write_text(text)

    newsroom, (problem,) = read_newsroom(path)

    assert problem.startswith(f"{path}:{line}: ")
    assert said in problem
    assert newsroom.coverages == ()


def test_words_and_times_are_no_booleans_and_numbers(tmp_path: Path) -> None:
    """A rule's `on`, `fresh: off`, Norway and an unquoted time of day mean what a newsroom means."""
    path = tmp_path / "liveline.yaml"
    path.write_text(
        "coverages:\n  - {id: a, country: NO, near_duplicates: false}\nalerts:\n"
        "  - {id: r, when: entry.breaking, on: [created], fresh: off, count: {entries: 3, within: 10m}}\n"
        "  - {id: s, silence: 20m, between: [06:00, 23:30]}\n"
    )

    newsroom, problems = read_newsroom(path)

    assert problems == []
    assert newsroom.coverages[0].country == "NO"
    assert newsroom.coverages[0].near_duplicates is False
    assert newsroom.alerts[0].on == ("created",)
    assert newsroom.alerts[0].fresh is None
    assert newsroom.alerts[1].between == (time(6), time(23, 30))


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    """Bytes that are not UTF-8 are a problem of the file, not a crash."""
    path = tmp_path / "liveline.yaml"
    path.write_bytes(b"\xff\xfe\x00")

    _, (problem,) = read_newsroom(path)

    assert "UTF-8" in problem


def test_an_empty_file_configures_nothing(tmp_path: Path) -> None:
    """A file of comments is a newsroom without coverages."""
    path = tmp_path / "liveline.yaml"
    path.write_text("# nothing yet\n")

    assert read_newsroom(path)[1] == []
