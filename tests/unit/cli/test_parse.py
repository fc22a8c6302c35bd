"""`liveline parse`: files to posts, a line each."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Liveline = Callable[..., Result]

POST = '{"id": "p1", "headline": "Fire on the quay", "published_at": "2024-05-01T12:00:00+01:00"}'


def lines(result: Result) -> list[dict[str, object]]:
    """Return what stdout holds."""
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_post_is_a_line_with_its_file_and_format(liveline: Liveline, tmp_path: Path) -> None:
    """The line is the post as JSON, absent fields left out, with where it is from."""
    (tmp_path / "a.json").write_text(POST)

    result = liveline("parse", "a.json")

    assert result.exit_code == 0
    assert lines(result) == [
        {
            "document": "a.json",
            "format": "post",
            "published_at": "2024-05-01T11:00:00Z",
            "time_basis": "exact",
            "headline": "Fire on the quay",
            "kind": "post",
            "id": "p1",
            "status": "usable",
        }
    ]


def test_bad_and_missing_files_are_named_and_the_others_printed(liveline: Liveline, tmp_path: Path) -> None:
    """One bad file of five does not cost the other four."""
    (tmp_path / "good.json").write_text(POST)
    (tmp_path / "half.json").write_text(f'[{POST}, {{"headline": 4}}]')
    (tmp_path / "bad.json").write_text('{"headline"')
    (tmp_path / "folder").mkdir()

    result = liveline("parse", "missing.json", "bad.json", "folder", "half.json", "good.json")

    assert result.exit_code == 1
    assert [line["document"] for line in lines(result)] == ["half.json", "good.json"]
    named = [line.split(": ")[1] for line in result.stderr.splitlines()]
    assert named == ["missing.json", "bad.json", "folder", "half.json"]
    assert "half.json: 1: " in result.stderr


def test_a_post_without_a_date_takes_the_files(liveline: Liveline, tmp_path: Path) -> None:
    """The file's own time stands in, unless --received-at says another."""
    (tmp_path / "a.json").write_text('{"headline": "Fire"}')
    os.utime(tmp_path / "a.json", (1_714_564_800, 1_714_564_800))

    by_file = liveline("parse", "a.json")
    by_option = liveline("parse", "--received-at", "2024-06-01T10:00:00+02:00", "a.json")

    assert lines(by_file)[0]["published_at"] == "2024-05-01T12:00:00Z"
    assert lines(by_option)[0]["published_at"] == "2024-06-01T08:00:00Z"


def test_a_clock_without_a_zone_is_the_options(liveline: Liveline, tmp_path: Path) -> None:
    """--timezone says what a bare clock means."""
    (tmp_path / "a.json").write_text('{"headline": "Fire", "published_at": "2024-05-01T12:00:00"}')

    result = liveline("parse", "--timezone", "Europe/London", "a.json")

    assert (lines(result)[0]["published_at"], lines(result)[0]["time_basis"]) == (
        "2024-05-01T11:00:00Z",
        "zone_assumed",
    )


def test_a_dash_is_standard_input(liveline: Liveline) -> None:
    """A document can be piped in."""
    result = liveline("parse", "--content-type", "application/json", "-", stdin=POST.encode())

    assert (result.exit_code, lines(result)[0]["document"], lines(result)[0]["id"]) == (0, "-", "p1")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Missing argument 'FILE...'"),
        (("--timezone", "London", "a.json"), "'London' is no IANA time zone"),
        (("--received-at", "2024-05-01T12:00:00", "a.json"), "no time with its zone"),
        (("--received-at", "noon", "a.json"), "no time with its zone"),
        (("--format", "telex", "a.json"), "'telex' is no format; known are: "),
        (("--formt", "post", "a.json"), "No such option"),
    ],
)
def test_wrong_use_says_what_was_expected(liveline: Liveline, arguments: tuple[str, ...], said: str) -> None:
    """A wrong call ends with 2 and a line that helps."""
    result = liveline("parse", *arguments)

    assert result.exit_code == 2
    assert said in result.stderr


def test_a_file_that_meets_a_bug_loses_nobody_elses_output(
    liveline: Liveline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even one that raises when its posts are written: it is named and the others are printed."""
    from schemas import Post  # noqa: PLC0415

    to_dict = Post.to_dict

    def broken(post: Post) -> dict[str, object]:
        if post.headline == "Poison":
            raise ZeroDivisionError("a bug")
        return to_dict(post)

    monkeypatch.setattr(Post, "to_dict", broken)
    odd = os.fsdecode(b"odd-\xff.json")
    for name, headline in (("a.json", "Fire"), ("b.json", "Poison"), (odd, "Odd")):
        (tmp_path / name).write_text(json.dumps({"headline": headline}))

    result = liveline("parse", "a.json", "b.json", odd, "no\0file")

    printed = [(post["document"], post["headline"]) for post in lines(result)]
    assert printed == [("a.json", "Fire"), ("odd-\\udcff.json", "Odd")]
    assert "b.json: ZeroDivisionError in Liveline, not your input: a bug" in result.stderr
    assert "no\0file: ValueError" in result.stderr
    assert result.exit_code == 1
