"""Sourcefabric Live Blog."""

from datetime import UTC, datetime
from typing import Any

import orjson

from tests.unit.parse.pages import SAMPLES, by_id, read_json

ANSWER: dict[str, Any] = orjson.loads((SAMPLES / "sourcefabric" / "posts.json").read_bytes())
URN = "urn:newsml:localhost:2024:"


def test_a_post_is_read_whole() -> None:
    """Published when it first was, pinned, highlighted, its byline the publisher's full name."""
    post = by_id(read_json(ANSWER))[f"{URN}3"]

    assert post.published_at == datetime(2024, 5, 2, 10, 40, tzinfo=UTC)
    assert post.updated_at == datetime(2024, 5, 2, 10, 52, tzinfo=UTC)
    assert (post.pinned, post.key_event, post.version, post.authors) == (True, True, "3", ("Ana Reyes",))
    assert post.language is None, "the API's language is the installation's, not the post's"


def test_items_go_where_they_belong() -> None:
    """A heading that opens the text is the headline; pictures, tweets and scorecards leave the body, quotes stay."""
    post = by_id(read_json(ANSWER))[f"{URN}3"]

    assert post.headline == "Quay reopens"
    assert post.body_text == "The north quay is open again.\n\nA long night.\n\nFire chief"
    assert [(m.url, m.caption, m.credit) for m in post.media] == [
        ("https://files.example/quay.jpg", "Firefighters on the quay", "Tom Okafor")
    ]
    assert [(e.provider, e.url, e.text) for e in post.embeds] == [
        ("twitter", "https://twitter.com/harbour/status/77", "All clear"),
        ("scorecard", None, "Harbour FC 1"),
    ]


def test_what_is_not_open_is_told() -> None:
    """Deleted is canceled, submitted is withheld, a reader's comment is a comment; an advert is no post."""
    posts = by_id(read_json(ANSWER))

    assert posts[f"{URN}2"].status == "canceled"
    assert posts[f"{URN}4"].status == "withheld"
    assert (posts[f"{URN}5"].kind, posts[f"{URN}5"].authors) == ("comment", ("Li",))
    assert f"{URN}6" not in posts


def test_an_empty_post_is_a_bad_part() -> None:
    """It is named with its pointer."""
    assert [part.place for part in read_json(ANSWER).bad] == ["/_items/5"]


def test_a_post_alone_and_the_embedding_pages_wrapper() -> None:
    """A single post, an array, and `{"posts": {"_items": ...}}` are read the same."""
    one = read_json(ANSWER["_items"][0])
    assert (one.snapshot, one.posts[0].id) == (False, f"{URN}3")
    assert len(read_json(ANSWER["_items"]).posts) == len(read_json({"posts": ANSWER}).posts) == 4
