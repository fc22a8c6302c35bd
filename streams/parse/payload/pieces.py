"""What the pieces of a source's last page became: a page of which one post changed is not read anew in all its posts.

A piece is known by a digest of its own bytes and of all else that its reading depends on. What depended on the moment
at which the document was received ("3 minutes ago", a clock without a date) is not kept. In process memory only: the
posts are the same without it.
"""

from collections import OrderedDict
from collections.abc import Hashable
from hashlib import blake2b
from typing import Any, Final

_MOST_SOURCES: Final = 64
_MOST_PIECES: Final = 20_000
"""Of all sources together, some 10 kB each: a page of 400 posts has 1,200."""

Key = bytes
MISSING: Final = object()


def piece_of(*parts: str | bytes | None) -> Key:
    """Return the digest of a piece's parts, each with its length, so that no two lists of parts are one."""
    digest = blake2b(digest_size=16)
    for part in parts:
        raw = part.encode(errors="surrogatepass") if isinstance(part, str) else part
        digest.update(b"-" if raw is None else b"%d:" % len(raw))
        digest.update(raw or b"")
    return digest.digest()


class Pieces:
    """The pieces of the last page of one source; those that the page at hand no longer has are let go after it."""

    def __init__(self, context: Hashable) -> None:
        self.context = context
        """The source's settings and whatever else of the document each reading depends on."""
        self._last: dict[Key, Any] = {}
        self._now: dict[Key, Any] = {}

    def __len__(self) -> int:
        return len(self._last) + len(self._now)

    def turn(self) -> None:
        """Begin with another page of the source."""
        self._last, self._now = self._now, {}

    def get(self, key: Key) -> Any:
        """Return what a piece became, or `MISSING`."""
        found = self._now.get(key, MISSING)
        if found is MISSING and (found := self._last.get(key, MISSING)) is not MISSING:
            self._now[key] = found
        return found

    def put(self, key: Key, made: Any) -> None:
        """Keep what a piece became."""
        if len(self._now) < _MOST_PIECES:
            self._now[key] = made


class PieceMemory:
    """The pieces of the sources whose pages came last, bounded by their number."""

    def __init__(self) -> None:
        self._sources: OrderedDict[str, Pieces] = OrderedDict()

    def of(self, source_id: str, context: Hashable) -> Pieces:
        """Return a source's pieces for its next page; none under settings that changed."""
        pieces = self._sources.pop(source_id, None)
        if pieces is None or pieces.context != context:
            pieces = Pieces(context)
        pieces.turn()
        self._sources[source_id] = pieces
        while len(self._sources) > 1 and (
            len(self._sources) > _MOST_SOURCES or sum(map(len, self._sources.values())) > _MOST_PIECES
        ):
            self._sources.popitem(last=False)
        return pieces
