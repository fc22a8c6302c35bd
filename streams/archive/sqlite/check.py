"""Whether an archive's file is sound, and what it holds."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from streams.archive.sqlite.file import VERSION, open_existing

_MOST_PROBLEMS: Final = 20
_RULES: Final = {
    "entries without their newest revision": "SELECT count(*) FROM entries e LEFT JOIN revisions r ON r.seq = e.newest "
    "WHERE r.seq IS NULL OR r.entry_id != e.entry_id",
    "revisions without their entry": "SELECT count(*) FROM revisions r LEFT JOIN entries e ON e.entry_id = r.entry_id "
    "WHERE e.number IS NULL",
    "revisions that their partition's position does not cover": "SELECT count(*) FROM revisions r "
    "LEFT JOIN positions p ON p.partition = r.partition WHERE p.next IS NULL OR r.offset >= p.next",
    "searchable texts without their entry": "SELECT count(*) FROM found f LEFT JOIN entries e ON e.number = f.rowid "
    "WHERE e.number IS NULL",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """What an archive holds, and what is wrong with it."""

    problems: tuple[str, ...]
    holds: Mapping[str, Any]


def check(path: Path) -> Checked:
    """Look through a whole file; one that is no database is a problem like any other."""
    try:
        with closing(open_existing(path)) as connection:
            found = connection.execute("SELECT version FROM log").fetchone()
            if found is None or found[0] != VERSION:
                version = found[0] if found else "none"
                return Checked((f"its version is {version}, expected {VERSION}: a gateway builds it anew",), {})
            return Checked(tuple(_problems(connection)), _holds(connection))
    except sqlite3.DatabaseError as error:
        return Checked((f"it is no archive that can be read: {error}",), {})


def _problems(connection: sqlite3.Connection) -> Iterator[str]:
    for (said,) in connection.execute(f"PRAGMA integrity_check({_MOST_PROBLEMS})"):
        if said != "ok":
            yield said
    for what, query in _RULES.items():
        if count := connection.execute(query).fetchone()[0]:
            yield f"{count} {what}"
    try:
        connection.execute("INSERT INTO found (found) VALUES ('integrity-check')")
    except sqlite3.DatabaseError as error:
        yield f"the full-text index: {error}"
    finally:
        connection.rollback()


def _holds(connection: sqlite3.Connection) -> dict[str, Any]:
    entries, coverages = connection.execute("SELECT count(*), count(DISTINCT coverage_id) FROM entries").fetchone()
    revisions, oldest, newest = connection.execute(
        "SELECT count(*), min(timestamp), max(timestamp) FROM revisions"
    ).fetchone()
    positions = connection.execute("SELECT partition, floor, next FROM positions ORDER BY partition")
    return {
        "coverages": coverages,
        "entries": entries,
        "revisions": revisions,
        **({"oldest": _time(oldest), "newest": _time(newest)} if revisions else {}),
        "partitions": {
            str(partition): {"floor": floor, "next": following} for partition, floor, following in positions
        },
    }


def _time(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
