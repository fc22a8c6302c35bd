"""Forgetting what is old, so that the archive does not grow for ever."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Select, bindparam, delete, func, select, update

from streams.archive.sql.store import Store
from streams.archive.sql.tables import ENTRIES, FIGURES, POSITIONS, REVISIONS
from streams.archive.sql.write import Places, lock

PRUNED_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was forgotten."""

    entries: int
    revisions: int
    floor: Mapping[int, int]
    """Where the unbroken history begins now, in each partition."""


def prune(connection: Connection, store: Store, before: int) -> Pruned:
    """Forget some entries whose newest revision is older than a time, with all their revisions.

    An entry that was revised since keeps its whole history. A reader whose cursor stands before something that is
    forgotten is told that it missed something: the floor rises. At most `PRUNED_AT_ONCE` at a time.
    """
    lock(connection)
    old = connection.execute(_old(before).order_by(ENTRIES.c.number).limit(PRUNED_AT_ONCE)).all()
    if not old:
        return Pruned(0, 0, Places.read(connection).floor)
    numbers, names = [row.number for row in old], [row.entry_id for row in old]
    above = connection.execute(
        select(REVISIONS.c.partition, func.max(REVISIONS.c.offset) + 1)
        .where(REVISIONS.c.entry_id.in_(names))
        .group_by(REVISIONS.c.partition)
    ).all()
    connection.execute(
        update(POSITIONS)
        .where(POSITIONS.c.partition == bindparam("of"), POSITIONS.c.floor < bindparam("at"))
        .values(floor=bindparam("at")),
        [{"of": partition, "at": offset} for partition, offset in above],
    )
    store.index(connection, numbers, ())
    connection.execute(delete(FIGURES).where(FIGURES.c.entry_id.in_(names)))
    connection.execute(delete(ENTRIES).where(ENTRIES.c.number.in_(numbers)))
    revisions = connection.execute(delete(REVISIONS).where(REVISIONS.c.entry_id.in_(names))).rowcount
    return Pruned(len(old), revisions, Places.read(connection).floor)


def count_old(connection: Connection, before: int) -> Pruned:
    """Return what `prune`, said again and again, would forget."""
    old = _old(before).subquery()
    entries = connection.execute(select(func.count()).select_from(old)).scalar_one()
    revisions = connection.execute(
        select(func.count()).select_from(REVISIONS).join(old, old.c.entry_id == REVISIONS.c.entry_id)
    ).scalar_one()
    return Pruned(entries, revisions, Places.read(connection).floor)


def _old(before: int) -> Select[tuple[int, str]]:
    return (
        select(ENTRIES.c.number, ENTRIES.c.entry_id)
        .join(REVISIONS, REVISIONS.c.seq == ENTRIES.c.newest)
        .where(REVISIONS.c.timestamp < before)
    )
