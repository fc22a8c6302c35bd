"""`.jsonl` files: a document a line."""

import base64
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from streams.cli.files.documents import Given, read_documents
from streams.cli.files.options import About
from streams.cli.output.errors import Failures

ABOUT = About("local", "local", None, "UTC", None, None, None)


def read(path: Path, *lines: object) -> tuple[list[Given], Failures]:
    """Return what a file of these lines holds."""
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines))
    failures = Failures()
    return list(read_documents([str(path)], ABOUT, failures)), failures


def test_a_line_tells_all_of_its_document(tmp_path: Path) -> None:
    """What a line says beats what the call says."""
    (given,), failures = read(
        tmp_path / "d.jsonl",
        {
            "source": "evening-post",
            "coverage": "harbour-fire",
            "received_at": "2024-05-01T12:00:00Z",
            "content_type": "text/plain",
            "body": "Zwölf",
            "url": "https://example.org/live",
            "format": "plaintext",
        },
    )

    document = given.document
    assert failures.count == 0
    assert given.place == f"{tmp_path / 'd.jsonl'}:1"
    assert (document.source_id, document.coverage_id) == ("evening-post", "harbour-fire")
    assert document.received_at.isoformat() == "2024-05-01T12:00:00+00:00"
    assert (document.content_type, document.body) == ("text/plain", "Zwölf".encode())
    assert (document.url, document.format) == ("https://example.org/live", "plaintext")


def test_a_body_that_is_no_text_comes_in_base64(tmp_path: Path) -> None:
    """Bytes survive as they are."""
    (given,), _ = read(tmp_path / "d.jsonl", {"body_base64": base64.b64encode(b"\xff\x00").decode()})

    assert given.document.body == b"\xff\x00"


def test_a_string_is_utf8_whatever_the_page_once_was(tmp_path: Path) -> None:
    """The string was decoded when it was written into JSON; its old charset would garble it."""
    (given,), _ = read(tmp_path / "d.jsonl", {"body": "Zwölf", "content_type": "text/html; charset=iso-8859-1"})

    assert given.document.content_type == "text/html; charset=utf-8"
    assert given.document.body.decode() == "Zwölf"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{half", "no document"),
        ("[1]", "valid dictionary"),
        ("{}", "either body (a string) or body_base64"),
        ('{"body": "x", "body_base64": "eA=="}', "either body (a string) or body_base64"),
        ('{"body_base64": "!!"}', "no document"),
        ('{"body": 5}', "body: "),
        ('{"body": "x", "received_at": "noon"}', "received_at: "),
        ('{"body": "x", "received_at": "2024-05-01T12:00:00"}', "received_at: "),
    ],
)
def test_a_wrong_line_is_named_and_the_others_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, said: str
) -> None:
    """The line's number and what is wrong with it are told."""
    given, failures = read(tmp_path / "d.jsonl", {"body": "a"}, "", line, {"body": "b"})

    assert [each.document.body for each in given] == [b"a", b"b"]
    assert failures.exit_code == 1
    told = capsys.readouterr().err
    assert f"{tmp_path / 'd.jsonl'}:3: " in told
    assert said in told


@pytest.mark.timeout(20)
def test_lines_are_read_as_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """A document is there before the next one is written, so a file of any length needs memory for one."""
    reading, writing = os.pipe()
    with os.fdopen(reading) as stdin, os.fdopen(writing, "wb", buffering=0) as writer:
        monkeypatch.setattr("sys.stdin", stdin)
        given = read_documents(["-"], replace(ABOUT, content_type="application/jsonl"), Failures())

        for number in range(3):
            writer.write(b'{"body": "%d"}\n' % number)
            assert next(given).document.body == b"%d" % number
