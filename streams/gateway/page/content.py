"""What a page holds: read from the archive at a place of the log from which the stream goes on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from schemas import Entry
from schemas.newsroom import Newsroom
from streams.archive import Archive
from streams.gateway.auth.access import Access
from streams.gateway.delivery.filters import Filter
from streams.gateway.delivery.hub import Hub
from streams.gateway.feeds.coverage_feed import CoverageFeed
from streams.gateway.feeds.newest import NEWEST, describe, newest
from streams.gateway.page.choice import Choice
from streams.gateway.page.entry import is_edited, is_gone, moment_of
from streams.gateway.page.words import name_of, quoted

_KEY_MOMENTS: Final = 30
_LOOKED_AT_FOR_CHANGES: Final = 200


@dataclass(frozen=True, slots=True)
class Content:
    """A page's content; without a cursor the gateway has not read the log yet, and nothing else is here either."""

    title: str
    coverage: str | None
    choice: Choice
    coverages: Sequence[tuple[str, str]]
    """Those that the reader may read, each with its title."""
    base: str
    entries: Sequence[Entry] = ()
    """As they are shown: pinned ones first, then the newest."""
    key_moments: Sequence[Entry] = ()
    next: int | None = None
    """The place at which earlier entries begin."""
    cursor: str | None = None
    feed: CoverageFeed | None = None
    """What search engines are told; None of a part of a coverage."""
    titles: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """The page's own address, whatever is filtered."""
        return self.base + (f"/coverages/{quoted(self.coverage)}" if self.coverage else "/")


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads pages' content."""

    hub: Hub
    archive: Callable[[], Archive]
    newsroom: Newsroom

    def begun(self, access: Access, coverage: str | None, choice: Choice, base: str) -> Content:
        """Return what is known without the archive."""
        titles: dict[str, str] = {each.id: each.title or name_of(each.id) for each in self.newsroom.coverages}
        titles |= {name: name_of(name) for name in sorted(self.hub.coverages) if name not in titles}
        shown = [(name, title) for name, title in titles.items() if access.may_read(name)]
        if coverage:
            title = titles.get(coverage) or name_of(coverage)
        else:
            title = shown[0][1] if len(shown) == 1 else "Live updates"
        return Content(title, coverage, choice, shown, base, titles=dict(shown))

    async def read(self, begun: Content) -> Content:
        """Return the whole content; raises `ArchiveLostError`, and a 503 before the log is read."""
        archive, choice = self.archive(), begun.choice
        # Before the archive is read: what comes in meanwhile is there twice rather than not at all.
        cursor = self.hub.cursor(self.hub.position)
        entries, following = await self._entries(archive, choice, begun.coverage)
        key_moments: list[Entry] = []
        feed = None
        if begun.coverage:
            key_moments = await _key_moments(archive, begun.coverage)
            if choice.whole:
                page = begun.address
                feed = await describe(archive, self.newsroom, begun.coverage, entries, page=page, address=page)
        return Content(
            begun.title,
            begun.coverage,
            choice,
            begun.coverages,
            begun.base,
            sorted(entries, key=_place, reverse=True),
            key_moments,
            following,
            cursor,
            feed,
            begun.titles,
        )

    async def _entries(self, archive: Archive, choice: Choice, coverage: str | None) -> tuple[list[Entry], int | None]:
        if choice.figure and coverage:
            newest_revisions = {each.entry_id: each for each in await archive.figures(coverage)}
            told = [(each.now, Entry.model_validate_json(each.value)) for each in newest_revisions.values()]
            return [entry for facets, entry in told if choice.fits_whole(facets, entry)], None
        if choice.changed:
            looked_at, _ = await newest(archive, choice.filter, most=_LOOKED_AT_FOR_CHANGES)
            gone, _ = await newest(archive, choice.filter, gone=True)
            return [*gone, *(entry for entry in looked_at if is_edited(entry) or entry.is_correction)], None
        return await newest(archive, choice.filter, choice.before, most=NEWEST)


async def _key_moments(archive: Archive, coverage: str) -> list[Entry]:
    within = frozenset({coverage})
    found: dict[str, Entry] = {}
    for wanted in (Filter(within, key_event=True), Filter(within, breaking=True)):
        entries, _ = await newest(archive, wanted, most=_KEY_MOMENTS)
        found |= {entry.entry_id: entry for entry in entries if entry.headline}
    return sorted(found.values(), key=moment_of, reverse=True)[:_KEY_MOMENTS]


def _place(entry: Entry) -> tuple[bool, float, str]:
    return bool(entry.pinned) and not is_gone(entry), moment_of(entry).timestamp(), entry.entry_id
