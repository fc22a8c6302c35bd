"""What is kept beside a revision so that it is found: written in the revision's own transaction."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from streams.archive.archive import Revision
from streams.archive.folding import indexed


def index_revision(writer: sqlite3.Connection, revision: Revision) -> None:
    """Keep when the coverage began, whether the entry ever had figures, and the words of what stands now."""
    entry = orjson.loads(revision.value)
    _note_start(writer, revision.now.coverage, entry)
    if entry.get("figures"):
        writer.execute("INSERT OR IGNORE INTO figures VALUES (?, ?)", (revision.now.coverage, revision.entry_id))
    number = writer.execute("SELECT number FROM entries WHERE entry_id = ?", (revision.entry_id,)).fetchone()[0]
    if revision.revision > 1:
        writer.execute("DELETE FROM found WHERE rowid = ?", (number,))
    if revision.now.gone:
        return
    authors = "\n".join(map(str, entry.get("authors") or ()))
    texts = (entry.get("headline"), entry.get("summary"), entry.get("body_text"), authors)
    writer.execute(
        "INSERT OR REPLACE INTO found (rowid, headline, summary, body, authors) VALUES (?, ?, ?, ?, ?)",
        (number, *(indexed(text or "") for text in texts)),
    )


def _note_start(writer: sqlite3.Connection, coverage: str, entry: Mapping[str, Any]) -> None:
    first: Any = entry.get("first_published_at") or entry.get("published_at") or entry.get("received_at")
    try:
        started = int(datetime.fromisoformat(first).timestamp() * 1000)
    except (TypeError, ValueError, OverflowError):
        return  # another program's record: one that has no time must not hold up the log
    writer.execute(
        "INSERT INTO coverages (coverage_id, started) VALUES (?, ?) "
        "ON CONFLICT (coverage_id) DO UPDATE SET started = excluded.started WHERE excluded.started < started",
        (coverage, started),
    )
