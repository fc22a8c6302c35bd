"""A coverage's newest entries, read from the archive: what its feeds and its page show."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from schemas import Entry
from schemas.newsroom import Newsroom
from streams.archive import Archive, Wanted
from streams.gateway.feeds.coverage_feed import CoverageFeed

NEWEST: Final = 50
"""Entries of a feed, and of a page before more are asked for."""


async def newest(
    archive: Archive, wanted: Wanted, before: int | None = None, *, most: int = NEWEST, gone: bool = False
) -> tuple[list[Entry], int | None]:
    """Return the newest entries from before a place on, and the place of what follows; None after the last.

    Where many are retracted, several pages are read for them.
    """
    found: list[Entry] = []
    while len(found) < most:
        page = await archive.entries(wanted, before, most - len(found), gone=gone)
        found += [Entry.model_validate_json(revision.value) for revision in page.revisions]
        before = page.next
        if before is None:
            break
    return found, before


async def describe(
    archive: Archive, newsroom: Newsroom, coverage: str, entries: Sequence[Entry], *, page: str, address: str
) -> CoverageFeed:
    """Return a coverage with some of its entries; `page` and `address` are those of its live page and of the feed."""
    held = await archive.coverage(coverage)
    known = newsroom.coverage(coverage)
    return CoverageFeed(
        coverage_id=coverage,
        title=(known.title if known else None) or coverage,
        publisher=urlsplit(page).hostname or "Liveline",
        page=page,
        address=address,
        entries=entries,
        started=_moment(held.started_at) if held and held.started_at is not None else None,
        changed=_moment(held.changed_at) if held else None,
        closed=bool(known and known.closed),
    )


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
