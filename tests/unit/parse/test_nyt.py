"""The state that a New York Times live page preloads."""

from datetime import UTC, datetime
from typing import Any

import orjson

from tests.unit.parse.pages import SAMPLES, read, read_json

STATE: dict[str, Any] = orjson.loads((SAMPLES / "nyt" / "preloaded.json").read_bytes())


def test_a_post_is_read_through_its_references() -> None:
    """Headline, byline and body stand elsewhere in the cache; sign-ups are left out."""
    (post,) = read_json(STATE).posts

    assert (post.id, post.headline, post.authors) == ("quay-reopens", "Quay reopens", ("Ana Reyes",))
    assert post.published_at == datetime(2024, 5, 2, 10, 40, tzinfo=UTC)
    assert post.updated_at == datetime(2024, 5, 2, 10, 52, tzinfo=UTC)
    assert post.body_text == "The north quay is open again\n\nFerries run"
    assert post.links == ("https://www.nytimes.com/quay",)
    assert [(m.url, m.caption, m.credit) for m in post.media] == [
        ("https://static.example/large.jpg", "Firefighters on the quay", "Tom Okafor")
    ]
    assert [(e.provider, e.url) for e in post.embeds] == [("twitter", "https://twitter.com/harbour/status/77")]


def test_an_article_of_elsewhere_is_no_post() -> None:
    """Only what stands below the live blog's address belongs to it."""
    assert [post.id for post in read_json(STATE).posts] == ["quay-reopens"]


def test_the_state_inside_a_page() -> None:
    """It is JavaScript there, with `undefined` where JSON has null."""
    text = orjson.dumps(STATE).decode().replace('{"x":1}', '{"x":undefined}')
    parsed = read(f"<html><script>window.__preloadedData = {text};</script></html>")

    assert (parsed.format, len(parsed.posts)) == ("nyt", 1)


def test_references_in_a_circle_end() -> None:
    """A body that holds itself is a bad part."""
    cache = {
        **STATE["initialState"],
        "Block:2": {"__typename": "ParagraphBlock", "content": [{"type": "id", "id": "Block:2"}]},
    }
    parsed = read_json({"initialState": cache})

    assert not parsed.posts
    assert "nested deeper" in parsed.bad[0].error
