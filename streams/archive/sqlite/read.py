"""What is read from the archive; each call runs in the reader's thread on the reader's connection."""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

import orjson

from streams.archive.archive import Page, Revision, Snapshot, Wanted
from streams.archive.due import Due, Past, and_then, due
from streams.archive.facets import Facets

COLUMNS: Final = "r.seq, r.partition, r.offset, r.timestamp, r.entry_id, r.revision, r.value"
PAGE_BYTES: Final = 128 * 1024
"""A page ends after so many bytes, too: its revisions wait in memory until their reader has room."""
Row = tuple[int, int, int, int, str, int, bytes]


def read_after(
    reader: sqlite3.Connection,
    position: Mapping[int, int],
    wanted: Wanted,
    start: int | None,
    limit: int,
) -> Page:
    """Return a page of what follows a position, in the order in which it was read from the log."""
    with reader:
        reader.execute("BEGIN")  # the rows and the position after them are of one moment
        after = dict(reader.execute("SELECT partition, next FROM positions"))
        begin = _first(reader, position) if start is None else start
        rows, more = ([], False) if begin is None else _page(reader, wanted.coverages, begin, limit)
        revisions = []
        place = dict(position)
        for row in rows:
            _, partition, offset = row[:3]
            if offset < place.get(partition, 0):
                continue  # another gateway read the partitions in another order: the subscriber has this one
            place[partition] = offset + 1
            if revision := _due_revision(reader, row, wanted):
                revisions.append(revision)
        if more:
            return Page(revisions, place, rows[-1][0] + 1)
    return Page(revisions, {**place, **{p: max(n, place.get(p, 0)) for p, n in after.items()}}, None)


def read_latest(
    reader: sqlite3.Connection,
    until: Mapping[int, int],
    wanted: Wanted,
    start: int | None,
    limit: int,
) -> Snapshot:
    """Return a page of newest revisions; what was revised since `until` is left to the log that follows."""
    where, names = among("e.coverage_id", wanted.coverages)
    rows, more = _some(
        reader.execute(
            f"SELECT e.number, {COLUMNS} FROM entries e JOIN revisions r ON r.seq = e.newest "  # noqa: S608
            f"WHERE e.number >= ? {where} ORDER BY e.number LIMIT ?",
            (start or 0, *names, limit),
        ),
        limit,
    )
    revisions = [
        revision
        for _, *row in rows
        if row[2] < until.get(row[1], 0) and (revision := wanted_revision(tuple(row), wanted))
    ]
    return Snapshot(revisions, rows[-1][0] + 1 if more else None)


def read_tail(reader: sqlite3.Connection, wanted: Wanted, count: int) -> int:
    """Return the number of the entry with which the newest `count` begin."""
    where, names = among("coverage_id", wanted.coverages)
    found = reader.execute(
        f"SELECT number FROM entries WHERE true {where} ORDER BY number DESC LIMIT 1 OFFSET ?",  # noqa: S608
        (*names, count - 1),
    ).fetchone()
    return found[0] if found else 0


def read_since(reader: sqlite3.Connection, timestamp: int) -> tuple[dict[int, int], bool]:
    """Return each partition's first offset at or after a time, and whether nothing is missing before it."""
    position = {}
    whole = True
    for partition, floor, following in reader.execute("SELECT partition, floor, next FROM positions").fetchall():
        found = reader.execute(
            "SELECT min(offset) FROM revisions WHERE partition = ? AND timestamp >= ?", (partition, timestamp)
        ).fetchone()[0]
        position[partition] = following if found is None else max(found, floor)
        earlier = reader.execute(
            "SELECT 1 FROM revisions WHERE partition = ? AND timestamp < ? AND offset >= ? LIMIT 1",
            (partition, timestamp, floor),
        ).fetchone()
        whole = whole and (floor == 0 or earlier is not None)
    return position, whole


def read_past(connection: sqlite3.Connection, entry_id: str, before: int) -> Past | None:
    """Return what an entry was in its revisions before one."""
    past: Past | None = None
    for (value,) in connection.execute(
        "SELECT value FROM revisions WHERE entry_id = ? AND seq < ? ORDER BY seq", (entry_id, before)
    ):
        past = and_then(past, Facets.of(orjson.loads(value)))
    return past


def _first(reader: sqlite3.Connection, position: Mapping[int, int]) -> int | None:
    found = [
        reader.execute(
            "SELECT seq FROM revisions WHERE partition = ? AND offset >= ? ORDER BY offset LIMIT 1", each
        ).fetchone()
        for each in position.items()
    ]
    return min((row[0] for row in found if row), default=None)


def _page(
    reader: sqlite3.Connection, coverages: frozenset[str], begin: int, limit: int
) -> tuple[list[tuple[Any, ...]], bool]:
    where, names = among("r.coverage_id", coverages)
    return _some(
        reader.execute(
            f"SELECT {COLUMNS} FROM revisions r WHERE r.seq >= ? {where} ORDER BY r.seq LIMIT ?",  # noqa: S608
            (begin, *names, limit),
        ),
        limit,
    )


def _some(rows: Iterable[tuple[Any, ...]], limit: int) -> tuple[list[tuple[Any, ...]], bool]:
    """Return rows within a page's bounds, and whether there may be more; their last column is the value."""
    taken, size = [], 0
    for row in rows:
        taken.append(row)
        size += len(row[-1])
        if size >= PAGE_BYTES:
            return taken, True
    return taken, len(taken) == limit


def among(column: str, names: frozenset[str]) -> tuple[str, tuple[str, ...]]:
    """Return a condition, and its values, that a column is one of some names; none when there are no names."""
    if not names:
        return "", ()
    # Several coverages together are read in the order of the rows: by their index each page would sort them all.
    tested = column if len(names) == 1 else f"+{column}"
    return f"AND {tested} IN ({','.join('?' * len(names))})", tuple(sorted(names))


def wanted_revision(row: Row, wanted: Wanted, *, gone: bool = False) -> Revision | None:
    """Return the revision that a row holds if it fits by itself; `gone`: of an entry that is retracted."""
    revision = revision_of(row)
    return revision if revision.now.gone is gone and wanted.fits(revision.now) else None


def _due_revision(reader: sqlite3.Connection, row: Row, wanted: Wanted) -> Revision | None:
    """Return the revision that a row holds if it is due; what the entry was is only read where that decides."""
    revision = revision_of(row)
    if not wanted.fits_origin(revision.now):
        return None
    if revision.revision > 1 and (revision.now.gone or not wanted.fits(revision.now)):
        revision = replace(revision, past=read_past(reader, revision.entry_id, row[0]))
    return revision if due(wanted, revision) is not Due.NOT else None


def revision_of(row: Row) -> Revision:
    """Return the revision that a row holds."""
    _, partition, offset, timestamp, entry_id, revision, value = row
    return Revision(partition, offset, timestamp, entry_id, revision, value, Facets.of(orjson.loads(value)))
