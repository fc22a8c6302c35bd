"""Tables of posts."""

import csv
from datetime import UTC, datetime

import pytest

from schemas import Document, Source
from streams.exceptions import ParseError
from streams.parse import Limits, Parsed, parse

RECEIVED = datetime(2024, 3, 2, 1, 30, tzinfo=UTC)


def read(text: str, content_type: str = "text/csv", limits: Limits | None = None) -> Parsed:
    """Return what a table gives."""
    document = Document(
        id="d1",
        source_id="evening-post",
        coverage_id="harbour-fire",
        received_at=RECEIVED,
        content_type=content_type,
        body=text.encode(),
    )
    return parse(document, Source(id="evening-post", timezone="Europe/London"), limits)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("content_type", ["text/csv", "text/plain"])
def test_a_table_is_read_whatever_parts_its_columns(delimiter: str, content_type: str) -> None:
    """Columns are found by their names, the delimiter by them."""
    rows = [
        ["id", "published_at", "headline", "body", "byline", "key event"],
        ["2", "2024-03-01T21:12:00Z", "Ferry back", '"It tied up.\n\nAll are safe."', "Ana Reyes", "yes"],
        ["1", "2024-03-01T21:02:00Z", "Fire", "<p>It burns.</p>", "", ""],
    ]
    parsed = read("\n".join(delimiter.join(row) for row in rows) + "\n", content_type)

    ferry, fire = parsed.posts
    assert parsed.format == "posts-csv"
    assert (ferry.id, ferry.headline, ferry.body_text) == ("2", "Ferry back", "It tied up.\n\nAll are safe.")
    assert (ferry.authors, ferry.key_event, fire.key_event) == (("Ana Reyes",), True, False)
    assert (fire.body_text, fire.body_html) == ("It burns.", "<p>It burns.</p>")


@pytest.mark.parametrize(
    ("header", "times"),
    [
        ("clock,title,text", ["00:10", "23:50"]),
        ("Time,Title,Text", ["12:10 AM", "11:50 PM"]),
        ("date_published,title,text", ["2024-03-02 00:10", "2024-03-01 23:50"]),
        ("Date,Time,Title,Text", ["2 March 2024,00:10", "1 March 2024,23:50"]),
        ("Date,Time,Title,Text", ["02/03/2024,12.10am", "01/03/2024,11.50pm"]),
    ],
)
def test_times_are_read_in_one_or_two_columns_with_or_without_dates(header: str, times: list[str]) -> None:
    """Clocks alone are dated by the order of the rows, over midnight."""
    parsed = read(f"{header}\n" + "".join(f"{time},Fire {place},It burns.\n" for place, time in enumerate(times)))

    assert [post.published_at for post in parsed.posts] == [
        datetime(2024, 3, 2, 0, 10, tzinfo=UTC),
        datetime(2024, 3, 1, 23, 50, tzinfo=UTC),
    ]


def test_a_bad_row_is_named_and_the_others_go_on() -> None:
    """A row without text is a bad part with its line."""
    parsed = read("time,text\n12:10,\n12:20,It burns.\n")

    assert [post.body_text for post in parsed.posts] == ["It burns."]
    assert parsed.bad[0].place == "row 2"


def test_a_table_of_something_else_is_refused() -> None:
    """Without a column of text there are no posts; too many rows are refused."""
    with pytest.raises(ParseError, match="no column of text"):
        read("city,population\nMarrow,30000\n")
    with pytest.raises(ParseError, match="more than 1 rows"):
        read("time,text\n12:10,a\n12:20,b\n", limits=Limits(max_posts=1))


def test_long_cells_leave_the_limit_of_the_process_alone() -> None:
    """A cell may be longer than the module csv allows by default; its limit is the same after a table as before."""
    before = csv.field_size_limit()
    long = f"time,text\n12:20,{'It burns. ' * 20_000}\n"

    (post,) = read(long).posts
    with pytest.raises(ParseError, match="more than 1 rows"):
        read(f"{long}12:30,b\n", limits=Limits(max_posts=1))

    assert len(post.body_text or "") > before
    assert csv.field_size_limit() == before
