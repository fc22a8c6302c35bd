"""WordPress Liveblog."""

from datetime import UTC, datetime
from typing import Any

import orjson

from tests.unit.parse.pages import SAMPLES, by_id, read_file, read_json

ENTRIES: dict[str, Any] = orjson.loads((SAMPLES / "wordpress-liveblog" / "entries.json").read_bytes())


def test_an_entry_is_a_post() -> None:
    """Key events are marked by a class; the address is the one to share."""
    post = by_id(read_json(ENTRIES))["12"]

    assert post.url == "https://evening-post.example/live#12"
    assert post.published_at == datetime(2024, 5, 2, 10, 40, tzinfo=UTC)
    assert (post.body_text, post.authors, post.key_event) == ("The north quay is open again.", ("Ana Reyes",), True)


def test_an_edit_is_the_same_post() -> None:
    """An entry that replaces another is that post, first published when the other was."""
    post = by_id(read_json(ENTRIES))["11"]

    assert (post.headline, post.body_text) == ("Two in hospital", "Two people were hurt.")
    assert post.published_at == datetime(2024, 5, 2, 9, 0, tzinfo=UTC)
    assert post.updated_at == datetime(2024, 5, 2, 10, 0, tzinfo=UTC)


def test_a_delete_cancels() -> None:
    """It has no content and needs none; an answer with changes is no snapshot."""
    parsed = read_json(ENTRIES)

    assert by_id(parsed)["10"].status == "canceled"
    assert not parsed.snapshot


def test_the_pages_markup_tells_the_same() -> None:
    """Entries have the same ids, times, bylines and flags as in the JSON; the clock and the name leave the body."""
    posts = by_id(read_file(SAMPLES / "wordpress-liveblog" / "page.html"))

    assert list(posts) == ["12", "11"]
    assert posts["12"].url == "https://evening-post.example/live#liveblog-entry-12"
    assert posts["12"].published_at == datetime(2024, 5, 2, 10, 40, tzinfo=UTC)
    assert (posts["12"].body_text, posts["12"].authors, posts["12"].key_event) == (
        "The north quay is open again.", ("Ana Reyes",), True,
    )  # fmt: skip
    assert posts["11"].headline == "Two in hospital"
