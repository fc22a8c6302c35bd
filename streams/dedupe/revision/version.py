"""Which of two versions of a post is the older one: by the source's version, its update time, or when it came."""

import re
from typing import Final

from schemas.post import Post
from streams.dedupe.memory.remembered import Remembered, State
from streams.dedupe.notation.canonical import displayed
from streams.dedupe.notation.instant import at, micros

_NUMBERS: Final = re.compile(r"\d+")
_NUMBERED: Final = re.compile(r"v?\d+(?:[.:_-]\d+)*", re.IGNORECASE)


def has_order(version: str | None) -> bool:
    """Return whether a version is numbered, so that it tells which of two is the older one."""
    return bool(version and _NUMBERED.fullmatch(version))


def compare_versions(old: str | None, new: str | None) -> int:
    """Return -1, 0 or 1 as `new` is older, of no other order, or newer; only numbered versions have an order."""
    if not old or not new or old == new or not (has_order(old) and has_order(new)):
        return 0
    a, b = ([int(number) for number in _NUMBERS.findall(version)] for version in (old, new))
    return (b > a) - (b < a)


def is_stale(known: Remembered, post: Post, received: int) -> bool:
    """Return whether the post is an older version than the one we know.

    What the source says decides: its version, else its update time. Where it says neither, what was received earlier
    is older, so that documents that are played again change nothing.
    """
    if order := compare_versions(known.version, post.version):
        return order < 0
    updated = micros(post.updated_at)
    if updated is not None and known.updated is not None and updated != known.updated:
        return updated < known.updated
    if received < known.received:
        return updated is None or known.updated is None or updated <= known.updated
    if known.state is State.CANCELED and known.revision == 0 and not post.gone:
        return _written(post) is not None and (_written(post) or 0) <= (known.updated or known.received)
    return False


def is_newer(known: Remembered, post: Post) -> bool:
    """Return whether the source itself says that this version is newer: by its version, or by its update time."""
    if order := compare_versions(known.version, post.version):
        return order > 0
    updated = micros(post.updated_at)
    return updated is not None and updated > (known.received if known.updated is None else known.updated)


def _written(post: Post) -> int | None:
    """Return when this version was written, as far as the source tells."""
    if post.updated_at is not None:
        return at(post.updated_at)
    return micros(displayed(post))
