"""A text without time lines."""

from datetime import UTC, datetime

import pytest

from schemas import Document, Source
from streams.exceptions import ParseError
from streams.parse import Parsed, parse

RECEIVED = datetime(2024, 3, 1, 22, 0, tzinfo=UTC)


def read(body: bytes) -> Parsed:
    """Return what a pushed text gives."""
    document = Document(
        id="d1",
        source_id="evening-post",
        coverage_id="harbour-fire",
        received_at=RECEIVED,
        content_type="text/plain",
        body=body,
    )
    return parse(document, Source(id="evening-post"))


def test_a_text_without_time_lines_is_one_post() -> None:
    """It is published as received; a title that stands alone is its headline."""
    body = "The last of three ferries has tied up at the quay. Everyone on board is safe."
    parsed = read(f"Ferry back\n\nBy Ana Reyes\n\n{body}\n".encode())

    (post,) = parsed.posts
    assert (parsed.format, parsed.snapshot) == ("text", False)
    assert (post.headline, post.body_text, post.authors) == ("Ferry back", body, ("Ana Reyes",))
    assert (post.published_at, post.time_basis) == (RECEIVED, "received")
    assert read(body.encode()).posts[0].headline is None


@pytest.mark.parametrize(
    "body",
    [
        b"hello world",
        b"\x00\x01\x02 binary. And so on, and so on, and so on, and so on, and so on.",
        b"level=info ts=17 msg=ok id=1\n" * 20,
        b"1;2;3;4\n5;6;7;8\n" * 20,
        b"\xff\xfe\x00\xd8" * 50,
        b"a" * 5000,
    ],
)
def test_what_is_no_prose_is_refused(body: bytes) -> None:
    """Logs, numbers and noise are not published as news."""
    with pytest.raises(ParseError):
        read(body)
