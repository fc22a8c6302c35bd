"""What fuzzing once found (`tests/fuzz/`) stays fixed."""

import time
from pathlib import Path

import pytest

from schemas import Document, Source
from streams.exceptions import ParseError
from streams.parse import format_named, parse
from tests.unit.parse.test_posts_csv import RECEIVED

CRASHES = sorted(path for path in (Path(__file__).parent / "crashes").iterdir() if path.suffix != ".md")
ALONE = 20
"""Seconds; fuzzing calls ten too long. Only a hang takes so much."""


@pytest.mark.parametrize("path", CRASHES, ids=lambda path: path.name)
def test_what_crashed_a_parser_is_read_or_refused(path: Path) -> None:
    """Each kept input gives posts or a `ParseError`, in time."""
    name = format_named(path.name.partition("-")[0])  # the format's module, then what is odd about the input
    assert name is not None
    document = Document(
        id="d1",
        source_id="fuzz",
        coverage_id="fuzz",
        received_at=RECEIVED,
        content_type="application/octet-stream",
        body=path.read_bytes(),
        format=name,
    )
    started = time.monotonic()
    try:
        posts = parse(document, Source(id="fuzz", timezone="Europe/London")).posts
    except ParseError as error:
        posts = ()
        message = str(error)
        assert message

    assert all(post.to_json() for post in posts)
    assert time.monotonic() - started < ALONE
