"""ScribbleLive."""

from datetime import UTC, datetime
from typing import Any

import orjson

from tests.unit.parse.pages import SAMPLES, by_id, read_json

EVENT: dict[str, Any] = orjson.loads((SAMPLES / "scribblelive" / "posts.json").read_bytes())


def test_a_post_is_read_whole() -> None:
    """Microsoft's dates are milliseconds in UTC whatever their zone says; a stuck post is pinned."""
    post = by_id(read_json(EVENT))["103"]

    assert post.published_at == datetime(2024, 5, 2, 10, 40, tzinfo=UTC)
    assert post.updated_at == datetime(2024, 5, 2, 10, 45, tzinfo=UTC)
    assert (post.body_text, post.authors, post.pinned) == ("The north quay is open again.", ("Ana Reyes",), True)


def test_deleted_waiting_and_readers_posts_are_told() -> None:
    """Deleted is canceled; what isn't approved is withheld; a comment is a reader's."""
    posts = by_id(read_json(EVENT))

    assert posts["102"].status == "canceled"
    assert (posts["101"].status, posts["101"].kind) == ("withheld", "comment")


def test_a_picture_is_media() -> None:
    """With its caption, and no body."""
    post = by_id(read_json(EVENT))["100"]

    assert [(m.url, m.caption) for m in post.media] == [("https://files.example/quay.jpg", "Firefighters on the quay")]
    assert post.body_text is None


def test_a_post_alone_and_an_array() -> None:
    """The API gives both."""
    assert read_json(EVENT["Posts"][0]).posts[0].id == "103"
    assert len(read_json(EVENT["Posts"]).posts) == 4
