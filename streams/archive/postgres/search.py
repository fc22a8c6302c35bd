"""Full-text search with PostgreSQL's `tsvector`, made of our own folded words: the same is found as in SQLite.

PostgreSQL's own parser would part texts at other places than `streams.archive.folding`, and highlights would not match.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    MetaData,
    Select,
    Table,
    cast,
    func,
    literal_column,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from streams.archive.folding import folded_words
from streams.archive.search import SearchQuery, Term
from streams.archive.sql.store import Texts
from streams.archive.sql.tables import ENTRIES

_FOUND: Final = Table(
    "found", MetaData(), Column("number", BigInteger, primary_key=True), Column("words", TSVECTOR, nullable=False)
)
_WEIGHTS: Final = "'{0.125, 0, 0.5, 1}'::float4[]"
"""Of D (body), C, B (summary and authors) and A (headline)."""
_LAST_POSITION: Final = 16_383
"""Where a `tsvector` stops to count; words beyond it are found, but in no phrase."""
_BETWEEN_FIELDS: Final = 8
"""No phrase goes from one field into the next."""
_LONGEST_WORD_BYTES: Final = 2_000
_MOST_BYTES: Final = 900_000
"""A `tsvector` has at most a megabyte; of what is longer the beginning is searched."""
_LEXEME_BYTES: Final = 6
_FORGET: Final = text("DELETE FROM found WHERE number = ANY(:numbers)")
_TAKE_UP: Final = text("INSERT INTO found (number, words) VALUES (:number, CAST(:words AS tsvector))")


def index(connection: Connection, outdated: Sequence[int], texts: Sequence[Texts]) -> None:
    """Forget the words of entries, and take up those of others."""
    if outdated:
        connection.execute(_FORGET, {"numbers": list(outdated)})
    if texts:
        connection.execute(_TAKE_UP, [{"number": each.number, "words": vector(each)} for each in texts])


def vector(texts: Texts) -> str:
    """Return the words of an entry's texts as PostgreSQL reads a `tsvector`."""
    return " ".join(_lexemes(texts))


def ranked(query: SearchQuery, where: Sequence[ColumnElement[bool]], limit: int, offset: int) -> Select[Any]:
    """Return a query for entries that match, best first, newer before older."""
    sought = cast(" & ".join(map(_expression, query.terms)), TSQUERY)
    rank = (-func.ts_rank(literal_column(_WEIGHTS), _FOUND.c.words, sought)).label("rank")
    return (
        select(rank, ENTRIES.c.number, ENTRIES.c.newest)
        .select_from(_FOUND.join(ENTRIES, ENTRIES.c.number == _FOUND.c.number))
        .where(_FOUND.c.words.op("@@")(sought), *where)
        .order_by(rank, ENTRIES.c.number.desc())
        .limit(limit)
        .offset(offset)
    )


def _lexemes(texts: Texts) -> Iterator[str]:
    position = size = 0
    for weight, field in (("A", texts.headline), ("B", texts.summary), ("B", texts.authors), ("D", texts.body)):
        for word in folded_words(field):
            length = len(word) if word.isascii() else len(word.encode())
            size += length + _LEXEME_BYTES
            if size > _MOST_BYTES:
                return
            position += 1
            if length <= _LONGEST_WORD_BYTES:
                # Folded words hold letters, digits and marks alone: nothing in them ends the quotes.
                yield f"'{word}':{position}{weight}" if position <= _LAST_POSITION else f"'{word}'"
        position += _BETWEEN_FIELDS


def _expression(term: Term) -> str:
    sought = [f"'{word}'" for word in term.words]
    return "(" + " <-> ".join(sought) + (":*" if term.begins else "") + ")"
