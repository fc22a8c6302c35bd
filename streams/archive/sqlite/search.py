"""Full-text search with SQLite's FTS5, which holds the newest revision of each entry that stands."""

import sqlite3
from typing import Final

from streams.archive.archive import Wanted
from streams.archive.search import Hit, SearchPage, SearchPlace, SearchQuery, Term
from streams.archive.sqlite.read import COLUMNS, among, wanted_revision

_ROUNDS: Final = 5
_RANK: Final = "bm25(found, 8.0, 4.0, 1.0, 4.0)"
"""A word in the headline says more than one in the body."""


def read_search(
    reader: sqlite3.Connection, query: SearchQuery, wanted: Wanted, place: SearchPlace, limit: int
) -> SearchPage:
    """Return a page of what was found, best first, newer before older; it is short, not slow, where few are wanted."""
    where, names = among("e.coverage_id", wanted.coverages)
    newest = place.newest
    if newest is None:
        newest = reader.execute("SELECT coalesce(max(number), 0) FROM entries").fetchone()[0]
    expression = " AND ".join(map(_expression, query.terms))
    hits: list[Hit] = []
    offset = place.offset
    for _ in range(_ROUNDS):
        rows = reader.execute(
            # Sorted before the revisions are looked up, whose values would be carried through the sorting.
            f"SELECT b.rank, {COLUMNS} FROM (SELECT {_RANK} AS rank, e.number AS number, e.newest AS newest "  # noqa: S608
            f"FROM found JOIN entries e ON e.number = found.rowid WHERE found MATCH ? AND e.number <= ? {where} "
            "ORDER BY rank, number DESC LIMIT ? OFFSET ?) b JOIN revisions r ON r.seq = b.newest "
            "ORDER BY b.rank, b.number DESC",
            (expression, newest, *names, limit, offset),
        ).fetchall()
        for rank, *row in rows:
            offset += 1
            if revision := wanted_revision(tuple(row), wanted):
                hits.append(Hit(revision, round(-rank, 6)))
                if len(hits) == limit:
                    return SearchPage(hits, SearchPlace(offset, newest))
        if len(rows) < limit:
            return SearchPage(hits, None)
    return SearchPage(hits, SearchPlace(offset, newest))


def _expression(term: Term) -> str:
    # Folded words hold letters, digits and marks alone: nothing in them ends the quotes.
    return f'"{" ".join(term.words)}"' + ("*" if term.begins else "")
