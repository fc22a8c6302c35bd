"""Which revisions are due to a reader: what fits its filter, and what becomes of an entry that once did.

Each revision is judged by itself. Facets of different revisions are never joined: a key event that later became
urgent was never an urgent key event.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from streams.archive.archive import Revision, Wanted
from streams.archive.facets import Facets


class Due(Enum):
    """How a reader gets a revision."""

    NOT = auto()
    ENTRY = auto()
    """It fits by itself."""
    LEFT = auto()
    """It does not fit, but the reader has the entry from a revision that did."""


@dataclass(frozen=True, slots=True)
class Past:
    """What an entry was in earlier revisions: a list that grows at its head, so that revisions share its tail.

    Only what a reader may have been given stands in it (no retractions), and each form of the entry once in a row.
    """

    facets: Facets
    before: "Past | None" = None

    def __iter__(self) -> Iterator[Facets]:
        """Yield the facets of each form, newest first."""
        at: Past | None = self
        while at is not None:
            yield at.facets
            at = at.before


def and_then(past: Past | None, facets: Facets) -> Past | None:
    """Return the past of the revision after one with these facets."""
    if facets.gone or (past is not None and past.facets == facets):
        return past
    return Past(facets, past)


def due(wanted: Wanted, revision: Revision) -> Due:
    """Say how a reader with this filter gets a revision.

    A retraction fits nobody by itself: without content it would reach readers who never had the entry.
    """
    fits = wanted.fits(revision.now)
    if fits and not revision.now.gone:
        return Due.ENTRY
    if any(wanted.fits(earlier) for earlier in revision.past or ()):
        return Due.ENTRY if fits else Due.LEFT
    # An entry whose earlier revisions this log no longer has: a reader may have had any of them.
    if revision.now.gone and revision.past is None and revision.revision > 1 and wanted.fits_origin(revision.now):
        return Due.ENTRY if fits else Due.LEFT
    return Due.NOT
