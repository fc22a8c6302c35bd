"""What people and programs browse: coverages, entries newest first, and an entry's revisions."""

import sqlite3
from collections.abc import Sequence
from typing import Final

from streams.archive.archive import Heard, Held, Revision, Snapshot, Wanted
from streams.archive.sqlite.read import COLUMNS, among, revision_of, wanted_revision

_NEWEST: Final = 2**63 - 1
_ROUNDS: Final = 5


def read_coverages(reader: sqlite3.Connection, some: frozenset[str] = frozenset()) -> Sequence[Held]:
    """Return each coverage, or some, with its number of entries and the time of its newest revision."""
    where, names = among("e.coverage_id", some)
    rows = reader.execute(
        "SELECT e.coverage_id, count(*), max(r.timestamp), min(c.started) "  # noqa: S608
        "FROM entries e JOIN revisions r ON r.seq = e.newest LEFT JOIN coverages c ON c.coverage_id = e.coverage_id "
        f"WHERE true {where} GROUP BY e.coverage_id",
        names,
    )
    return [Held(*row) for row in rows]


def read_sources(reader: sqlite3.Connection) -> Sequence[Heard]:
    """Return each source with its number of entries and the time of its newest revision."""
    # SQLite gives the other columns of a group from the row that has the maximum.
    rows = reader.execute(
        "SELECT json_extract(CAST(r.value AS TEXT), '$.source_id') AS source, e.coverage_id, count(*), "
        "max(r.timestamp) FROM entries e JOIN revisions r ON r.seq = e.newest GROUP BY source"
    )
    return [Heard(*row) for row in rows]


def read_entries(reader: sqlite3.Connection, wanted: Wanted, before: int | None, limit: int, *, gone: bool) -> Snapshot:
    """Return wanted entries, newest first; a page is short, not slow, where few are wanted."""
    where, names = among("e.coverage_id", wanted.coverages)
    found = []
    place = _NEWEST if before is None else before
    for _ in range(_ROUNDS):
        rows = reader.execute(
            f"SELECT e.number, {COLUMNS} FROM entries e JOIN revisions r ON r.seq = e.newest "  # noqa: S608
            f"WHERE e.number < ? {where} ORDER BY e.number DESC LIMIT ?",
            (place, *names, limit),
        ).fetchall()
        for number, *row in rows:
            place = number
            if revision := wanted_revision(tuple(row), wanted, gone=gone):
                found.append(revision)
                if len(found) == limit:
                    return Snapshot(found, place)
        if len(rows) < limit:
            return Snapshot(found, None)
    return Snapshot(found, place)


def read_figures(reader: sqlite3.Connection, coverage_id: str) -> Sequence[Revision]:
    """Return all revisions of entries that ever had figures, in the order in which they were read from the log."""
    rows = reader.execute(
        f"SELECT {COLUMNS} FROM figures f JOIN revisions r ON r.entry_id = f.entry_id "  # noqa: S608
        "WHERE f.coverage_id = ? ORDER BY r.seq",
        (coverage_id,),
    )
    return [revision_of(row) for row in rows]


def read_revisions(reader: sqlite3.Connection, entry_id: str, before: int | None, limit: int) -> Snapshot:
    """Return an entry's revisions, newest first."""
    rows = reader.execute(
        f"SELECT {COLUMNS} FROM revisions r WHERE r.entry_id = ? AND r.seq < ? ORDER BY r.seq DESC LIMIT ?",  # noqa: S608
        (entry_id, _NEWEST if before is None else before, limit + 1),
    ).fetchall()
    found = [revision_of(row) for row in rows[:limit]]
    return Snapshot(found, rows[limit - 1][0] if len(rows) > limit else None)
