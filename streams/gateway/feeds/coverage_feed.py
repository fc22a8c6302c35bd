"""A coverage as its feeds show it, whatever their format: what each says is settled here."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from schemas import Entry

_WEB: Final = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_LONGEST_TITLE_CHARS: Final = 100
NO_TIME: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Of a feed that holds nothing yet, for formats that need a time."""


@dataclass(frozen=True, slots=True)
class Item:
    """An entry as feeds show it."""

    entry: Entry
    page: str
    """The live page of its coverage."""

    @property
    def id(self) -> str:
        """The same in every revision and every format."""
        return f"urn:uuid:{self.entry.entry_id}"

    @property
    def link(self) -> str:
        """The source's own address of it, else its place on the live page."""
        return web_address(self.entry.url) or f"{self.page}#e-{self.entry.entry_id}"

    @property
    def published(self) -> datetime:
        """Never changes over revisions."""
        return self.entry.first_published_at or self.entry.published_at or self.entry.received_at

    @property
    def updated(self) -> datetime:
        """Moves with each revision, also where the source gives an edit no time or the old one."""
        said = self.entry.updated_at or self.entry.published_at or self.published
        return max(said, self.published, *([self.entry.received_at] if self.entry.revision > 1 else []))

    @property
    def text(self) -> str:
        """Plain text; of an entry that is a picture, what the picture shows."""
        shown = [each.caption or each.alt or "" for each in self.entry.media] + [
            each.text or "" for each in self.entry.embeds
        ]
        return self.entry.body_text or self.entry.summary or "\n\n".join(filter(None, shown))

    @property
    def title(self) -> str:
        """The headline, else how the text begins: for formats that need a title."""
        if self.entry.headline:
            return self.entry.headline
        words = " ".join(self.text.split())
        if len(words) <= _LONGEST_TITLE_CHARS:
            return words or self.entry.source_id
        return words[:_LONGEST_TITLE_CHARS].rsplit(" ", 1)[0] + "…"


@dataclass(frozen=True, slots=True)
class CoverageFeed:
    """A coverage with its newest entries."""

    coverage_id: str
    title: str
    publisher: str
    page: str
    """The address of its live page."""
    address: str
    """The address of this feed."""
    entries: Sequence[Entry] = ()
    started: datetime | None = None
    """When its first entry was published."""
    changed: datetime | None = None
    """When anything in it changed last, a retraction too."""
    closed: bool = False
    items: Sequence[Item] = field(init=False)
    """Those published last come first; of equals, those that came in last."""

    def __post_init__(self) -> None:
        """Make the items, in the order in which readers show them."""
        items = [Item(entry, self.page) for entry in self.entries]
        object.__setattr__(self, "items", tuple(sorted(items, key=lambda item: item.published, reverse=True)))

    @property
    def updated(self) -> datetime | None:
        """The newest time of all."""
        return max((*(item.updated for item in self.items), *filter(None, [self.changed])), default=None)

    @property
    def ended(self) -> datetime | None:
        """When a coverage that is over ended: its newest update."""
        if not self.closed:
            return None
        return max((item.updated for item in self.items), default=self.changed)

    @property
    def language(self) -> str | None:
        """The language, where all entries that tell theirs agree."""
        told = {entry.language for entry in self.entries if entry.language}
        return told.pop() if len(told) == 1 else None


def web_address(url: str | None) -> str | None:
    """Return an address that a reader may follow; anything but http is left out."""
    return url if url and _WEB.fullmatch(url) else None


def time_text(moment: datetime) -> str:
    """Return a time by RFC 3339, in UTC."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
