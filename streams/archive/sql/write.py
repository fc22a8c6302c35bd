"""One batch into the archive: revisions, what is kept beside them, and the offsets, in one transaction."""

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import Connection, bindparam, insert, select, update

from streams.archive.archive import ArchiveError, Revision
from streams.archive.due import Past, and_then
from streams.archive.facets import Facets
from streams.archive.in_parts import in_parts
from streams.archive.sql.store import Store, Texts
from streams.archive.sql.tables import COVERAGES, ENTRIES, FIGURES, LOG, POSITIONS, REVISIONS
from streams.archive.upsert import insert_or_ignore, insert_or_lower

_REMEMBERED: Final = 2000
_ENTRIES_AT_ONCE: Final = 100
"""Entries whose earlier revisions are read together."""

# Made once: to put a statement together takes as long as to run it, and a batch is often one record.
_LOCK: Final = select(LOG.c.next_seq, LOG.c.next_number).with_for_update()
_PLACES: Final = select(POSITIONS.c.partition, POSITIONS.c.floor, POSITIONS.c.next)
_NUMBERS: Final = select(ENTRIES.c.entry_id, ENTRIES.c.number).where(
    ENTRIES.c.entry_id.in_(bindparam("ids", expanding=True))
)
_EARLIER: Final = (
    select(REVISIONS.c.entry_id, REVISIONS.c.partition, REVISIONS.c.offset, REVISIONS.c.value)
    .where(REVISIONS.c.entry_id.in_(bindparam("ids", expanding=True)))
    .order_by(REVISIONS.c.seq)
)
_ADD_REVISIONS: Final = insert(REVISIONS)
_ADD_ENTRIES: Final = insert(ENTRIES)
_REVISE: Final = update(ENTRIES).where(ENTRIES.c.number == bindparam("of")).values(newest=bindparam("newest"))
_COUNT: Final = update(LOG)
_MOVE: Final = update(POSITIONS).where(POSITIONS.c.partition == bindparam("of")).values(next=bindparam("next"))


class ArchiveBehindError(ArchiveError):
    """The archive ends before what this process has read: the database was put back to an earlier state."""


@dataclass(slots=True)
class Pasts:
    """What this process remembers of what it has appended, so that it is not read again.

    What comes after an entry's newest revision has been this; of those that were revised last.
    """

    _of: OrderedDict[str, Past | None] = field(default_factory=OrderedDict)
    started: dict[str, int] = field(default_factory=dict)
    """When each coverage began, as it was written down."""

    def __contains__(self, entry_id: str) -> bool:
        return entry_id in self._of

    def before(self, revision: Revision) -> Past | None:
        """Return what an entry was before this revision, and remember what it has been after it."""
        past = self._of.get(revision.entry_id) if revision.revision > 1 else None
        self.remember(revision.entry_id, and_then(past, revision.now))
        return past

    def remember(self, entry_id: str, past: Past | None) -> None:
        """Note what an entry has been."""
        self._of[entry_id] = past
        self._of.move_to_end(entry_id)

    def shrink(self) -> None:
        """Forget those that were revised longest ago."""
        while len(self._of) > _REMEMBERED:
            self._of.popitem(last=False)

    def clear(self) -> None:
        """Forget all."""
        self._of.clear()
        self.started.clear()


@dataclass(frozen=True, slots=True)
class Places:
    """Where the archive stands in each partition."""

    floor: dict[int, int]
    following: dict[int, int]

    @classmethod
    def read(cls, connection: Connection) -> "Places":
        """Return what is written down."""
        floor, following = {}, {}
        for partition, begin, end in connection.execute(_PLACES):
            floor[partition], following[partition] = begin, end
        return cls(floor, following)


@dataclass(frozen=True, slots=True)
class Appended:
    """What became of a batch."""

    revisions: list[Revision]
    """Those that are new to this process, with what their entries were before."""
    floor: Mapping[int, int]


def append(
    connection: Connection,
    store: Store,
    revisions: Sequence[Revision],
    position: Mapping[int, int],
    own: Mapping[int, int],
    pasts: Pasts,
) -> Appended:
    """Write what nobody has written; `own` is up to where this process has appended before."""
    unseen = _from(own, revisions)
    places = Places.read(connection)
    if not store.is_shared or not _covers(places.following, position):
        # 1. Nobody else writes until this transaction ends; what others wrote before is seen from here on.
        next_seq, next_number = connection.execute(_LOCK).one()
        if store.is_shared:
            places = Places.read(connection)
        _need_all_of(places.following, own)
        new = _from(places.following, unseen)
        # 2. What the entries were, before anything of this batch changes it.
        _recall(connection, unseen, pasts)
        # 3. The rows, and the place after them. A crash here: the transaction is undone, and it is read again.
        if new:
            _write(connection, store, new, _Numbers(next_seq, next_number), pasts.started)
        _move(connection, places.following, position)
    else:
        _need_all_of(places.following, own)
        _recall(connection, unseen, pasts)
    due = [replace(each, past=pasts.before(each)) for each in unseen]
    pasts.shrink()
    return Appended(due, places.floor)


def restart(connection: Connection, position: Mapping[int, int]) -> Places:
    """Begin the history anew in partitions that end before a position, unless another process has done so."""
    lock(connection)
    connection.execute(
        update(POSITIONS)
        .where(POSITIONS.c.partition == bindparam("of"), POSITIONS.c.next < bindparam("at"))
        .values(floor=bindparam("at"), next=bindparam("at")),
        [{"of": partition, "at": offset} for partition, offset in position.items()],
    )
    return Places.read(connection)


def lock(connection: Connection) -> None:
    """Let nobody else write until the transaction ends."""
    connection.execute(select(LOG.c.identity).with_for_update()).all()


def _covers(following: Mapping[int, int], position: Mapping[int, int]) -> bool:
    return all(following.get(partition, 0) >= offset for partition, offset in position.items())


def _need_all_of(following: Mapping[int, int], own: Mapping[int, int]) -> None:
    if not _covers(following, own):
        raise ArchiveBehindError("the archive ends before what was read already: the database was put back")


def _from(position: Mapping[int, int], revisions: Sequence[Revision]) -> list[Revision]:
    """Return what stands at or after a position, each offset once."""
    ends = dict(position)
    found = []
    for each in revisions:
        if each.offset >= ends.get(each.partition, 0):
            ends[each.partition] = each.offset + 1
            found.append(each)
    return found


def _recall(connection: Connection, revisions: Sequence[Revision], pasts: Pasts) -> None:
    """Have `pasts` know what each entry was before the first of these revisions."""
    first: dict[str, Revision] = {}
    for each in revisions:
        if each.entry_id not in first and each.entry_id not in pasts:
            first[each.entry_id] = each
    asked = [entry_id for entry_id, each in first.items() if each.revision > 1]
    for some in in_parts(asked, _ENTRIES_AT_ONCE):
        found: dict[str, Past | None] = dict.fromkeys(some)
        reached: set[str] = set()
        for row in connection.execute(_EARLIER, {"ids": some}):
            each = first[row.entry_id]
            if (row.partition, row.offset) == (each.partition, each.offset):
                reached.add(row.entry_id)  # another process has written it; what follows is later
            if row.entry_id not in reached:
                found[row.entry_id] = and_then(found[row.entry_id], Facets.of(orjson.loads(row.value)))
        for entry_id, past in found.items():
            pasts.remember(entry_id, past)


@dataclass(slots=True)
class _Numbers:
    """What comes next."""

    seq: int
    number: int


def _write(
    connection: Connection, store: Store, new: Sequence[Revision], following: _Numbers, started: dict[str, int]
) -> None:
    numbers = _numbers(connection, {each.entry_id for each in new})
    known = set(numbers)
    rows, newest = [], dict[str, dict[str, Any]]()
    beside = _Beside()
    for seq, each in enumerate(new, following.seq):
        entry = orjson.loads(each.value)
        rows.append(
            {
                "seq": seq, "partition": each.partition, "offset": each.offset, "timestamp": each.timestamp,
                "coverage_id": each.now.coverage, "entry_id": each.entry_id, "revision": each.revision,
                "value": each.value,
            }
        )  # fmt: skip
        if each.entry_id not in numbers:
            numbers[each.entry_id] = following.number
            following.number += 1
        newest[each.entry_id] = {
            "number": numbers[each.entry_id], "entry_id": each.entry_id, "coverage_id": each.now.coverage,
            "source_id": each.now.source, "newest": seq,
        }  # fmt: skip
        beside.add(each, entry, numbers[each.entry_id])
    connection.execute(_ADD_REVISIONS, rows)
    if first := [row for entry_id, row in newest.items() if entry_id not in known]:
        connection.execute(_ADD_ENTRIES, first)
    if again := [{"of": row["number"], "newest": row["newest"]} for name, row in newest.items() if name in known]:
        connection.execute(_REVISE, again)
    store.index(connection, [numbers[entry_id] for entry_id in newest if entry_id in known], beside.texts())
    beside.write(connection, started)
    connection.execute(_COUNT, {"next_seq": following.seq + len(new), "next_number": following.number})


@dataclass(slots=True)
class _Beside:
    """What is kept beside revisions so that they are found."""

    _texts: dict[str, Texts | None] = field(default_factory=dict)
    _started: dict[str, int] = field(default_factory=dict)
    _with_figures: dict[str, str] = field(default_factory=dict)

    def add(self, revision: Revision, entry: Mapping[str, Any], number: int) -> None:
        """Take up a revision; the words are those of an entry's newest."""
        coverage = revision.now.coverage
        if (started := _start(entry)) is not None:
            self._started[coverage] = min(started, self._started.get(coverage, started))
        if entry.get("figures"):
            self._with_figures[revision.entry_id] = coverage
        self._texts[revision.entry_id] = None if revision.now.gone else _texts(entry, number)

    def texts(self) -> list[Texts]:
        """Return the texts of the entries that stand."""
        return [each for each in self._texts.values() if each is not None]

    def write(self, connection: Connection, written: dict[str, int]) -> None:
        """Keep when each coverage began, unless that is `written` already, and which entries ever had figures."""
        earlier = {each: at for each, at in self._started.items() if at < written.get(each, at + 1)}
        insert_or_lower(
            connection, COVERAGES, [{"coverage_id": each, "started": at} for each, at in earlier.items()],
            key="coverage_id", value="started",
        )  # fmt: skip
        written.update(earlier)
        insert_or_ignore(
            connection, FIGURES, [{"coverage_id": of, "entry_id": each} for each, of in self._with_figures.items()]
        )


def _numbers(connection: Connection, entry_ids: Collection[str]) -> dict[str, int]:
    rows = connection.execute(_NUMBERS, {"ids": list(entry_ids)})
    return {entry_id: number for entry_id, number in rows}  # noqa: C416  (rows are no pairs to mypy)


def _move(connection: Connection, following: Mapping[int, int], position: Mapping[int, int]) -> None:
    moved = [
        {"of": partition, "next": offset}
        for partition, offset in position.items()
        if offset > following.get(partition, offset)
    ]
    if moved:
        connection.execute(_MOVE, moved)


def _texts(entry: Mapping[str, Any], number: int) -> Texts:
    authors = "\n".join(map(str, entry.get("authors") or ()))
    headline, summary, body = (entry.get(field) or "" for field in ("headline", "summary", "body_text"))
    return Texts(number, headline, summary, body, authors)


def _start(entry: Mapping[str, Any]) -> int | None:
    first: Any = entry.get("first_published_at") or entry.get("published_at") or entry.get("received_at")
    try:
        return int(datetime.fromisoformat(first).timestamp() * 1000)
    except (TypeError, ValueError, OverflowError):
        return None  # another program's record: one that has no time must not hold up the log
