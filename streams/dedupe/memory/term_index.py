"""Which entries of a coverage have a term, and how many: what stories are found and weighed by.

A term is four bytes, its number and three bits about where it stands; the bits are masked here. A draft's layer counts
what it adds and takes away, so that the sum over the layers is the same however documents were put into batches.
"""

from collections.abc import Iterable

import numpy as np

from streams.dedupe.same_news.candidates import Candidates

ABOUT_BITS = 7
"""The bits of a term that say where it stands, and no part of its number."""


class TermIndex:
    """Entries by their terms, and the number of entries of each term."""

    __slots__ = ("counts", "entries", "postings")

    def __init__(self) -> None:
        self.counts: dict[int, int] = {}
        """Entries that have the term."""
        self.entries = 0
        """Entries that have terms at all."""
        self.postings = Candidates()

    def count(self, before: bytes, after: bytes) -> None:
        """Count that an entry has other terms than before."""
        if before == after:
            return
        self.entries += bool(after) - bool(before)
        counts = self.counts
        for terms, change in ((before, -1), (after, 1)):
            for number in numbers(terms).tolist():
                left = counts.get(number, 0) + change
                if left:
                    counts[number] = left
                else:
                    del counts[number]

    def post(self, entry_id: str, terms: bytes) -> None:
        """Let an entry be found by its terms; by none, if there are none."""
        self.postings.put(entry_id, numbers(terms).tobytes())

    def build(self, entries: Iterable[tuple[str, bytes]]) -> None:
        """Make the index of entries and their terms, as when memory is loaded; only for an empty index."""
        known = [(entry_id, terms) for entry_id, terms in entries if terms]
        for _, terms in known:
            self.count(b"", terms)
        self.rebuild(known)

    def rebuild(self, entries: Iterable[tuple[str, bytes]]) -> None:
        """Make the postings anew; the counts stay."""
        self.postings = Candidates()
        self.postings.build([(entry_id, numbers(terms).tobytes()) for entry_id, terms in entries])

    @property
    def worn(self) -> bool:
        """Whether most postings are of former terms."""
        return self.postings.dead > len(self.postings) + 10_000


def numbers(terms: bytes) -> "np.ndarray[tuple[int], np.dtype[np.uint32]]":
    """Return the numbers of packed terms, without what is said about them."""
    return np.frombuffer(terms, dtype="<u4") & np.uint32(~ABOUT_BITS & 0xFFFFFFFF)
