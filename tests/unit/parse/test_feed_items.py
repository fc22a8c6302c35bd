"""JSON Feed and exported feed items."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from schemas import Document, Source
from streams.exceptions import ParseError
from streams.parse import Parsed, parse

RECEIVED = datetime(2024, 3, 1, 22, 0, tzinfo=UTC)
FERRY = {
    "id": "1002",
    "url": "https://post.example/live#1002",
    "title": "Ferry back",
    "content_html": "<p>It tied up.</p>"
    "<figure><img src='https://img.example/f.jpg'><figcaption>At the quay</figcaption></figure>",
    "summary": "All are safe.",
    "date_published": "2024-03-01T21:12:00Z",
    "date_modified": "2024-03-01T22:40:00+01:00",
    "authors": [{"name": "Ana Reyes"}, {"name": "Tom Lee"}],
    "tags": ["Marrow"],
    "attachments": [{"url": "https://a.example/1.mp3", "mime_type": "audio/mpeg", "title": "Hear it"}],
}


def read(value: Any, content_type: str = "application/json", **hints: str) -> Parsed:
    """Return what a JSON document gives."""
    document = Document(
        id="d1",
        source_id="evening-post",
        coverage_id="harbour-fire",
        received_at=RECEIVED,
        content_type=content_type,
        body=json.dumps(value).encode(),
        **hints,
    )
    return parse(document, Source(id="evening-post"))


def test_a_json_feed() -> None:
    """Each field of an item finds its place; the feed's language and authors stand in."""
    bare = {"id": 7, "content_text": "It burns.", "date_published": "2024-03-01T21:02:00Z"}
    parsed = read(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "Harbour fire",
            "language": "en-gb",
            "authors": [{"name": "Evening Post"}],
            "items": [FERRY, bare],
        }
    )

    ferry, fire = parsed.posts
    assert parsed.format == "json-feed"
    assert (ferry.id, ferry.url, ferry.headline) == ("1002", FERRY["url"], "Ferry back")
    assert (ferry.body_text, ferry.summary, ferry.authors) == ("It tied up.", "All are safe.", ("Ana Reyes", "Tom Lee"))
    assert ferry.updated_at == datetime(2024, 3, 1, 21, 40, tzinfo=UTC)
    assert [(item.type, item.caption) for item in ferry.media] == [("audio", "Hear it"), ("image", "At the quay")]
    assert (fire.id, fire.body_text, fire.authors, fire.language) == ("7", "It burns.", ("Evening Post",), "en-GB")


@pytest.mark.parametrize("wrapped", ["list", "items", "articles"])
def test_exported_feed_items_are_read_by_the_usual_names(wrapped: str) -> None:
    """A reader's export has link, title, description and a date; a description without content is the body."""
    item = {
        "source": "https://post.example/rss",
        "title": "Ferry &amp; crew back",
        "description": "<img alt='Ferry' src='https://img.example/f.jpg' />\n  It tied up.",
        "link": "https://post.example/1002?at=RSS",
        "date_published": "2024-03-01 21:12:00+00:00",
        "language": "en-GB",
    }
    parsed = read([item] if wrapped == "list" else {wrapped: [item]})

    (post,) = parsed.posts
    assert parsed.format == "feed-items"
    assert (post.headline, post.body_text, post.summary) == ("Ferry & crew back", "It tied up.", None)
    assert (post.url, post.language) == (item["link"], "en-GB")
    assert post.published_at == datetime(2024, 3, 1, 21, 12, tzinfo=UTC)
    assert [(picture.url, picture.alt) for picture in post.media] == [("https://img.example/f.jpg", "Ferry")]


def test_a_bad_item_is_named_and_the_others_go_on() -> None:
    """A wrong type names its field, an empty item its place."""
    parsed = read([FERRY, {"title": 5, "url": "x", "date": "y"}, {}, "text"], format="feed-items")

    assert len(parsed.posts) == 1
    assert [part.place for part in parsed.bad] == ["1", "2", "3"]
    assert "title: expected text" in parsed.bad[0].error


def test_what_is_no_list_says_what_was_expected() -> None:
    """The error names the shape."""
    with pytest.raises(ParseError, match="list of feed items"):
        read({"a": 1}, format="feed-items")
    with pytest.raises(ParseError, match=r"version/1\.1"):
        read({"a": 1}, format="json-feed")
