"""Rows made into revisions, and pages of them within bounds."""

from collections.abc import Iterable
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement

from streams.archive.archive import Revision, Wanted
from streams.archive.facets import Facets
from streams.archive.sql.store import Store
from streams.archive.sql.tables import REVISIONS

PAGE_BYTES: Final = 128 * 1024
"""A page ends after so many bytes, too: its revisions wait in memory until their reader has room."""
_R: Final = REVISIONS.c
COLUMNS: Final = (_R.partition, _R.offset, _R.timestamp, _R.entry_id, _R.revision, _R.value)
"""What a revision is made of; they stand last in a row."""


def some(rows: Iterable[Any], limit: int) -> tuple[list[Any], bool]:
    """Return rows within a page's bounds, and whether there may be more; their last column is the value."""
    taken = []
    size = 0
    for row in rows:
        taken.append(row)
        size += len(row[-1])
        if size >= PAGE_BYTES:
            return taken, True
    return taken, len(taken) == limit


def among(store: Store, column: ColumnElement[str], names: frozenset[str]) -> list[ColumnElement[bool]]:
    """Return the conditions that a column is one of some names; none when there are no names."""
    if not names:
        return []
    if len(names) == 1:
        return [column == next(iter(names))]
    # Several coverages together are read in the order of the rows: by their index each page would sort them all.
    return [store.in_order(column).in_(sorted(names))]


def revision_of(row: Any) -> Revision:
    """Return the revision that a row's last columns hold."""
    partition, offset, timestamp, entry_id, revision, value = row[-6:]
    return Revision(partition, offset, timestamp, entry_id, revision, value, Facets.of(orjson.loads(value)))


def wanted_revision(row: Any, wanted: Wanted, *, gone: bool = False) -> Revision | None:
    """Return the revision that a row holds if it fits by itself; `gone`: of an entry that is retracted."""
    revision = revision_of(row)
    return revision if revision.now.gone is gone and wanted.fits(revision.now) else None
