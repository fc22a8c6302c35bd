"""A record of `liveline.entries` made into a revision."""

from typing import Any, Final

import orjson

from streams.archive import Revision
from streams.archive.facets import Facets, milliseconds_of

_MOST_REVISIONS: Final = 2**63 - 1
_NUL: Final = "\0"


class UnreadableRecordError(ValueError):
    """The record is no Entry."""


def read_revision(record: Any) -> Revision:
    """Return the revision that aiokafka's record holds.

    Only what the gateway needs is looked at: the value goes out as it stands, whatever fields a newer worker adds.
    """
    if record.value is None:
        raise UnreadableRecordError("a tombstone has no place among the revisions")
    try:
        entry = orjson.loads(record.value)
        facets = Facets.of(entry)
        entry_id, revision, received = entry["entry_id"], entry["revision"], milliseconds_of(entry)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableRecordError(f"no Entry: {type(error).__name__}: {error}") from error
    if not (isinstance(entry_id, str) and isinstance(revision, int) and 0 < revision <= _MOST_REVISIONS):
        raise UnreadableRecordError("no Entry: entry_id is no string or revision no number from 1 on")
    if any(_NUL in name for name in (entry_id, facets.coverage, facets.source)):
        raise UnreadableRecordError("no Entry: an id holds a zero character, which databases refuse")
    return Revision(record.partition, record.offset, received, entry_id, revision, record.value, facets)
