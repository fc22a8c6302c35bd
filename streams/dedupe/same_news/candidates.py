"""The index of band keys of one coverage: which entries share a passage with a text (MinHash LSH).

Keys stand sorted in numpy arrays that double in size, with a small dictionary for the newest: 8 bytes a key instead of
a hundred, and a lookup is one binary search in each array. A changed entry leaves its old postings behind; lookups
skip them, so that an index that grew and one that was rebuilt find the same.
"""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from streams.dedupe.same_news.minhash import unpack_keys

_NEWEST_KEYS: Final = 4_096
_POSTINGS_AT_ONCE: Final = 128
_MOST_WAITING: Final = 64
"""Entries whose keys are not indexed yet."""
COMMON_ENTRIES: Final = 64
"""A key that more entries share comes from boilerplate, such as a sign-off; it finds no candidates."""

Level = tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]


class Candidates:
    """Entries by the keys of their signatures."""

    __slots__ = ("_alive", "_levels", "_newest", "_owners", "_postings", "_size", "_waiting")

    def __init__(self) -> None:
        self._owners: list[str] = []
        self._alive = bytearray()
        self._postings: dict[str, int] = {}
        self._newest: dict[int, list[int]] = {}
        self._waiting: list[tuple[int, bytes]] = []
        """Postings whose keys are indexed before the next lookup: a draft of one document has none."""
        self._size = 0
        self._levels: list[Level] = []

    def __len__(self) -> int:
        return len(self._postings)

    def put(self, entry_id: str, signature: bytes) -> None:
        """Index an entry by its newest signature; an empty one takes it out."""
        before = self._postings.pop(entry_id, None)
        if before is not None:
            self._alive[before] = 0
        if not signature:
            return
        posting = len(self._owners)
        self._owners.append(entry_id)
        self._alive.append(1)
        self._postings[entry_id] = posting
        self._waiting.append((posting, signature))
        if len(self._waiting) >= _MOST_WAITING:
            self._take_up()

    def build(self, signatures: list[tuple[str, bytes]]) -> None:
        """Index many entries at once, as when memory is loaded; only for an empty index."""
        signed = [(entry_id, signature) for entry_id, signature in signatures if signature]
        self._owners = [entry_id for entry_id, _ in signed]
        self._alive = bytearray(b"\1" * len(signed))
        self._postings = {entry_id: posting for posting, entry_id in enumerate(self._owners)}
        keys = unpack_keys(b"".join(signature for _, signature in signed))
        lengths = [len(signature) // 4 for _, signature in signed]
        postings = np.repeat(np.arange(len(signed), dtype=np.uint32), lengths)
        order = np.argsort(keys, kind="stable")
        self._levels = [(keys[order], postings[order])]

    def _take_up(self) -> None:
        """Index the keys that wait for it."""
        newest = self._newest
        for posting, signature in self._waiting:
            if not self._alive[posting]:
                continue
            keys = unpack_keys(signature).tolist()
            for key in keys:
                if (owners := newest.get(key)) is None:
                    newest[key] = [posting]
                else:
                    owners.append(posting)
            self._size += len(keys)
            if self._size >= _NEWEST_KEYS:
                self._merge_newest()
                newest = self._newest
        self._waiting.clear()

    def _merge_newest(self) -> None:
        keys = np.fromiter((k for k, found in self._newest.items() for _ in found), np.uint32, self._size)
        postings = np.fromiter((p for found in self._newest.values() for p in found), np.uint32, self._size)
        self._newest, self._size = {}, 0
        while self._levels and len(self._levels[-1][0]) <= 2 * len(keys):
            older_keys, older_postings = self._levels.pop()
            keys = np.concatenate((older_keys, keys))
            postings = np.concatenate((older_postings, postings))
        order = np.argsort(keys, kind="stable")
        self._levels.append((keys[order], postings[order]))

    def hits(
        self, signature: bytes, hidden: Callable[[str], object] | None = None, hiding: int = 0
    ) -> tuple[dict[int, list[str]], set[int]]:
        """Return the entries that are not hidden for each known key of a signature, and the keys with too many owners.

        At most `hiding` entries are hidden. Reading the owners of a key stops as soon as there are too many.
        """
        if not self._postings or not signature:
            return {}, set()
        self._take_up()
        wanted = unpack_keys(signature)
        newest = self._newest
        counts = np.array([len(newest[key]) if key in newest else 0 for key in wanted.tolist()], dtype=np.intp)
        spans = []
        for keys, postings in self._levels:
            starts = np.searchsorted(keys, wanted, side="left")
            ends = np.searchsorted(keys, wanted, side="right")
            counts += ends - starts
            spans.append((postings, starts, ends))
        # Even if all dead and hidden postings were theirs, these keys have too many owners.
        surely = counts > COMMON_ENTRIES + self.dead + hiding
        found: dict[int, list[str]] = {}
        for index in np.flatnonzero((counts > 0) & ~surely).tolist():
            key = int(wanted[index])
            owners = found[key] = []
            for postings, starts, ends in spans:
                for start in range(starts[index], ends[index], _POSTINGS_AT_ONCE):
                    if len(owners) > COMMON_ENTRIES:
                        break
                    self._add(owners, postings[start : min(start + _POSTINGS_AT_ONCE, ends[index])].tolist(), hidden)
            self._add(owners, newest.get(key, ()), hidden)
        common = {key for key, owners in found.items() if len(owners) > COMMON_ENTRIES}
        rare = {key: owners for key, owners in found.items() if key not in common}
        return rare, common.union(wanted[surely].tolist())

    def _add(self, owners: list[str], postings: Sequence[int], hidden: Callable[[str], object] | None) -> None:
        """Add the owners of postings until there are too many."""
        alive, names = self._alive, self._owners
        for posting in postings:
            if len(owners) > COMMON_ENTRIES:
                return
            if alive[posting] and not (hidden and hidden(names[posting])):
                owners.append(names[posting])

    @property
    def dead(self) -> int:
        """How many postings belong to former signatures; lookups skip them."""
        return len(self._owners) - len(self._postings)
