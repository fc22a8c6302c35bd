"""What people and programs browse: coverages, sources, entries newest first, an entry's revisions, search."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, func, select

from streams.archive.archive import Heard, Held, Revision, Snapshot, Wanted
from streams.archive.search import Hit, SearchPage, SearchPlace, SearchQuery
from streams.archive.sql.rows import COLUMNS, among, revision_of, wanted_revision
from streams.archive.sql.store import Store
from streams.archive.sql.tables import COVERAGES, ENTRIES, FIGURES, REVISIONS

_NEWEST: Final = 2**63 - 1
_ROUNDS: Final = 5
_R: Final = REVISIONS.c
_E: Final = ENTRIES.c


def read_coverages(connection: Connection, some: frozenset[str] = frozenset()) -> Sequence[Held]:
    """Return each coverage, or some, with its number of entries and the time of its newest revision."""
    query = (
        select(_E.coverage_id, func.count(), func.max(_R.timestamp), func.min(COVERAGES.c.started))
        .join(REVISIONS, _R.seq == _E.newest)
        .outerjoin(COVERAGES, COVERAGES.c.coverage_id == _E.coverage_id)
        .where(*([_E.coverage_id.in_(sorted(some))] if some else []))
        .group_by(_E.coverage_id)
    )
    return [Held(*row) for row in connection.execute(query)]


def read_sources(connection: Connection) -> Sequence[Heard]:
    """Return each source with its number of entries and the time of its newest revision."""
    ranked = (
        select(
            _E.source_id,
            _E.coverage_id,
            func.count().over(partition_by=_E.source_id).label("entries"),
            _R.timestamp,
            func.row_number()
            .over(partition_by=_E.source_id, order_by=(_R.timestamp.desc(), _R.seq.desc()))
            .label("place"),
        )
        .join(REVISIONS, _R.seq == _E.newest)
        .subquery()
    )
    columns = (ranked.c.source_id, ranked.c.coverage_id, ranked.c.entries, ranked.c.timestamp)
    query = select(*columns).where(ranked.c.place == 1).order_by(ranked.c.source_id)
    return [Heard(*row) for row in connection.execute(query)]


def read_entries(
    connection: Connection, store: Store, wanted: Wanted, before: int | None, limit: int, *, gone: bool
) -> Snapshot:
    """Return wanted entries, newest first; a page is short, not slow, where few are wanted."""
    found = []
    place = _NEWEST if before is None else before
    where = among(store, _E.coverage_id, wanted.coverages)
    for _ in range(_ROUNDS):
        query = (
            select(_E.number, *COLUMNS)
            .join(REVISIONS, _R.seq == _E.newest)
            .where(_E.number < place, *where)
            .order_by(_E.number.desc())
            .limit(limit)
        )
        rows = connection.execute(query).all()
        for row in rows:
            place = row.number
            if revision := wanted_revision(row, wanted, gone=gone):
                found.append(revision)
                if len(found) == limit:
                    return Snapshot(found, place)
        if len(rows) < limit:
            return Snapshot(found, None)
    return Snapshot(found, place)


def read_figures(connection: Connection, coverage_id: str) -> Sequence[Revision]:
    """Return all revisions of entries that ever had figures, in the order in which they were read from the log."""
    query = (
        select(*COLUMNS)
        .join(FIGURES, FIGURES.c.entry_id == _R.entry_id)
        .where(FIGURES.c.coverage_id == coverage_id)
        .order_by(_R.seq)
    )
    return [revision_of(row) for row in connection.execute(query)]


def read_revisions(connection: Connection, entry_id: str, before: int | None, limit: int) -> Snapshot:
    """Return an entry's revisions, newest first."""
    query = (
        select(_R.seq, *COLUMNS)
        .where(_R.entry_id == entry_id, _R.seq < (_NEWEST if before is None else before))
        .order_by(_R.seq.desc())
        .limit(limit + 1)
    )
    rows = connection.execute(query).all()
    found = [revision_of(row) for row in rows[:limit]]
    return Snapshot(found, rows[limit - 1].seq if len(rows) > limit else None)


def read_search(
    connection: Connection, store: Store, query: SearchQuery, wanted: Wanted, place: SearchPlace, limit: int
) -> SearchPage:
    """Return a page of what was found, best first, newer before older; it is short, not slow, where few are wanted."""
    newest = place.newest
    if newest is None:
        newest = connection.execute(select(func.coalesce(func.max(_E.number), 0))).scalar_one()
    where = [_E.number <= newest, *among(store, _E.coverage_id, wanted.coverages)]
    hits: list[Hit] = []
    offset = place.offset
    for _ in range(_ROUNDS):
        # Sorted before the revisions are looked up, whose values would be carried through the sorting.
        best = store.ranked(query, where, limit, offset).subquery()
        rows = connection.execute(
            select(best.c.rank, *COLUMNS)
            .join(REVISIONS, _R.seq == best.c.newest)
            .order_by(best.c.rank, best.c.number.desc())
        ).all()
        for row in rows:
            offset += 1
            if revision := wanted_revision(row, wanted):
                hits.append(Hit(revision, round(-row.rank, 6)))
                if len(hits) == limit:
                    return SearchPage(hits, SearchPlace(offset, newest))
        if len(rows) < limit:
            return SearchPage(hits, None)
    return SearchPage(hits, SearchPlace(offset, newest))
