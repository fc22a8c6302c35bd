"""What is kept beside a revision so that it is found: written in the revision's own transaction."""

import sqlite3
from datetime import datetime

import orjson

from streams.archive.archive import Revision


def note_start(writer: sqlite3.Connection, revision: Revision) -> None:
    """Keep when the coverage began: the earliest first publication of its entries."""
    entry = orjson.loads(revision.value)
    first = entry.get("first_published_at") or entry.get("published_at") or entry.get("received_at")
    if first is None:
        return
    started = int(datetime.fromisoformat(first).timestamp() * 1000)
    writer.execute(
        "INSERT INTO coverages (coverage_id, started) VALUES (?, ?) "
        "ON CONFLICT (coverage_id) DO UPDATE SET started = excluded.started WHERE excluded.started < started",
        (revision.now.coverage, started),
    )
