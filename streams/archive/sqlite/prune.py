"""Forgetting what is old, so that the archive does not grow for ever."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was forgotten."""

    entries: int
    revisions: int
    floor: Mapping[int, int]
    """Where the unbroken history begins now, of the partitions that lost something."""


def prune(writer: sqlite3.Connection, before: int, *, most: int = -1, dry_run: bool = False) -> Pruned:
    """Forget the entries whose newest revision is older than a time, with all their revisions, in one transaction.

    An entry that was revised since keeps its whole history. A reader whose cursor stands before something that is
    forgotten is told that it missed something: the floor rises. `most`: so many entries at a time, all below 0;
    `dry_run`: all of it is taken back at the end.
    """
    writer.execute("CREATE TEMP TABLE IF NOT EXISTS old (number INTEGER PRIMARY KEY, entry_id TEXT NOT NULL)")
    with writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM old")
        writer.execute(
            "INSERT INTO old SELECT e.number, e.entry_id FROM entries e JOIN revisions r ON r.seq = e.newest "
            "WHERE r.timestamp < ? ORDER BY e.number LIMIT ?",
            (before, most),
        )
        mine = "entry_id IN (SELECT entry_id FROM old)"
        floor = dict(
            writer.execute(
                f"SELECT partition, max(offset) + 1 FROM revisions WHERE {mine} GROUP BY partition"  # noqa: S608
            )
        )
        writer.executemany(
            "UPDATE positions SET floor = max(floor, ?) WHERE partition = ?",
            [(offset, partition) for partition, offset in floor.items()],
        )
        writer.execute("DELETE FROM found WHERE rowid IN (SELECT number FROM old)")
        writer.execute(f"DELETE FROM figures WHERE {mine}")  # noqa: S608
        entries = writer.execute(f"DELETE FROM entries WHERE {mine}").rowcount  # noqa: S608
        revisions = writer.execute(f"DELETE FROM revisions WHERE {mine}").rowcount  # noqa: S608
        raised = dict(writer.execute("SELECT partition, floor FROM positions"))
        if dry_run:
            writer.rollback()
    return Pruned(entries, revisions, {partition: raised[partition] for partition in floor if partition in raised})
