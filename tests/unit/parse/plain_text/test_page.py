"""A live page as text: what is a post, what is furniture, and what belongs to which post."""

import textwrap
import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from schemas import Document, Source
from streams.exceptions import ParseError
from streams.parse import Parsed, parse

RECEIVED = datetime(2024, 3, 1, 22, 0, tzinfo=UTC)


def read(text: str, timezone: str = "Europe/London", received: datetime = RECEIVED, **hints: str) -> Parsed:
    """Return what a pasted page gives."""
    document = Document(
        id="d1",
        source_id="evening-post",
        coverage_id="harbour-fire",
        received_at=received,
        content_type="text/plain",
        body=textwrap.dedent(text).encode(),
        **hints,
    )
    return parse(document, Source(id="evening-post", timezone=timezone))


def clocks(parsed: Parsed) -> list[str]:
    """Return when each post but the lead was published, UTC."""
    return [f"{post.published_at:%d %H:%M}" for post in parsed.posts if post.kind == "post"]


PAGE = """
    A fire has closed the harbour.

    9:12 PM

    Ferry brings passengers back

    The ferry tied up at 8.50 pm.

    {}

    8:31 PM

    Smoke seen in Tillen

    Windows are to be kept shut.

    8:04 PM

    Fire at Marrow Quay

    Firefighters have been called.
"""


@pytest.mark.parametrize(
    "furniture",
    [
        "ADVERTISEMENT",
        "Read more: How ferries are built",
        "Share this post",
        "Copy link",
        "Facebook",
        "Also read | Why",
    ],
)
def test_furniture_is_left_out(furniture: str) -> None:
    """Adverts, share widgets and pointers to other stories are in no post."""
    assert read(PAGE.format(furniture)) == read(PAGE.format(""))


@pytest.mark.parametrize(
    "prose",
    [
        "12.30 was when the first tank went, he said.",
        "10.32 a.m. so there was a time difference.",
        "Updated timings: the 8.15 to Tillen is cancelled.",
        "3.50 per cent of the fuel was lost.",
        "At 8:40 PM the harbour master spoke.",
        "The last one left at\n    8.45 pm.",
        "9.30 Tillen ferry cancelled",
    ],
)
def test_a_time_inside_prose_is_no_time_line(prose: str) -> None:
    """A sentence about a time stays in its post."""
    parsed = read(PAGE.format(prose))

    assert clocks(parsed) == ["01 21:12", "01 20:31", "01 20:04"]
    assert prose.split("\n", maxsplit=1)[0] in (parsed.posts[1].body_text or "")


def test_the_lead_is_a_summary_without_the_pages_title_and_byline() -> None:
    """Paragraphs before the first time line are one post of kind summary; title and byline are no part of it."""
    (lead, *_) = read("Harbour fire: latest\n\nBy Ana Reyes and Tom Lee\n" + textwrap.dedent(PAGE)).posts

    assert (lead.kind, lead.headline, lead.body_text) == ("summary", None, "A fire has closed the harbour.")
    assert lead.authors == ("Ana Reyes", "Tom Lee")


def test_a_title_alone_is_no_lead() -> None:
    """A page whose text begins with nothing but its title has no summary."""
    parsed = read("Harbour fire: latest\n\n9:12 PM\n\nFerry is back\n\nIt tied up.\n\n8:04 PM\n\nFire\n\nIt burns.")

    assert [(post.kind, post.headline) for post in parsed.posts] == [("post", "Ferry is back"), ("post", "Fire")]


@pytest.mark.parametrize(
    "events",
    [
        "Key events\n\n9:12 PM\n\nFerry brings passengers back\n\n8:04 PM\n\nFire at Marrow Quay",
        "Key events\n9:12 PM - Ferry brings passengers back\n8:04 PM - Fire at Marrow Quay",
        "Key moments:\n\n• 9:12 PM Ferry brings passengers back\n• 8:04 PM Fire at Marrow Quay",
        "Key events\n\n9:12 PM\nFerry brings passengers back\n8:04 PM\nFire at Marrow Quay\n5:00 PM\nAn older one",
    ],
)
def test_a_list_of_key_events_is_no_post(events: str) -> None:
    """What only links to posts further down is left out."""
    parsed = read(textwrap.dedent(PAGE).replace("\n9:12 PM", "\n" + events + "\n\n9:12 PM", 1))

    assert parsed == read(PAGE)


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    """A text broken at a column by a mail program reads as if it were not."""
    body = (
        "The last of three ferries has tied up at the north quay with two hundred and twelve people on board, "
        "the harbour master said, and every one of them has been counted twice by the coast guard at the gate."
    )
    parsed = read("9:12 PM\n\nFerry is back\n\n" + textwrap.fill(body, 66) + "\n\n8:04 PM\n\nFire\n\nIt burns.\n")

    assert [post.body_text for post in parsed.posts] == [body, "It burns."]


def test_an_update_mark_is_the_posts_own() -> None:
    """`Updated at` gives `updated_at` and is no part of the body."""
    (post,) = read("9:12 PM\nFerry is back\nIt tied up.\nUpdated at 9.40pm\n").posts

    assert (post.body_text, f"{post.updated_at:%H:%M}") == ("It tied up.", "21:40")


def test_captions_and_credits_are_media() -> None:
    """A picture's caption is no body; a picture alone is a post without one; a credit line joins its caption."""
    parsed = read(
        """
        9:12 PM

        In pictures: the harbour

        Smoke over the quay (Reuters)

        The north pier at dusk. Photograph: Ada Brook/AFP/Getty Images

        HANDOUT/PORT AUTHORITY/AFP via Getty Images

        Image caption, The ferry at anchor

        Credit: Tom Ferris/PA

        8:04 PM

        Fire at Marrow Quay

        It burns. (Reuters)
        """
    )

    assert [(item.caption, item.credit) for item in parsed.posts[0].media] == [
        ("Smoke over the quay", "Reuters"),
        ("The north pier at dusk", "Ada Brook/AFP/Getty Images"),
        (None, "HANDOUT/PORT AUTHORITY/AFP via Getty Images"),
        ("The ferry at anchor", "Tom Ferris/PA"),
    ]
    assert parsed.posts[0].body_text is None
    assert parsed.posts[1].body_text == "It burns. (Reuters)"


def test_day_headings_date_the_posts_below_them() -> None:
    """A line that only names a day is no paragraph."""
    parsed = read(
        """
        Friday 1 March 2024

        9:12 AM

        Ferry is back

        It tied up.

        Thursday 29 February

        11:04 AM

        Fire at Marrow Quay

        It burns.
        """
    )

    assert clocks(parsed) == ["01 09:12", "29 11:04"]


@pytest.mark.parametrize(
    "line", ["3 May 2021", "Published 3 May 2021", "Last updated 3 May 2021 at 00.45", "Monday, May 3, 2021"]
)
def test_a_date_above_the_posts_is_the_day_of_the_newest(line: str) -> None:
    """However late the document was received, the page's own date counts; the line is no lead."""
    parsed = read(
        f"Harbour fire live\n\n{line}\n\n00:40\n\nFerry is back\n\nIt is.\n\n23:20\n\nFire\n\nIt burns.\n", "UTC"
    )

    assert [post.published_at for post in parsed.posts] == [
        datetime(2021, 5, 3, 0, 40, tzinfo=UTC),
        datetime(2021, 5, 2, 23, 20, tzinfo=UTC),
    ]


def test_a_page_read_from_an_archive_is_dated_by_its_captions() -> None:
    """Where nothing is dated and the file is years younger, two captions of one day tell the day."""
    text = PAGE.format(
        "Smoke over Marrow on March 4, 2019 - Ada Brook/AFP\n\n    The quay on March 4, 2019 - Tom Ferris/PA"
    )

    assert [post.published_at for post in read(text).posts][1] == datetime(2019, 3, 4, 21, 12, tzinfo=UTC)


def test_a_post_pinned_at_the_top_does_not_move_the_others_to_yesterday() -> None:
    """An older clock above the newest is out of order, not a day before."""
    parsed = read("9:00 AM\n\nWhat we know\n\nA lot.\n\n" + textwrap.dedent(PAGE).split("closed the harbour.")[1])

    assert clocks(parsed) == ["01 09:00", "01 21:12", "01 20:31", "01 20:04"]


def test_posts_a_few_minutes_out_of_order_stay_on_their_day() -> None:
    """Small disorder is an editor's doing."""
    text = "\n\n".join(
        f"{clock}\n\nA headline here\n\nA body." for clock in ("5:20 AM", "5:38 AM", "5:19 AM", "4:50 AM")
    )

    assert clocks(read(text)) == ["01 05:20", "01 05:38", "01 05:19", "01 04:50"]


def test_a_long_pause_over_night_is_a_day() -> None:
    """A page that slept from the afternoon to the next morning is two days."""
    text = "\n\n".join(f"{clock}\n\nA headline\n\nA body." for clock in ("10:05", "09:00", "14:30", "14:10", "12:00"))

    assert clocks(read(text)) == ["01 10:05", "01 09:00", "29 14:30", "29 14:10", "29 12:00"]


def test_a_zone_in_the_text_wins_and_the_sources_own_settles_ist() -> None:
    """IST is India's for an Indian source and Ireland's for an Irish one in summer."""
    text = "19:02(IST)\n\nFerry is back\n\nIt tied up."
    summer = datetime(2024, 7, 1, 22, 0, tzinfo=UTC)

    assert [clocks(read(text, zone, summer)) for zone in ("Asia/Kolkata", "Europe/Dublin", "UTC")] == [
        ["01 13:32"],
        ["01 18:02"],
        ["01 13:32"],
    ]


@pytest.mark.parametrize("text", ["Fire crews are at the scene and the harbour is closed.", "   \n\n \n"])
def test_the_format_says_when_it_cannot_read_a_text(text: str) -> None:
    """A text without a time line is not taken for a live page unless it is said to be one."""
    if text.strip():
        assert [post.kind for post in read(text, format="plain-text").posts] == ["summary"]
    else:
        with pytest.raises(ParseError, match="empty"):
            read(text, format="plain-text")


def test_headlines_that_are_whole_sentences() -> None:
    """Where nearly all first lines are one short sentence above long paragraphs, they are headlines."""
    long = (
        "The harbour master said that every passenger had been counted twice, and that nobody was missing any more. "
        * 2
    )
    text = "".join(f"{clock} PM\n\nThe ferry is back.\n\n{long}\n\n" for clock in ("9:12", "8:31", "8:04"))

    assert {post.headline for post in read(text).posts} == {"The ferry is back."}


def test_a_page_in_markdown() -> None:
    """Heading marks and emphasis are no part of times and headlines."""
    parsed = read("## 9:12 PM\n\n**Ferry is back**\n\nIt *really* tied up.\n\n## 8:04 PM\n\n**Fire**\n\nIt burns.\n")

    assert [(post.headline, post.body_text) for post in parsed.posts] == [
        ("Ferry is back", "It *really* tied up."),
        ("Fire", "It burns."),
    ]


FERRY = "The ferry tied up, the harbour master said. All are safe."
FIRE = "He said that the blaze was under control."


@pytest.mark.parametrize(
    "text",
    [
        f"12m ago\n(21:12 GMT)\n\nFerry is back\n\n{FERRY}\n\n1h ago\n(20:31 GMT)\n\nFire is smaller\n\n{FIRE}\n",
        f"Ferry is back\n9:12 PM\n{FERRY}\n\nFire is smaller\n8:31 PM\n{FIRE}\n",
        (
            f"Ferry is back\n\n{FERRY}\n\nAna Reyes1 March 2024 21:12\n\n"
            f"Fire is smaller\n\n{FIRE}\n\nTom Lee1 March 2024 20:31\n"
        ),
        f"9:12 PM\nFerry is back\n{FERRY}\n8:31 PM\nFire is smaller\n{FIRE}\n",
        f"9:12 PM Ferry is back\n{FERRY}\n8:31 PM Fire is smaller\n{FIRE}\n",
        f"9:12 PM\tFerry is back\r\n\t{FERRY}\r\n\r\n8:31 PM\tFire is smaller\r\n\t{FIRE}\r\n",
        (
            f"March 1, 2024, 9:12 p.m. GMT\nMarch 1, 2024\n\nFerry is back\n\n{FERRY}\n\n"
            f"March 1, 2024, 8:31 p.m. GMT\nMarch 1, 2024\n\nFire is smaller\n\n{FIRE}\n"
        ),
        (
            "Key events\n48m ago\nFerry is back\n1h ago\nFire is smaller\n\nShow key events only\n\n"
            f"9.12pm GMT\n\nFerry is back\n\n{FERRY}\n\n8.31pm GMT\n\nFire is smaller\n\n{FIRE}\n"
        ),
    ],
)  # fmt: skip
def test_the_layouts_of_other_pages(text: str) -> None:
    """Time twice, under the headline, at the foot, without blank lines, with tabs, with links by age on top."""
    parsed = read(text)

    assert not parsed.bad
    assert clocks(parsed) == ["01 21:12", "01 20:31"]
    assert [(post.headline, post.body_text) for post in parsed.posts] == [
        ("Ferry is back", FERRY),
        ("Fire is smaller", FIRE),
    ]


def test_a_timetable_inside_a_post_is_its_text() -> None:
    """Times that run against the page's order are no time lines."""
    table = "9:00 AM Opening\n\n10:30 AM Questions\n\n2:00 PM Vote"
    parsed = read(textwrap.dedent(PAGE).format(table))

    assert clocks(parsed) == ["01 21:12", "01 20:31", "01 20:04"]


HARD = (
    "a",
    "1",
    " ",
    "-",
    "- ",
    "/",
    "A/",
    "A ",
    "12:40 ",
    "12:40\n\n",
    "12:40 A\n\n",
    "12:40\n\nA\n\n11:40 B\n\n",
    "1 May ",
    "Read more ",
    "(",
    "“",
    ". A",
    "By A ",
    "Photo: ",
    "\n",
    "@a ",
)


@pytest.mark.parametrize("unit", HARD)
def test_the_time_to_read_grows_with_the_length_alone(unit: str) -> None:
    """No pattern goes back over a long line again and again: ten times the text, about ten times the time."""

    def seconds(count: int) -> float:
        text = "9:12 PM\n\nFerry\n\n" + unit * count + "!\n\n8:04 PM\n\nFire\n\nIt burns - " + unit * count + "\n"
        started = time.process_time()
        with suppress(ParseError):
            read(text)
        return time.process_time() - started

    small = min(seconds(300) for _ in range(3))

    assert min(seconds(3_000) for _ in range(2)) < 60 * max(small, 0.003)


def test_a_weekday_on_the_time_line_is_the_last_such_day() -> None:
    """Posts of Friday and Thursday, read on Friday."""
    parsed = read("Friday 12:40 PM\n\nFerry is back\n\nIt is.\n\nThursday 11:05 PM\n\nFire\n\nIt burns.\n")

    assert clocks(parsed) == ["01 12:40", "29 23:05"]
    assert {post.time_basis for post in parsed.posts} == {"date_inferred"}
