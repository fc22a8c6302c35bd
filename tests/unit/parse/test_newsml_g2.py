"""NewsML-G2 messages and items."""

from datetime import UTC, datetime

import pytest

from schemas import Media, Subject
from streams.exceptions import ParseError
from tests.unit.parse.agency_samples import read, read_sample

NAR = 'xmlns="http://iptc.org/std/nar/2006-10-01/"'


def item(meta: str = "", told: str = "<headline>Fire</headline>", content: str = "", attributes: str = NAR) -> str:
    """Return a text item with this in its parts."""
    return (
        f'<newsItem {attributes} guid="g1" version="1"><itemMeta><itemClass qcode="ninat:text"/>{meta}</itemMeta>'
        f"<contentMeta>{told}</contentMeta><contentSet>{content}</contentSet></newsItem>"
    )


def test_a_message_of_several_items() -> None:
    """Every news item and headed package is a post; plans are none; an empty item is named by its place."""
    parsed = read_sample("newsml-g2/message.xml")

    text, picture, package = parsed.posts
    assert parsed.format == "newsml-g2"
    assert (text.id, text.version, text.language, text.urgency, text.status) == (
        "urn:newsml:example.org:20240501:fire", "3", "en-GB", 2, "usable",
    )  # fmt: skip
    assert (text.published_at, text.updated_at) == (
        datetime(2024, 5, 1, 11, 40, tzinfo=UTC),
        datetime(2024, 5, 1, 12, 5, 30, tzinfo=UTC),
    )
    assert (text.headline, text.authors) == ("Two hurt in harbour fire", ("Ana Reyes",))
    assert (text.body_text, text.summary) == ("Two people were hurt.\n\nSix engines came.", "A warehouse burned.")
    assert text.subjects == (Subject(name="fire", code="medtop:20000148", scheme="medtop"),)
    assert (picture.headline, picture.body_text, picture.status) == ("The quay", None, "withheld")
    assert picture.media == (
        Media(
            type="image",
            url="https://example.org/l.jpg",
            caption="Firefighters on the north quay",
            credit="Jo Mason/Evening Post",
        ),
    )
    assert (package.headline, package.body_text) == ("Top stories", None)
    assert [bad.place for bad in parsed.bad] == ["/newsMessage/itemSet/newsItem[3]"]


@pytest.mark.parametrize(
    ("meta", "status", "until"),
    [
        ("<pubStatus qcode='stat:usable'/>", "usable", None),
        ("<pubStatus qcode='stat:canceled'/>", "canceled", None),
        ("<pubStatus uri='http://cv.iptc.org/newscodes/pubstatusg2/withheld'/>", "withheld", None),
        ("<embargoed/>", "withheld", None),
        ("<embargoed>2024-05-01T17:00:00Z</embargoed>", "withheld", 17),
        (
            "<versionCreated>2024-05-01T18:00:00Z</versionCreated><embargoed>2024-05-01T17:00:00Z</embargoed>",
            "usable",
            None,
        ),
    ],
)
def test_status_and_embargo(meta: str, status: str, until: int | None) -> None:
    """The publishing status is the post's; an embargo holds it, without an end where it has none."""
    (post,) = read(item(meta), "application/xml").posts

    assert post.status == status
    assert (post.embargo_until.hour if post.embargo_until else None) == until


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (("<inlineXML><html xmlns='http://www.w3.org/1999/xhtml'><head><title>x</title></head><body><h1>Fire</h1>"
         "<p>One</p><p>Two</p></body></html></inlineXML>"), "One\n\nTwo"),
        (("<inlineXML><html><body><header><h1>Fire</h1><ul><li>slug</li></ul></header><section><p>One</p></section>"
         "</body></html></inlineXML>"), "One"),
        (("<inlineData contenttype='text/plain'><![CDATA[<p>\n (EP) - PORT EXAMPLE, MAY 1 - Two people were hurt in\n"
         "the fire.\n   Six engines came.\n</p>]]></inlineData>"),
         "(EP) - PORT EXAMPLE, MAY 1 - Two people were hurt in the fire.\n\nSix engines came."),
        ("<inlineData contenttype='text/plain'>One &lt; two.\n\nThree.</inlineData>", "One < two.\n\nThree."),
        (("<inlineXML><BODY xmlns=''><TEXT><RUBRIK>Fire</RUBRIK><INGRESS><P>One</P></INGRESS><BRODTEXT><CITAT>Two"
         "</CITAT><CITAT>Three</CITAT></BRODTEXT></TEXT></BODY></inlineXML>"), "One\n\nTwo\n\nThree"),
    ],
)  # fmt: skip
def test_bodies(content: str, text: str) -> None:
    """XHTML, plain text and agencies' own markup give paragraphs, without the headline again."""
    assert read(item(content=content), "application/xml").posts[0].body_text == text


@pytest.mark.parametrize("attributes", [NAR, "", 'xmlns="urn:wrong"'])
def test_namespaces_do_not_matter(attributes: str) -> None:
    """Items are read with the right namespace, none or a wrong one."""
    assert read(item(attributes=attributes), "application/xml").posts[0].headline == "Fire"


def test_a_byline_in_the_body_names_the_author_and_is_no_text() -> None:
    """A paragraph "By ..." near the top is a byline where the item has none; readers get it as such."""
    content = "<inlineXML><html><body><p>By Joseph Axe</p><p>Two hurt</p></body></html></inlineXML>"

    (post,) = read(item(content=content), "application/xml").posts

    assert (post.authors, post.body_text) == (("Joseph Axe",), "Two hurt")


def test_without_a_first_creation_the_version_dates_the_post() -> None:
    """The best known time of publication is taken."""
    (post,) = read(item("<versionCreated>2024-05-01T12:00:00Z</versionCreated>"), "application/xml").posts

    assert post.published_at == datetime(2024, 5, 1, 12, tzinfo=UTC)


def test_plans_alone_are_no_posts_and_no_error() -> None:
    """A coverage plan is for the newsroom's systems."""
    parsed = read(f"<planningItem {NAR} guid='p'/>", "application/xml")

    assert (parsed.posts, parsed.bad) == ((), ())


def test_an_empty_item_is_an_error() -> None:
    """An only item that is empty fails the document."""
    with pytest.raises(ParseError, match="empty"):
        read(item(told=""), "application/xml")


@pytest.mark.parametrize(
    "told",
    [
        "<headline role='hld:subHeadline'>Other</headline><headline>Fire</headline>",
        "<headline role='x:kicker'>Other</headline><headline role='x:main'>Fire</headline><headline>No</headline>",
        "<headline rank='2'>Other</headline><headline rank='1'>Fire</headline>",
        "<headline/><headline role='x:short'>Fire</headline>",
    ],
)
def test_one_headline_of_several(told: str) -> None:
    """The main one goes before one without a role, any other role and sub-headlines, then the lower rank."""
    assert read(item(told=told), "application/xml").posts[0].headline == "Fire"


def test_items_in_an_envelope_of_somebodys_own() -> None:
    """News items right below a root nobody knows are read."""
    parsed = read(f"<results>{item()}<newsItem/></results>", "application/xml")

    assert (parsed.format, [post.headline for post in parsed.posts]) == ("newsml-g2", ["Fire"])
    assert [bad.place for bad in parsed.bad] == ["/results/newsItem[2]"]
