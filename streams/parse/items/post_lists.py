"""Where the posts are in an API's answer: in the lists whose members look like posts."""

from collections.abc import Callable, Iterator
from typing import Any

from streams.parse.items.shape import objects_in
from streams.parse.payload.payload import Payload

Placed = tuple[str, Any]
"""A JSON pointer and the value there."""


def posts_in(payload: Payload, value: Any, is_post: Callable[[Any], bool]) -> list[Placed]:
    """Return the posts with their places: the value itself, or the members of the first list that holds a post.

    All members count, those as well that do not look like a post: they are bad parts, not to be passed over.
    """
    return next(post_lists(payload, value, is_post), [])


def post_lists(payload: Payload, value: Any, is_post: Callable[[Any], bool]) -> Iterator[list[Placed]]:
    """Yield each list that holds a post, at any depth; a value that is a post or such a list is the only one."""
    if is_post(value):
        yield [("", value)]
    elif isinstance(value, list) and any(map(is_post, value)):
        yield [(f"/{index}", item) for index, item in enumerate(value)]
    else:
        for place, node in objects_in(value, payload.limits.max_depth):
            for key, child in node.items():
                if isinstance(child, list) and any(map(is_post, child)):
                    yield [(f"{place}/{key}/{index}", item) for index, item in enumerate(child)]
