"""NewsML 1: items of nested components."""

from datetime import UTC, datetime

import pytest

from schemas import Media, Subject
from streams.exceptions import ParseError
from tests.unit.parse.agency_samples import read, read_sample


def test_a_message() -> None:
    """A text with its picture is one post; components with headlines of their own are a post each."""
    parsed = read_sample("newsml-1/message.xml")

    assert (parsed.format, parsed.bad) == ("newsml-1", ())
    text, dutch, french = parsed.posts
    assert (text.id, text.version, text.language, text.urgency) == ("TX-1", "2", "en-GB", 2)
    assert (text.published_at, text.updated_at) == (
        datetime(2024, 5, 1, 11, 40, tzinfo=UTC),
        datetime(2024, 5, 1, 12, 5, 30, tzinfo=UTC),
    )
    assert (text.status, text.embargo_until) == ("withheld", datetime(2024, 5, 1, 17, tzinfo=UTC))
    assert (text.headline, text.authors) == ("Two hurt in harbour fire", ("Ana Reyes",))
    assert text.body_text == "Two people were hurt.\n\nSix engines came."
    assert text.media == (Media(type="image", caption="Firefighters on the quay", credit="Jo Mason"),)
    assert text.subjects == (Subject(code="03000000"),)
    assert (dutch.id, dutch.headline, dutch.language) == ("981", "Brand in de haven", "nl")
    assert dutch.body_text == "Een loods brandde af.\n\nTwee mensen raakten gewond."
    assert (french.id, french.headline, french.body_text) == ("982", "Incendie au port", None)
    assert french.media == (Media(type="audio", url="https://example.org/fire.mp3"),)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<![CDATA[<h1>Fire</h1><p>One</p>]]>", "One"),
        ("Only words &amp; a sign &lt; that is none", "Only words & a sign < that is none"),
        ("<html><body><p>One</p></body></html>", "One"),
        (("<nitf><body><body.head><hedline><hl1>Other</hl1></hedline></body.head><body.content><p>One</p></body.content>"
         "</body></nitf>"), "One"),
    ],
)  # fmt: skip
def test_data(data: str, text: str) -> None:
    """The data content may be NITF, XHTML, escaped HTML or plain text."""
    (post,) = read(
        "<NewsML><NewsItem><NewsComponent><NewsLines><HeadLine>Fire</HeadLine></NewsLines>"
        f"<ContentItem><DataContent>{data}</DataContent></ContentItem></NewsComponent></NewsItem></NewsML>",
        "application/xml",
    ).posts

    assert (post.headline, post.body_text) == ("Fire", text)


@pytest.mark.parametrize(
    ("said", "expected"), [("Usable", "usable"), ("CANCELED", "canceled"), ("Withheld", "withheld"), ("", "usable")]
)
def test_status(said: str, expected: str) -> None:
    """The status is read in either case."""
    (post,) = read(
        f'<NewsML><NewsItem><NewsManagement><Status FormalName="{said}"/></NewsManagement><NewsComponent>'
        "<NewsLines><HeadLine>Fire</HeadLine></NewsLines></NewsComponent></NewsItem></NewsML>",
        "application/xml",
    ).posts

    assert post.status == expected


def test_a_message_without_items_is_an_error() -> None:
    """A NewsML element that holds nothing says so."""
    with pytest.raises(ParseError, match="NewsItem"):
        read("<NewsML><Catalog/></NewsML>", "application/xml")
