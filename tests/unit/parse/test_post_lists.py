"""Where the posts of an API's answer are."""

from typing import Any

import pytest

from schemas import Source
from streams.parse.items.post_lists import post_lists, posts_in
from streams.parse.payload.payload import Payload
from tests.unit.parse.agency_samples import document

POST = {"post": 1}
OTHER = {"advert": 1}
PAYLOAD = Payload(document("{}", "application/json"), Source(id="evening-post"))


def is_post(value: Any) -> bool:
    """Whether a value is one of this test's posts."""
    return isinstance(value, dict) and "post" in value


@pytest.mark.parametrize(
    ("value", "places"),
    [
        (POST, [""]),
        ([POST, OTHER], ["/0", "/1"]),
        ({"a": {"items": [OTHER, POST]}}, ["/a/items/0", "/a/items/1"]),
        ({"a": [OTHER], "b": "text"}, []),
        ([], []),
    ],
)
def test_the_members_of_the_first_list_that_holds_a_post(value: Any, places: list[str]) -> None:
    """All of them, with their places: what looks like no post is a bad part rather than passed over."""
    assert [place for place, _ in posts_in(PAYLOAD, value, is_post)] == places


def test_every_list_that_holds_a_post() -> None:
    """A page of the BBC has its pinned posts in a list of their own."""
    value = {"pinned": [POST], "stream": {"posts": [POST, POST]}, "adverts": [OTHER]}

    assert [len(found) for found in post_lists(PAYLOAD, value, is_post)] == [1, 2]
