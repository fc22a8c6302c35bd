"""Whether an archive is sound, and what it holds, as far as SQL can tell."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, text

_RULES: Final = {
    "entries without their newest revision": "SELECT count(*) FROM entries e LEFT JOIN revisions r ON r.seq = e.newest "
    "WHERE r.seq IS NULL OR r.entry_id != e.entry_id",
    "revisions without their entry": "SELECT count(*) FROM revisions r LEFT JOIN entries e ON e.entry_id = r.entry_id "
    "WHERE e.number IS NULL",
    "revisions that their partition's position does not cover": "SELECT count(*) FROM revisions r "
    "LEFT JOIN positions p ON p.partition = r.partition WHERE p.next IS NULL OR r.offset >= p.next",
}


def problems(connection: Connection, found_key: str) -> Iterator[str]:
    """Yield what does not fit together; `found_key`: the column of `found` with an entry's number."""
    rules = _RULES | {
        "searchable texts without their entry": "SELECT count(*) FROM found f "  # noqa: S608  (a name of ours)
        f"LEFT JOIN entries e ON e.number = f.{found_key} WHERE e.number IS NULL"
    }
    for what, query in rules.items():
        if count := connection.execute(text(query)).scalar():
            yield f"{count} {what}"


def holdings(connection: Connection) -> dict[str, Any]:
    """Return how much an archive holds, of what time, and where it stands in each partition."""
    entries, coverages = connection.execute(text("SELECT count(*), count(DISTINCT coverage_id) FROM entries")).one()
    revisions, oldest, newest = connection.execute(
        text("SELECT count(*), min(timestamp), max(timestamp) FROM revisions")
    ).one()
    positions = connection.execute(text("SELECT partition, floor, next FROM positions ORDER BY partition"))
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
