"""Which entries of a coverage have a term, and how many: what stories are found and weighed by.

A term is four bytes, its number and three bits about where it stands; the bits are masked here. Most terms are one
entry's alone, so that no list is made for it. A draft's layer notes what of the memory below it hides, so that counts
over the layers are the same however documents were put into batches.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

ABOUT_BITS: Final = 7
"""The bits of a term that say where it stands, and no part of its number."""
_NUMBER: Final = np.uint32(0xFFFFFFFF & ~ABOUT_BITS)


class TermIndex:
    """Entries by their terms."""

    __slots__ = ("_hidden", "_owners", "entries")

    def __init__(self) -> None:
        self._owners: dict[int, str | list[str]] = {}
        self._hidden: dict[int, int] = {}
        self.entries = 0
        """Entries that have terms at all; of a layer those that it adds to the memory below, which may be negative."""

    def put(self, entry_id: str, before: bytes, after: bytes) -> None:
        """Find an entry by its terms, and no longer by those that it had in this index."""
        if before == after:
            return
        self.entries += bool(after) - bool(before)
        owners = self._owners
        for number in _numbers(before):
            who = owners[number]
            if isinstance(who, str):
                del owners[number]
            else:
                who.remove(entry_id)
                if len(who) == 1:
                    owners[number] = who[0]
        for number in _numbers(after):
            known = owners.get(number)
            if known is None:
                owners[number] = entry_id
            elif isinstance(known, str):
                owners[number] = [known, entry_id]
            else:
                known.append(entry_id)

    def hide(self, terms: bytes) -> None:
        """Note that this layer hides an entry with these terms in the memory below."""
        self._hide(terms, 1)

    def show(self, terms: bytes) -> None:
        """Note that an entry with these terms in the memory below is hidden no more."""
        self._hide(terms, -1)

    def _hide(self, terms: bytes, change: int) -> None:
        if terms:
            self.entries -= change
            for number in _numbers(terms):
                self._hidden[number] = self._hidden.get(number, 0) + change

    def counts(self, terms: Sequence[int]) -> list[int]:
        """Return how many entries have each term; of a layer how many more than in the memory below."""
        found = self._owners.get
        own = [0 if (who := found(term)) is None else 1 if type(who) is str else len(who) for term in terms]
        if not self._hidden:
            return own
        hidden = self._hidden.get
        return [count - hidden(term, 0) for count, term in zip(own, terms, strict=True)]

    def having(self, term: int) -> list[str]:
        """Return the entries of this index that have a term."""
        who = self._owners.get(term)
        return [] if who is None else [who] if isinstance(who, str) else who

    def build(self, entries: Iterable[tuple[str, bytes]]) -> None:
        """Make the index of entries and their terms, as when memory is loaded; only for an empty index."""
        for entry_id, terms in entries:
            self.put(entry_id, b"", terms)


def _numbers(terms: bytes) -> list[int]:
    """Return the numbers of packed terms, without what is said about them."""
    numbers: list[int] = (np.frombuffer(terms, dtype="<u4") & _NUMBER).tolist()
    return numbers
