"""Pages that have only markup."""

from datetime import UTC, datetime

import orjson
import pytest

from streams.exceptions import ParseError
from tests.unit.parse.pages import SAMPLES, by_id, read, read_file

PAGE = (SAMPLES / "page-markup" / "page.html").read_text()


def test_siblings_with_times_are_posts() -> None:
    """Neither the navigation nor the list of key points nor an advert between posts is one."""
    parsed = read(PAGE)

    assert parsed.format == "page-markup"
    assert [(post.id, post.headline) for post in parsed.posts] == [
        ("e3", "Quay reopens"), ("e2", "Two in hospital"), ("e1", None),
    ]  # fmt: skip


def test_a_posts_parts_are_told_apart() -> None:
    """Time, byline, headline and sharing leave the body."""
    post = by_id(read(PAGE))["e3"]

    assert post.url == "https://evening-post.example/live#e3"
    assert (post.published_at, post.time_basis) == (datetime(2024, 5, 2, 10, 40, tzinfo=UTC), "exact")
    assert post.authors == ("Ana Reyes",)
    assert post.body_text == "The north quay is open again and all ferries run as they did before."


def test_clocks_without_a_date_are_put_in_order() -> None:
    """The page's date and the order of the clocks tell the day, over midnight."""
    items = "".join(
        f'<div id="x{clock}"><b class="clock">{clock}</b><p>{"A sentence about the fire. " * 3}</p></div>'
        for clock in ("00:20", "23:50", "23:10")
    )
    head = '<meta property="article:modified_time" content="2024-05-02T00:30:00Z">'
    parsed = read(f"<html><head>{head}</head><body><div class='all'>{items}</div></body></html>")

    assert [post.published_at.isoformat() for post in parsed.posts if post.published_at] == [
        "2024-05-02T00:20:00+00:00", "2024-05-01T23:50:00+00:00", "2024-05-01T23:10:00+00:00",
    ]  # fmt: skip
    assert {post.time_basis for post in parsed.posts} == {"date_inferred"}


LINKS = '<li><time datetime="2024-05-02">2 May</time><a href="/x">A story elsewhere on this site</a></li>'


@pytest.mark.parametrize(
    "page",
    ["<html><body><p>Nothing here.</p></body></html>", f"<html><body><nav><ul>{LINKS * 5}</ul></nav></body></html>"],
)
def test_a_page_without_posts_is_refused(page: str) -> None:
    """Prose and lists of links are no live blog."""
    with pytest.raises(ParseError, match="no known format"):
        read(page)


def test_true_times_and_headlines_are_taken_from_the_markup() -> None:
    """Where the JSON-LD gives each update the page's time and headline, the markup's are the posts' own.

    Such a page may also cut its texts short; then the one shown is whole.
    """
    bodies = [
        "The north quay is open again and all",
        "Two people were hurt when a roof came down, the hospital says.",
        "A fire has broken out on the north quay; the road is closed.",
    ]
    updates = [
        {
            "@type": "BlogPosting",
            "url": "",
            "headline": "Harbour fire",
            "datePublished": "2024-05-02T12:00:00Z",
            "articleBody": body,
        }
        for body in bodies
    ]
    blog = {"@type": "LiveBlogPosting", "headline": "Harbour fire", "liveBlogUpdate": updates}
    script = f'<script type="application/ld+json">{orjson.dumps(blog).decode()}</script>'
    parsed = read(PAGE.replace("</head>", f"{script}</head>"))

    assert parsed.format == "liveblogposting"
    times = [post.published_at.strftime("%H:%M") for post in parsed.posts if post.published_at]
    assert [(post.id, post.headline, time) for post, time in zip(parsed.posts, times, strict=True)] == [
        ("e3", "Quay reopens", "10:40"), ("e2", "Two in hospital", "09:15"), ("e1", None, "08:50"),
    ]  # fmt: skip
    assert parsed.posts[0].body_text == "The north quay is open again and all ferries run as they did before."


def test_a_note_of_an_update_is_no_text() -> None:
    """A note such as "Updated at 12.05 BST" beneath a post is taken out, whatever element it stands in."""
    page = PAGE.replace("did before.</p>", "did before.</p><footer><span>Updated at 12.05 BST</span></footer>")

    assert by_id(read(page))["e3"].body_text == by_id(read(PAGE))["e3"].body_text


def test_paragraphs_that_begin_with_a_clock_are_posts() -> None:
    """What is above the first clock is none; a clock in the text begins none; the page's zone and date hold."""
    parsed = read_file(SAMPLES / "page-clocks" / "page.html")

    assert parsed.format == "page-clocks"
    assert [(post.published_at.strftime("%d %H:%M"), post.body_text) for post in parsed.posts if post.published_at] == [
        ("02 17:00", "That is all for today.\n\nWe are back tomorrow."),
        ("02 15:25", "The north quay is open again. A ferry left at 3.10 p.m. today."),
        ("02 00:10", "Ana Reyes reports from the harbour."),
        ("01 23:50", "A fire has broken out."),
    ]
    assert [(m.url, m.caption, m.credit) for m in parsed.posts[1].media] == [
        ("https://files.example/quay.jpg", "Firefighters on the quay", "Tom Okafor")
    ]
    assert [embed.url for embed in parsed.posts[2].embeds] == ["https://twitter.com/harbour/status/77"]
