"""Full-text search with SQLite's FTS5, which holds the newest revision of each entry that stands."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, column, func, literal_column, select, table, text

from streams.archive.folding import indexed
from streams.archive.search import SearchQuery, Term
from streams.archive.sql.store import Texts
from streams.archive.sql.tables import ENTRIES

_FOUND: Final = table("found", column("rowid"))
_WHOLE: Final[ColumnElement[Any]] = literal_column("found")
_WEIGHTS: Final = (8.0, 4.0, 1.0, 4.0)
"""Of headline, summary, body and authors: a word in the headline says more than one in the body."""
_FORGET: Final = text("DELETE FROM found WHERE rowid = :number")
_TAKE_UP: Final = text(
    "INSERT OR REPLACE INTO found (rowid, headline, summary, body, authors) "
    "VALUES (:number, :headline, :summary, :body, :authors)"
)


def index(connection: Connection, outdated: Sequence[int], texts: Sequence[Texts]) -> None:
    """Forget the words of entries, and take up those of others."""
    if outdated:
        connection.execute(_FORGET, [{"number": number} for number in outdated])
    if texts:
        rows = [
            {
                "number": each.number, "headline": indexed(each.headline), "summary": indexed(each.summary),
                "body": indexed(each.body), "authors": indexed(each.authors),
            }
            for each in texts
        ]  # fmt: skip
        connection.execute(_TAKE_UP, rows)


def ranked(query: SearchQuery, where: Sequence[ColumnElement[bool]], limit: int, offset: int) -> Select[Any]:
    """Return a query for entries that match, best first, newer before older."""
    rank = func.bm25(_WHOLE, *_WEIGHTS).label("rank")
    return (
        select(rank, ENTRIES.c.number, ENTRIES.c.newest)
        .select_from(_FOUND.join(ENTRIES, ENTRIES.c.number == _FOUND.c.rowid))
        .where(_WHOLE.op("MATCH")(" AND ".join(map(_expression, query.terms))), *where)
        .order_by(rank, ENTRIES.c.number.desc())
        .limit(limit)
        .offset(offset)
    )


def _expression(term: Term) -> str:
    # Folded words hold letters, digits and marks alone: nothing in them ends the quotes.
    return f'"{" ".join(term.words)}"' + ("*" if term.begins else "")
