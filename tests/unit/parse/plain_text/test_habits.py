"""A live page as text: every habit of clock, layout and order gives the same posts."""

import pytest

from schemas import Document, Source
from streams.parse import Parsed, parse
from tests.unit.parse.plain_text.habits import (
    CLOCKS,
    EVENING,
    LAYOUTS,
    LEAD,
    RECEIVED,
    Told,
    at_minute,
    no_headlines,
    page,
)

ALONE = ("Posted at 19:02", "Ana Reyes1 March 2024 19:02")
"""Notations that stand on a line of their own."""


def read(text: str, timezone: str = "Europe/London") -> Parsed:
    """Return what a pasted page gives."""
    document = Document(
        id="d1",
        source_id="evening-post",
        coverage_id="harbour-fire",
        received_at=RECEIVED,
        content_type="text/plain",
        body=text.encode(),
    )
    return parse(document, Source(id="evening-post", timezone=timezone))


def told(parsed: Parsed) -> list[Told]:
    """Return the posts but the lead as plain values."""
    return [
        Told(
            at_minute(post.published_at) if post.published_at else RECEIVED,
            post.headline,
            tuple((post.body_text or "").split("\n\n")),
            next(((item.caption or "", item.credit or "") for item in post.media), None),
        )
        for post in parsed.posts
        if post.kind == "post"
    ]


def expected(posts: tuple[Told, ...]) -> list[Told]:
    """Return the posts with their instants in UTC."""
    return [Told(at_minute(post.at), post.headline, post.paragraphs, post.caption) for post in posts]


@pytest.mark.parametrize("order", ["newest first", "oldest first"])
@pytest.mark.parametrize("headlines", ["headlines", "no headlines"])
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("clock", CLOCKS)
def test_every_habit_gives_the_same_posts(clock: str, layout: str, headlines: str, order: str) -> None:
    """Clock, headline, body and caption of each post come out right, over midnight, in both orders."""
    if clock in ALONE and layout.startswith("on_the_line"):
        return
    posts = EVENING if headlines == "headlines" else no_headlines(EVENING)
    posts = posts if order == "newest first" else posts[::-1]

    parsed = read(page(posts, CLOCKS[clock], LAYOUTS[layout]))

    assert parsed.format == "plain-text"
    assert told(parsed) == expected(posts)
    assert [post.body_text for post in parsed.posts if post.kind == "summary"] == ["\n\n".join(LEAD)]
