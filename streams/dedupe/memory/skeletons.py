"""The rest of a quiet coverage's entries: rows of a fixed size in one run of bytes, found by binary search.

A skeleton holds what lets an entry's revisions go on where they stopped: identity, revision, fingerprints, status,
times, the original that it repeats, and its story. A row has 66 bytes, 20 more if posts without ids are recognised
by their appearance, and 4 more if it has a story; no row is a Python object.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from struct import Struct
from typing import Any, Final
from uuid import UUID

import orjson

from streams.dedupe.memory.record_version import VERSION_BYTE, check_version
from streams.dedupe.memory.remembered import GONE, UNHASHED, Remembered, State
from streams.dedupe.memory.skeleton_traits import HAS_APPEARANCE, NO_TIME, SkeletonTraits
from streams.dedupe.memory.varint import read_varint, varint
from streams.dedupe.revision.version import has_order

CHUNK_ROWS: Final = 4_096
"""Rows in one record: some 300 kB, well below what a message may hold."""

# id, fingerprint, gist, revision, state, form, source, place, first published, newest update, original's row
_ROW: Final = Struct("<16s8s8sIBBIIqqI")
_APPEARANCE: Final = Struct("<q6s6s")
_END: Final = Struct("<I")
_STORY: Final = Struct("<I")
_ID_BYTES: Final = 16
_HASH_BYTES: Final = 8
_APPEARANCE_HASH_BYTES: Final = 6
_LONGEST_VERSION_CHARS: Final = 64
_NO_ROW: Final = 2**32 - 1
_WITHOUT_STORIES: Final = 6
"""Values in the head of a record from before there were stories."""
_STATE_BITS: Final = 3
_BURIED: Final = 4
_STATES: Final = tuple(State)


@dataclass(frozen=True)
class Skeletons:
    """The entries of a coverage as they were when it became quiet, in the order of their ids."""

    rows: bytes = b""
    appearances: bytes = b""
    """One for each row, or none at all."""
    version_ends: bytes = b""
    """Where each row's version ends in `versions`; empty when none of the sources numbers its versions."""
    versions: bytes = b""
    sources: tuple[str, ...] = ()
    forms: tuple[int, ...] = ()
    received: int = 0
    """When the coverage's last document was received: none of its entries is newer."""
    newest: int | None = None
    """The newest published time among them."""
    places: int = 0
    """The place of the coverage's next entry."""
    stories: bytes = b""
    """For each row that of its story's first entry; empty when no entry has a story."""

    def __len__(self) -> int:
        return len(self.rows) // _ROW.size

    @property
    def chunks(self) -> int:
        """How many records hold them."""
        return -(-len(self) // CHUNK_ROWS)

    def get(self, entry_id: str) -> Remembered | None:
        """Return what is left of an entry, or None if it is unknown."""
        row = self._row_of(_packed_id(entry_id)) if self.rows else None
        return None if row is None else self._entry(row)

    def __iter__(self) -> Iterator[Remembered]:
        return map(self._entry, range(len(self)))

    def standing_of(self, source_id: str) -> Iterator[Remembered]:
        """Return a source's entries that readers see."""
        if source_id in self.sources:
            wanted = self.sources.index(source_id)
            for row in range(len(self)):
                _, _, _, revision, state, _, source, *_ = _ROW.unpack_from(self.rows, row * _ROW.size)
                if source == wanted and revision and state & _STATE_BITS == State.USABLE:
                    yield self._entry(row)

    def find(self, trait: Hashable) -> Iterator[str]:
        """Return the entries without ids that have a trait."""
        if self.appearances:
            yield from map(self._id, self._traits.find(trait))

    def gone(self) -> list[str]:
        """Return the retracted entries whose tombstone was not yet written."""
        return [self._id(row) for row in range(len(self)) if self._awaits_tombstone(row)]

    def _awaits_tombstone(self, row: int) -> bool:
        _, _, _, revision, bits, *_ = _ROW.unpack_from(self.rows, row * _ROW.size)
        return bool(revision) and bits & _STATE_BITS != State.USABLE and not bits & _BURIED

    @cached_property
    def _traits(self) -> SkeletonTraits:
        return SkeletonTraits(self.rows, self.appearances, self.sources)

    def _id(self, row: int) -> str:
        start = row * _ROW.size
        return str(UUID(bytes=self.rows[start : start + _ID_BYTES]))

    def _row_of(self, wanted: bytes) -> int | None:
        rows, size = self.rows, _ROW.size
        low, high = 0, len(rows) // size
        while low < high:
            middle = (low + high) // 2
            start = middle * size
            found = rows[start : start + _ID_BYTES]
            if found == wanted:
                return middle
            if found < wanted:
                low = middle + 1
            else:
                high = middle
        return None

    def _entry(self, row: int) -> Remembered:
        id_, fingerprint, gist, revision, bits, form, source, place, first, updated, original = _ROW.unpack_from(
            self.rows, row * _ROW.size
        )
        appearance = None
        if bits & HAS_APPEARANCE:
            minute, headline, body = _APPEARANCE.unpack_from(self.appearances, row * _APPEARANCE.size)
            appearance = _time(minute), int.from_bytes(headline, "little"), int.from_bytes(body, "little")
        return Remembered(
            entry_id=str(UUID(bytes=id_)),
            source_id=self.sources[source],
            post_id=None,
            place=place,
            revision=revision,
            state=_STATES[bits & _STATE_BITS],
            fingerprint=fingerprint if any(fingerprint) else b"",
            hash=UNHASHED,
            received=self.received,
            version=self._version(row),
            updated=_time(updated),
            first_published=_time(first),
            buried=bool(bits & _BURIED),
            appearance=appearance,
            duplicate_of=None if original == _NO_ROW else self._id(original),
            form=self.forms[form],
            gist=gist if any(gist) else b"",
            story=self._story(row),
        )

    def _story(self, row: int) -> str:
        first: int = _STORY.unpack_from(self.stories, row * _STORY.size)[0] if self.stories else _NO_ROW
        return "" if first == _NO_ROW else self._id(first)

    def _version(self, row: int) -> str | None:
        if not self.version_ends:
            return None
        return self.versions[self._version_start(row) : self._version_start(row + 1)].decode() or None

    def _version_start(self, row: int) -> int:
        if not row or not self.version_ends:
            return 0
        start: int = _END.unpack_from(self.version_ends, (row - 1) * _END.size)[0]
        return start

    def encode(self) -> Iterator[bytes]:
        """Return the values of the coverage's records, each beginning with the version's byte and a flags byte."""
        for first in range(0, len(self), CHUNK_ROWS):
            last = min(first + CHUNK_ROWS, len(self))
            parts = (
                self.rows[first * _ROW.size : last * _ROW.size],
                self.appearances[first * _APPEARANCE.size : last * _APPEARANCE.size],
                self.version_ends[first * _END.size : last * _END.size],
                self.versions[self._version_start(first) : self._version_start(last)],
            )
            stories = self.stories[first * _STORY.size : last * _STORY.size]
            lengths = list(map(len, parts))
            # The stories stand beside the other parts: an older Liveline reads those, and passes these over.
            head = orjson.dumps(
                [self.sources, self.forms, self.received, self.newest, self.places, lengths, len(stories)]
            )
            flags = GONE if any(map(self._awaits_tombstone, range(first, last))) else 0
            yield b"".join((VERSION_BYTE, bytes((flags,)), varint(len(head)), head, *parts, stories))

    @classmethod
    def decode(cls, values: Sequence[bytes]) -> "Skeletons":
        """Return what `encode` wrote, its records in their order."""
        joined: tuple[list[bytes], ...] = ([], [], [], [])
        stories = b""
        head: list[Any] = [(), (), 0, None, 0]
        for value in values:
            check_version(value)
            length, start = read_varint(value, 2)
            head = orjson.loads(value[start : start + length])
            start += length
            for part, size in zip(joined, head[5], strict=True):
                part.append(value[start : start + size])
                start += size
            if len(head) > _WITHOUT_STORIES:
                stories += value[start : start + head[_WITHOUT_STORIES]]
        rows, appearances, ends, versions = map(b"".join, joined)
        sources, forms = tuple(head[0]), tuple(head[1])
        return cls(rows, appearances, ends, versions, sources, forms, head[2], head[3], head[4], stories)

    @classmethod
    def of(cls, entries: Iterable[Remembered], received: int, newest: int | None, places: int) -> "Skeletons":
        """Return the skeletons of entries."""
        ordered = sorted(((_packed_id(entry.entry_id), entry) for entry in entries), key=itemgetter(0))
        row_of = {entry.entry_id: row for row, (_, entry) in enumerate(ordered)}
        sources = {name: n for n, name in enumerate(sorted({entry.source_id for _, entry in ordered}))}
        forms = {form: n for n, form in enumerate(sorted({entry.form for _, entry in ordered}))}
        any_appearance = any(entry.appearance for _, entry in ordered)
        versions = [_kept_version(entry.version) for _, entry in ordered]
        times = [entry.published or entry.first_published for _, entry in ordered if entry.revision]
        return cls(
            rows=b"".join(_row(id_, entry, sources, forms, row_of) for id_, entry in ordered),
            appearances=b"".join(_appearance(entry.appearance) for _, entry in ordered) if any_appearance else b"",
            version_ends=_ends(versions) if any(versions) else b"",
            versions=b"".join(versions),
            sources=tuple(sources),
            forms=tuple(forms),
            received=received,
            newest=max((t for t in (*times, newest) if t is not None), default=None),
            places=places,
            stories=_stories([row_of.get(entry.story, _NO_ROW) for _, entry in ordered]),
        )


def _row(
    id_: bytes, entry: Remembered, sources: Mapping[str, int], forms: Mapping[int, int], row_of: Mapping[str, int]
) -> bytes:
    updated = entry.updated
    if not entry.revision and updated is None:  # canceled before its content came: older versions are ignored
        updated = entry.received
    bits = entry.state | (_BURIED if entry.buried else 0) | (HAS_APPEARANCE if entry.appearance else 0)
    return _ROW.pack(
        id_,
        entry.fingerprint or bytes(_HASH_BYTES),
        entry.gist or bytes(_HASH_BYTES),
        entry.revision,
        bits,
        forms[entry.form],
        sources[entry.source_id],
        entry.place,
        NO_TIME if entry.first_published is None else entry.first_published,
        NO_TIME if updated is None else updated,
        row_of.get(entry.duplicate_of or "", _NO_ROW),
    )


def _appearance(appearance: tuple[int | None, int, int] | None) -> bytes:
    minute, headline, body = appearance or (None, 0, 0)
    return _APPEARANCE.pack(
        NO_TIME if minute is None else minute,
        headline.to_bytes(_APPEARANCE_HASH_BYTES, "little"),
        body.to_bytes(_APPEARANCE_HASH_BYTES, "little"),
    )


def _stories(rows: Sequence[int]) -> bytes:
    return b"".join(map(_STORY.pack, rows)) if any(row != _NO_ROW for row in rows) else b""


def _kept_version(version: str | None) -> bytes:
    """Return a version that can be ordered; no version in use is longer than a time with its fraction."""
    return version.encode() if version and len(version) <= _LONGEST_VERSION_CHARS and has_order(version) else b""


def _ends(versions: Sequence[bytes]) -> bytes:
    ends, end = bytearray(), 0
    for version in versions:
        end += len(version)
        ends += _END.pack(end)
    return bytes(ends)


def _time(number: int) -> int | None:
    return None if number == NO_TIME else number


def _packed_id(entry_id: str) -> bytes:
    return bytes.fromhex(entry_id.replace("-", ""))
