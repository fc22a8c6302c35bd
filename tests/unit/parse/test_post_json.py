"""Liveline's own JSON: what a producer may push."""

from datetime import UTC, datetime

import orjson
import pytest

from schemas import Document, Source
from streams.exceptions import ParseError
from streams.parse import parse

RECEIVED = datetime(2024, 5, 1, 12, tzinfo=UTC)


def document(body: str) -> Document:
    """Return a pushed document."""
    return Document(
        id="d1",
        source_id="evening-post",
        coverage_id="harbour-fire",
        received_at=RECEIVED,
        content_type="application/vnd.liveline.post+json",
        body=body.encode(),
    )


def test_one_object_is_one_post() -> None:
    """A single post object is read, its HTML made safe and its text derived."""
    parsed = parse(
        document(
            '{"id": "p1", "headline": "Fire", "body_html": "<p onclick=x()>Two</p><script>bad()</script><p>hurt</p>"}'
        ),
        Source(id="evening-post"),
    )

    (post,) = parsed.posts
    assert (post.id, post.headline, post.body_text) == ("p1", "Fire", "Two\n\nhurt")
    assert post.body_html == "<p>Two</p><p>hurt</p>"


def test_unknown_fields_are_ignored_and_a_missing_date_is_the_documents() -> None:
    """What we don't know does no harm; a post without a date is published as received."""
    (post,) = parse(document('{"headline": "Fire", "mood": "grim"}'), Source(id="evening-post")).posts

    assert (post.published_at, post.time_basis) == (RECEIVED, "received")


@pytest.mark.parametrize(
    ("item", "named"),
    [
        ('{"headline": 4}', "headline"),
        ('{"headline": "x", "published_at": 5}', "published_at"),
        ('{"headline": "x", "authors": "Ana"}', "authors"),
        ('{"headline": "x", "urgency": 12}', "urgency"),
        ('{"headline": "x", "status": "gone"}', "status"),
        ("{}", "empty"),
        ("7", "post object"),
    ],
)
def test_a_bad_post_is_named_and_the_others_go_on(item: str, named: str) -> None:
    """A wrong type names its field; the array's other posts are read."""
    parsed = parse(document(f'[{{"headline": "good"}}, {item}]'), Source(id="evening-post"))

    assert [post.headline for post in parsed.posts] == ["good"]
    assert parsed.bad[0].place == "1"
    assert named in parsed.bad[0].error


def test_what_is_no_json_is_an_error() -> None:
    """A document that can't be read says why."""
    with pytest.raises(ParseError, match="not JSON"):
        parse(document("{half"), Source(id="evening-post"))


def test_what_points_elsewhere_is_no_body() -> None:
    """A "read more" paragraph stays in the HTML, as a link, and out of the text."""
    html = "<p>Two hurt.</p><p>Read more: <a href='https://example.org/quay'>Who pays for the quay</a></p>"
    (post,) = parse(document(orjson.dumps({"body_html": html}).decode()), Source(id="evening-post")).posts

    assert post.body_text == "Two hurt."
    assert post.links == ("https://example.org/quay",)
