"""NITF: one article a document."""

from datetime import UTC, datetime

import pytest

from schemas import Media, Subject
from streams.exceptions import ParseError
from tests.unit.parse.agency_samples import SAMPLES, read, read_sample


def article(docdata: str = "", body: str = "<body.content><p>Two hurt</p></body.content>", head: str = "") -> str:
    """Return an article with this in its head and body."""
    return f"<nitf><head><docdata>{docdata}</docdata>{head}</head><body>{body}</body></nitf>"


def test_an_article() -> None:
    """Each field comes from where NITF says; notes, media and tag lines are no body."""
    parsed = read_sample("nitf/article.xml")

    (post,) = parsed.posts
    assert parsed.format == "nitf"
    assert (post.id, post.version, post.language, post.urgency) == ("EP.1234", "2", "en-GB", 3)
    assert (post.headline, post.summary) == ("Two hurt in harbour fire", "A warehouse burned.")
    assert post.authors == ("Ana Reyes", "Tom Field")
    assert post.published_at == post.updated_at == datetime(2024, 5, 1, 11, 40, tzinfo=UTC)
    assert (post.status, post.embargo_until) == ("withheld", datetime(2024, 5, 1, 17, tzinfo=UTC))
    assert (post.body_text or "").split("\n\n")[:3] == [
        "Two people were hurt on the north quay, the brigade said & fire crews stayed.",
        "Engines",
        "Six engines came.",
    ]
    assert post.links == ("https://example.org/brigade",)
    assert "Hurt" in (post.body_text or "")
    assert not {"Not for print", "Firefighters", "Edited in"} & set((post.body_text or "").split("\n\n"))
    assert post.media == (
        Media(type="image", caption="Firefighters on the north quay", credit="Jo Mason", alt="Smoke"),
    )
    assert post.subjects == (Subject(name="fire", code="03000000"),)


@pytest.mark.parametrize(
    ("docdata", "status", "until"),
    [
        ("", "usable", None),
        ('<date.issue norm="20240501T120000Z"/><date.release norm="20240501T120000Z"/>', "usable", None),
        ('<date.issue norm="20240501T120000Z"/><date.release norm="20240501T130000Z"/>', "withheld", 13),
    ],
)
def test_a_release_after_the_issue_is_an_embargo(docdata: str, status: str, until: int | None) -> None:
    """Without a status that says otherwise, nothing is published before its release date."""
    (post,) = read(article(docdata), "application/xml").posts

    assert post.status == status
    assert (post.embargo_until.hour if post.embargo_until else None) == until


@pytest.mark.parametrize(
    ("status", "expected"),
    [("usable", "usable"), ("embargoed", "withheld"), ("withheld", "withheld"), ("canceled", "canceled")],
)
def test_management_status(status: str, expected: str) -> None:
    """The management status is the post's; "usable" is believed whatever the release date says."""
    said = (
        f'<nitf><head><docdata management-status="{status}"><date.issue norm="20240501T120000Z"/>'
        '<date.release norm="20240502T120000Z"/></docdata></head><body><body.content><p>x</p>'
        "</body.content></body></nitf>"
    )

    assert read(said, "application/xml").posts[0].status == expected


@pytest.mark.parametrize(
    ("norm", "expected"),
    [
        ("20240501T120000+0100", datetime(2024, 5, 1, 11, tzinfo=UTC)),
        ("20240501+0100", datetime(2024, 4, 30, 23, tzinfo=UTC)),
        ("2024-05-01 12:00", datetime(2024, 5, 1, 12, tzinfo=UTC)),
        ("20240501", datetime(2024, 5, 1, tzinfo=UTC)),
    ],
)
def test_dates(norm: str, expected: datetime) -> None:
    """NITF's basic format, with and without clock and zone."""
    assert read(article(f'<date.issue norm="{norm}"/>'), "application/xml").posts[0].published_at == expected


def test_the_title_is_no_headline() -> None:
    """What is only in the document's title is a label."""
    (post,) = read(article(head="<title>FIRE-LABEL</title>"), "application/xml").posts

    assert (post.headline, post.body_text) == (None, "Two hurt")


def test_an_article_with_nothing_in_it_is_an_error() -> None:
    """A post without headline, body and media is refused with the reason."""
    with pytest.raises(ParseError, match="empty"):
        read(article(body="<body.head><hedline/></body.head><body.content/>"), "application/xml")


def test_it_is_known_by_its_content_whatever_the_type_says() -> None:
    """A wrong media type or leading white space does not hide it."""
    body = (SAMPLES / "nitf" / "article.xml").read_bytes()

    assert read(b"\n  " + body, "application/octet-stream").format == "nitf"


def test_a_list_of_articles() -> None:
    """Articles in one envelope are a post each; an empty one is named by its place."""
    urgent = article('<urgency ed-urg="1"/>')
    parsed = read(f"<docs>{article()}<nitf/>{urgent}</docs>", "application/xml")

    assert [post.urgency for post in parsed.posts] == [None, 1]
    assert [bad.place for bad in parsed.bad] == ["/docs/nitf[2]"]
