"""Keeps rendered pages: many readers come at once while nothing new has come in."""

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from typing import Final

_REMEMBERED: Final = 128


class Rendered:
    """The newest pages; each is good as long as the log stands where it stood."""

    def __init__(self) -> None:
        """Nothing is remembered yet."""
        self._pages: OrderedDict[Hashable, tuple[Hashable, bytes, str]] = OrderedDict()

    def get(self, what: Hashable, tag: bytes, position: Mapping[int, int]) -> tuple[bytes, str] | None:
        """Return a page's bytes and its ETag, or None if something has come in since."""
        found = self._pages.get(what)
        if found is None or found[0] != _place(tag, position):
            return None
        self._pages.move_to_end(what)
        return found[1], found[2]

    def put(self, what: Hashable, tag: bytes, position: Mapping[int, int], body: bytes, etag: str) -> None:
        """Remember a page; the one that nobody asked for the longest is forgotten."""
        self._pages[what] = (_place(tag, position), body, etag)
        self._pages.move_to_end(what)
        if len(self._pages) > _REMEMBERED:
            self._pages.popitem(last=False)


def _place(tag: bytes, position: Mapping[int, int]) -> Hashable:
    return tag, tuple(sorted(position.items()))
