"""BBC streams and pages."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from streams.exceptions import ParseError
from tests.unit.parse.pages import SAMPLES, read, read_json

STREAM: dict[str, Any] = orjson.loads((SAMPLES / "bbc" / "stream.json").read_bytes())
PAGE: dict[str, Any] = orjson.loads((SAMPLES / "bbc" / "page.json").read_bytes())


def test_a_stream_post_is_read_whole() -> None:
    """Id, times, flags, byline and language of an `lx` post."""
    post = read_json(STREAM).posts[0]

    assert (post.id, post.headline, post.authors) == ("a3", "Quay reopens", ("Ana Reyes",))
    assert post.published_at == datetime(2024, 5, 2, 10, 40, tzinfo=UTC)
    assert post.updated_at == datetime(2024, 5, 2, 10, 52, tzinfo=UTC)
    assert (post.breaking, post.key_event, post.language) == (True, True, "en-gb")


def test_a_stream_posts_body_is_a_tree() -> None:
    """Paragraphs, bold, links and lists are body; pictures and embeds are not; a link's text is there once."""
    post = read_json(STREAM).posts[0]

    assert post.body_text == "The north quay is open & ferries run\n\nNorth quay"
    assert post.links == ("https://www.bbc.co.uk/news/1",)
    assert [(m.url, m.credit, m.alt) for m in post.media] == [
        ("https://files.example/quay.jpg", "Tom Okafor", "A quay")
    ]
    assert [(e.provider, e.url) for e in post.embeds] == [("twitter", "https://twitter.com/harbour/status/77")]


def test_a_page_post_is_read_whole() -> None:
    """The newer pages: urn, dates, headline and the one beneath it, blocks, picture, social post."""
    (post,) = read_json(PAGE).posts

    assert (post.id, post.headline, post.summary) == ("asset:5", "Quay reopens", "Ferries run")
    assert post.published_at == datetime(2024, 5, 2, 10, 40, tzinfo=UTC)
    assert post.updated_at == datetime(2024, 5, 2, 10, 52, tzinfo=UTC)
    assert post.body_text == "The quay is open again.\n\nNorth quay"
    assert post.breaking
    assert [(m.url, m.caption, m.credit, m.alt) for m in post.media] == [
        ("https://ichef.bbci.co.uk/news/976/cpsprodpb/1/quay.jpg", "Firefighters on the quay", "Tom Okafor", "A quay")
    ]
    assert [(e.provider, e.url) for e in post.embeds] == [("twitter", "https://twitter.com/harbour/status/77")]


@pytest.mark.parametrize(
    "page",
    [
        f'<script id="__NEXT_DATA__" type="application/json">{orjson.dumps({"props": PAGE}).decode()}</script>',
        f"<html><script>window.SIMORGH_DATA={orjson.dumps(PAGE).decode()}</script></html>",
        f"<html><script>window.__INITIAL_DATA__={orjson.dumps(orjson.dumps(PAGE).decode()).decode()};</script></html>",
        f"<html><script>Morph.setPayload('/data/x', {orjson.dumps(PAGE).decode()});</script></html>",
    ],
    ids=["next", "simorgh", "quoted", "morph"],
)
def test_a_page_carries_its_data_in_a_script(page: str) -> None:
    """As plain JSON, as an assignment, as a quoted string or as a call."""
    parsed = read(page)

    assert (parsed.format, [post.id for post in parsed.posts]) == ("bbc", ["asset:5"])


def test_what_is_deeper_down_is_found() -> None:
    """A clip's title and address, and a social post's own address below renditions."""
    embed = {"oembed": {"provider_name": "Twitter", "url": "https://twitter.com/harbour/status/77?ref_src=x"}}
    blocks = [
        {"type": "portraitClipMedia", "model": {"type": "video", "video": {"title": "Fire", "shareUrl": "/clips/1"}}},
        {"type": "social", "model": {"locator": "urn:x", "blocks": [{"model": {"blocks": [{"model": embed}]}}]}},
    ]
    (stated,) = PAGE["data"]["liveTextStream"]["content"]["data"]["results"]
    (post,) = read_json([{**stated, "content": {"model": {"blocks": blocks}}}]).posts

    assert [(m.type, m.url, m.caption) for m in post.media] == [("video", "https://www.bbc.co.uk/clips/1", "Fire")]
    assert [(e.provider, e.url) for e in post.embeds] == [("twitter", "https://twitter.com/harbour/status/77")]


def test_one_post_and_an_array_are_read_too() -> None:
    """An API may give a post alone."""
    assert read_json(STREAM["body"]["results"][0]).posts[0].id == "a3"
    assert len(read_json(STREAM["body"]["results"]).posts) == 2


def test_a_bad_post_is_named_and_the_others_go_on() -> None:
    """A post of a wrong type is a bad part at its pointer."""
    parsed = read_json({"body": {**STREAM["body"], "results": [*STREAM["body"]["results"], 7]}})

    assert [part.place for part in parsed.bad] == ["/body/results/2"]
    assert len(parsed.posts) == 2


def test_an_answer_that_only_tells_of_changes_has_no_posts() -> None:
    """It is known and empty; links to other stories are no live blog."""
    assert read_json({"body": {"latestChange": "2024-05-02T10:00:00Z", "posts": ["urn:asset:3"]}}).posts == ()
    assert read_json({"data": {"liveTextStream": {"content": {"data": {"results": []}}}}}).posts == ()
    with pytest.raises(ParseError, match="no known format"):
        read_json({"body": {"items": [{"title": "Other", "targetUri": "/news/1"}], "section": "World"}})


def test_a_stream_pictures_caption_stands_beside_its_credit() -> None:
    """As text of its own, or as a child of the picture."""
    picture = {"name": "image", "href": "https://files.example/1.jpg", "caption": "The quay", "copyrightHolder": "PA"}
    post = {**STREAM["body"]["results"][0], "body": [picture]}

    (media,) = read_json(post).posts[0].media

    assert (media.caption, media.credit) == ("The quay", "PA")


def test_empty_blocks_and_what_is_none_say_nothing() -> None:
    """The headline is that of the first block of its kind, whatever stands around it."""
    (stated,) = PAGE["data"]["liveTextStream"]["content"]["data"]["results"]
    headline = {"type": "headline", "model": {"text": "Not this one"}}
    blocks = [{}, 1, None, {"type": 7}, *stated["header"]["model"]["blocks"], headline]
    around = {**stated, "header": {"model": {"blocks": blocks}}}

    assert read_json([around]).posts == read_json([stated]).posts


def test_a_stream_of_too_many_posts_is_refused() -> None:
    """Before any of them is read: 300,000 empty objects beside one post are no posts to be letters."""
    results = [*STREAM["body"]["results"], *({} for _ in range(5_000))]

    with pytest.raises(ParseError, match="more than 5,000 posts"):
        read_json({"body": {**STREAM["body"], "results": results}})
