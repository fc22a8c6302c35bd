"""The Guardian's page model."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from tests.unit.parse.pages import SAMPLES, by_id, read, read_file, read_json

PAGE: dict[str, Any] = orjson.loads((SAMPLES / "guardian-dcr" / "page.json").read_bytes())


def test_a_block_is_a_post() -> None:
    """First publication, last update, title, byline and flags are the block's."""
    post = by_id(read_json(PAGE))["b3"]

    assert post.url == f"{PAGE['webURL']}#block-b3"
    assert post.published_at == datetime(2024, 5, 2, 10, 40, tzinfo=UTC)
    assert post.updated_at == datetime(2024, 5, 2, 10, 45, tzinfo=UTC)
    assert (post.headline, post.authors) == ("Quay reopens", ("Ana Reyes",))
    assert (post.key_event, post.pinned, post.kind) == (True, False, "post")


def test_elements_go_where_they_belong() -> None:
    """Text is body, pictures are media, tweets and videos embeds; links to other articles are left out."""
    post = by_id(read_json(PAGE))["b3"]

    assert post.body_text == "The north quay is open again.\n\nA long night."
    assert [(m.url, m.caption, m.credit, m.alt) for m in post.media] == [
        ("https://i.example/master.jpg", "Firefighters on the north quay", "Tom Okafor/Harbour Press", "A quay")
    ]
    assert [(e.provider, e.url, e.text) for e in post.embeds] == [
        ("twitter", "https://twitter.com/harbour/status/77", "All clear"),
        ("youtube", "https://www.youtube.com/watch?v=abc123def45", "The fire from above"),
    ]


def test_the_pinned_copy_is_the_same_post() -> None:
    """The page shows a pinned block twice; it is one post, pinned, and a summary where it says so."""
    parsed = read_json(PAGE)

    assert [post.id for post in parsed.posts] == ["b2", "b3"]
    assert (parsed.posts[0].pinned, parsed.posts[0].kind) == (True, "summary")


def test_key_events_are_no_posts_of_the_page() -> None:
    """The list of key events points to blocks, some of them on other pages."""
    assert "b9" not in by_id(read_json(PAGE))


def test_an_empty_block_is_a_bad_part() -> None:
    """It is named with its pointer."""
    assert [part.place for part in read_json(PAGE).bad] == ["/blocks/2"]


@pytest.mark.parametrize(
    ("document", "count"),
    [(PAGE["blocks"][:2], 2), (PAGE["blocks"][0], 1), ({"article": PAGE}, 2), ([PAGE["blocks"][0]] * 2, 1)],
)
def test_blocks_alone_are_read_too(document: object, count: int) -> None:
    """An array of blocks, one block, or a page inside another object; a block that is there twice counts once."""
    assert len(read_json(document).posts) == count


@pytest.mark.parametrize(
    "wrap",
    [
        "<script>window.guardian = {};</script>",
        "<script>window.guardian = {'config'};</script>",
    ],
)
def test_a_page_without_the_model_is_another_format(wrap: str) -> None:
    """A script that names the Guardian is not enough."""
    page = f"<html>{wrap}{(SAMPLES / 'liveblogposting' / 'page.html').read_text()}</html>"

    assert read(page).format == "liveblogposting"


def test_the_model_inside_a_page() -> None:
    """Found in a script's assignment; a title in the JSON-LD of the same page doesn't matter."""
    page = f"<html><script>window.guardian = {orjson.dumps({'article': PAGE}).decode()};</script></html>"

    parsed = read(page)
    assert parsed.format == "guardian-dcr"
    assert [post.id for post in parsed.posts] == ["b2", "b3"]
    assert read_file(SAMPLES / "guardian-dcr" / "page.json").posts == parsed.posts
