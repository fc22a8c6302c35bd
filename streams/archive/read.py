"""What is read from the archive; each call runs in the reader's thread on the reader's connection."""

import sqlite3
from collections.abc import Mapping
from typing import Final

import orjson

from streams.archive.archive import Page, Revision, Snapshot, Wanted
from streams.archive.facets import Facets

COLUMNS: Final = "r.seq, r.partition, r.offset, r.timestamp, r.entry_id, r.revision, r.value"
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
        rows = [] if begin is None else _page(reader, wanted.coverages, begin, limit)
        revisions = []
        place = dict(position)
        for row in rows:
            seq, partition, offset = row[:3]
            if offset < place.get(partition, 0):
                continue  # another gateway read the partitions in another order: the subscriber has this one
            place[partition] = offset + 1
            if revision := wanted_revision(reader, row, wanted, ever=True):
                revisions.append(revision)
        if len(rows) == limit:
            return Page(revisions, place, seq + 1)
    return Page(revisions, {**place, **{p: max(n, place.get(p, 0)) for p, n in after.items()}}, None)


def read_latest(
    reader: sqlite3.Connection,
    until: Mapping[int, int],
    wanted: Wanted,
    start: int | None,
    limit: int,
    *,
    ever: bool,
) -> Snapshot:
    """Return a page of newest revisions; what was revised since `until` is left to the log that follows."""
    where, names = among("e.coverage_id", wanted.coverages)
    rows = reader.execute(
        f"SELECT e.number, {COLUMNS} FROM entries e JOIN revisions r ON r.seq = e.newest "  # noqa: S608
        f"WHERE e.number >= ? {where} ORDER BY e.number LIMIT ?",
        (start or 0, *names, limit),
    ).fetchall()
    revisions = [
        revision
        for _, *row in rows
        if row[2] < until.get(row[1], 0) and (revision := wanted_revision(reader, tuple(row), wanted, ever=ever))
    ]
    return Snapshot(revisions, rows[-1][0] + 1 if len(rows) == limit else None)


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


def read_earlier(connection: sqlite3.Connection, entry_id: str, before: int) -> Facets | None:
    """Return what an entry was in its revisions before one."""
    known: Facets | None = None
    for (value,) in connection.execute(
        "SELECT value FROM revisions WHERE entry_id = ? AND seq < ? ORDER BY seq", (entry_id, before)
    ):
        facets = Facets.of(orjson.loads(value))
        known = known.joined(facets) if known else facets
    return known


def _first(reader: sqlite3.Connection, position: Mapping[int, int]) -> int | None:
    found = [
        reader.execute(
            "SELECT seq FROM revisions WHERE partition = ? AND offset >= ? ORDER BY offset LIMIT 1", each
        ).fetchone()
        for each in position.items()
    ]
    return min((row[0] for row in found if row), default=None)


def _page(reader: sqlite3.Connection, coverages: frozenset[str], begin: int, limit: int) -> list[Row]:
    where, names = among("r.coverage_id", coverages)
    return reader.execute(
        f"SELECT {COLUMNS} FROM revisions r WHERE r.seq >= ? {where} ORDER BY r.seq LIMIT ?",  # noqa: S608
        (begin, *names, limit),
    ).fetchall()


def among(column: str, names: frozenset[str]) -> tuple[str, tuple[str, ...]]:
    """Return a condition, and its values, that a column is one of some names; none when there are no names."""
    return (f"AND {column} IN ({','.join('?' * len(names))})", tuple(sorted(names))) if names else ("", ())


def wanted_revision(reader: sqlite3.Connection, row: Row, wanted: Wanted, *, ever: bool) -> Revision | None:
    """Return the revision that a row holds if it is wanted; `ever`: or was, in an earlier revision."""
    seq, partition, offset, timestamp, entry_id, revision, value = row
    now = was = Facets.of(orjson.loads(value))
    if not wanted.fits(now):
        known = read_earlier(reader, entry_id, seq) if ever and revision > 1 else None
        if known is None or not wanted.fits(was := now.joined(known)):
            return None
    return Revision(partition, offset, timestamp, entry_id, revision, value, now, was)
