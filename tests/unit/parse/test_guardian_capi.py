"""The Guardian's Content API."""

from datetime import UTC, datetime
from typing import Any

import orjson

from tests.unit.parse.pages import SAMPLES, by_id, read_json

ANSWER: dict[str, Any] = orjson.loads((SAMPLES / "guardian-capi" / "item.json").read_bytes())
ITEM = ANSWER["response"]["content"]


def test_a_block_is_a_post() -> None:
    """First publication and last modification; the id of the block; flags that may be text."""
    posts = by_id(read_json(ANSWER))

    assert list(posts) == ["c3", "c2", "c1"]
    assert posts["c3"].published_at == datetime(2024, 5, 2, 10, 40, tzinfo=UTC)
    assert posts["c3"].updated_at == datetime(2024, 5, 2, 10, 50, tzinfo=UTC)
    assert (posts["c3"].headline, posts["c3"].key_event, posts["c3"].pinned) == ("Quay reopens", True, False)
    assert (posts["c2"].kind, posts["c2"].pinned, posts["c2"].headline) == ("summary", True, None)


def test_a_block_that_is_not_published_is_withheld() -> None:
    """`published: false` is a draft."""
    assert by_id(read_json(ANSWER))["c1"].status == "withheld"


def test_pictures_and_tweets_leave_the_body() -> None:
    """The largest picture with its caption and credit; the tweet with its text."""
    post = by_id(read_json(ANSWER))["c3"]

    assert post.body_text == "The north quay is open again."
    assert [(m.url, m.caption, m.credit) for m in post.media] == [
        ("https://i.example/1000.jpg", "Firefighters on the quay", "Tom Okafor/Harbour Press")
    ]
    assert [(e.url, e.text) for e in post.embeds] == [("https://twitter.com/harbour/status/77", "All clear")]


def test_requested_blocks_are_read_once() -> None:
    """Blocks asked for by name (`body:latest`) may be there several times."""
    body = ITEM["blocks"]["body"]
    item = {**ITEM, "blocks": {"requestedBodyBlocks": {"body:latest:2": body[:2], "body:pinned": body[1:2]}}}

    assert [post.id for post in read_json({"response": {"content": item}}).posts] == ["c3", "c2"]


def test_search_results_are_a_post_each() -> None:
    """A result without blocks is one post with what its fields tell."""
    result = {
        **{key: value for key, value in ITEM.items() if key != "blocks"},
        "fields": {"headline": "Harbour fire", "body": "<p>Two hurt.</p>", "trailText": "What we <b>know</b>"},
        "tags": [{"type": "contributor", "webTitle": "Ana Reyes"}, {"type": "keyword", "webTitle": "Fire"}],
    }
    (post,) = read_json({"response": {"results": [result]}}).posts

    assert (post.id, post.headline, post.body_text) == (ITEM["id"], "Harbour fire", "Two hurt.")
    assert (post.summary, post.authors) == ("What we know", ("Ana Reyes",))


def test_a_content_object_and_a_block_alone() -> None:
    """Without the answer around them they are read the same."""
    assert len(read_json(ITEM).posts) == 3
    assert read_json(ITEM["blocks"]["body"][0]).posts[0].id == "c3"
