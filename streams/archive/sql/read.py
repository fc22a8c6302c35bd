"""What subscribers catch up with: what follows a position, the current state, the position of a time."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import orjson
from sqlalchemy import Connection, bindparam, func, select

from streams.archive.archive import Page, Revision, Snapshot, Wanted
from streams.archive.due import Due, Past, and_then, due
from streams.archive.facets import Facets
from streams.archive.sql.rows import COLUMNS, among, revision_of, some, wanted_revision
from streams.archive.sql.store import Store
from streams.archive.sql.tables import ENTRIES, POSITIONS, REVISIONS
from streams.archive.sql.write import Places

_R: Final = REVISIONS.c
_E: Final = ENTRIES.c
_AT: Final = (
    select(_R.seq)
    .where(_R.partition == bindparam("partition"), _R.offset >= bindparam("offset"))
    .order_by(_R.offset)
    .limit(1)
)
_SOME_AT_A_TIME: Final = {"stream_results": True, "max_row_buffer": 32}
"""A server's rows come in several answers: of large ones only a few are wanted."""


def read_after(
    connection: Connection,
    store: Store,
    position: Mapping[int, int],
    wanted: Wanted,
    start: int | None,
    limit: int,
) -> Page:
    """Return a page of what follows a position, in the order in which it was read from the log."""
    # The rows and the places are of one moment: the transaction sees nothing that is committed after it began.
    places = Places.read(connection)
    whole = all(position.get(partition, 0) >= floor for partition, floor in places.floor.items())
    begin = _first(connection, position) if start is None else start
    rows, more = ([], False) if begin is None else _page(connection, store, wanted.coverages, begin, limit)
    revisions = []
    place = dict(position)
    for row in rows:
        partition, offset = row[1], row[2]
        if offset < place.get(partition, 0):
            continue  # another gateway read the partitions in another order: the subscriber has this one
        place[partition] = offset + 1
        if revision := _due_revision(connection, row, wanted):
            revisions.append(revision)
    if more:
        return Page(revisions, place, rows[-1].seq + 1, whole)
    ends = {partition: max(end, place.get(partition, 0)) for partition, end in places.following.items()}
    return Page(revisions, {**place, **ends}, None, whole)


def read_latest(
    connection: Connection,
    store: Store,
    until: Mapping[int, int],
    wanted: Wanted,
    start: int | None,
    limit: int,
) -> Snapshot:
    """Return a page of newest revisions; what was revised since `until` is left to the log that follows."""
    query = (
        select(_E.number, *COLUMNS)
        .join(REVISIONS, _R.seq == _E.newest)
        .where(_E.number >= (start or 0), *among(store, _E.coverage_id, wanted.coverages))
        .order_by(_E.number)
        .limit(limit)
        .execution_options(**_SOME_AT_A_TIME)
    )
    with connection.execute(query) as found:
        rows, more = some(found, limit)
    revisions = [
        revision
        for row in rows
        if row.offset < until.get(row.partition, 0) and (revision := wanted_revision(row, wanted))
    ]
    return Snapshot(revisions, rows[-1].number + 1 if more else None)


def read_since(connection: Connection, timestamp: int) -> tuple[dict[int, int], bool]:
    """Return each partition's first offset at or after a time, and whether nothing is missing before it."""
    position = {}
    whole = True
    for partition, floor, following in connection.execute(select(POSITIONS)).all():
        mine = _R.partition == partition
        found = connection.execute(select(func.min(_R.offset)).where(mine, _R.timestamp >= timestamp)).scalar()
        position[partition] = following if found is None else max(found, floor)
        earlier = connection.execute(
            select(_R.seq).where(mine, _R.timestamp < timestamp, _R.offset >= floor).limit(1)
        ).first()
        whole = whole and (floor == 0 or earlier is not None)
    return position, whole


def _first(connection: Connection, position: Mapping[int, int]) -> int | None:
    found = [
        connection.execute(_AT, {"partition": partition, "offset": offset}).scalar()
        for partition, offset in position.items()
    ]
    return min((seq for seq in found if seq is not None), default=None)


def _page(
    connection: Connection, store: Store, coverages: frozenset[str], begin: int, limit: int
) -> tuple[list[Any], bool]:
    query = (
        select(_R.seq, *COLUMNS)
        .where(_R.seq >= begin, *among(store, _R.coverage_id, coverages))
        .order_by(_R.seq)
        .limit(limit)
        .execution_options(**_SOME_AT_A_TIME)
    )
    with connection.execute(query) as found:
        return some(found, limit)


def _due_revision(connection: Connection, row: Any, wanted: Wanted) -> Revision | None:
    """Return the revision that a row holds if it is due; what the entry was is only read where that decides."""
    revision = revision_of(row)
    if not wanted.fits_origin(revision.now):
        return None
    if revision.revision > 1 and (revision.now.gone or not wanted.fits(revision.now)):
        revision = replace(revision, past=_past(connection, revision.entry_id, row.seq))
    return revision if due(wanted, revision) is not Due.NOT else None


def _past(connection: Connection, entry_id: str, before: int) -> Past | None:
    """Return what an entry was in its revisions before one."""
    past: Past | None = None
    query = select(_R.value).where(_R.entry_id == entry_id, _R.seq < before).order_by(_R.seq)
    for value in connection.execute(query).scalars():
        past = and_then(past, Facets.of(orjson.loads(value)))
    return past
