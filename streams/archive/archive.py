"""What the gateway needs of an archive; `open_archive` makes one in SQLite or PostgreSQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from streams.archive.facets import Facets
from streams.exceptions import LivelineError

if TYPE_CHECKING:
    from streams.archive.due import Past
    from streams.archive.search import SearchPage, SearchPlace, SearchQuery


class ArchiveError(LivelineError):
    """The archive's database can't be used now; the message names it without a password."""


class ArchiveLostError(ArchiveError):
    """The archive can't be used any more and is about to be built anew; ask again later."""


class ArchiveInUseError(ArchiveError):
    """Another process has the archive."""


class Wanted(Protocol):
    """A filter."""

    @property
    def coverages(self) -> frozenset[str]:
        """Only these coverages; all when empty."""
        ...

    def fits(self, facets: Facets) -> bool:
        """Whether an entry with these facets is wanted."""
        ...

    def fits_origin(self, facets: Facets) -> bool:
        """Whether anything of this coverage and source can be wanted."""
        ...


@dataclass(frozen=True, slots=True)
class Revision:
    """A record of `liveline.entries`, as it stands there."""

    partition: int
    offset: int
    timestamp: int
    """The revision's own time, `received_at`, in milliseconds."""
    entry_id: str
    revision: int
    value: bytes
    now: Facets
    """What this revision is."""
    past: "Past | None" = None
    """What the entry was before it; None for a first revision, and where it does not matter."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some revisions of the log, in order, and how far they go."""

    revisions: Sequence[Revision]
    position: Mapping[int, int]
    """The place after the page, also where nothing in it was wanted."""
    next: int | None
    """Where the next page starts; None after the last."""
    whole: bool = True
    """False if something after the position that was asked for is no longer held."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A page of revisions that stand in another order than the log's."""

    revisions: Sequence[Revision]
    next: int | None
    """Where the next page starts; None after the last."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the archive holds of a coverage."""

    coverage_id: str
    entries: int
    changed_at: int
    """The time of its newest revision, in milliseconds."""
    started_at: int | None = None
    """The earliest first publication of all that was ever held of it, in milliseconds."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the archive holds of a source."""

    source_id: str
    coverage_id: str
    """Where its newest revision stands."""
    entries: int
    received_at: int
    """When the document of its newest revision came, in milliseconds."""


class Archive(Protocol):
    """Written in the log's order, read by anyone; a batch and its offsets are one transaction.

    Several gateways may have one archive where the database allows it (PostgreSQL): each reads the log and appends
    what it has read; who comes first writes it, the others are given it with what is there already.
    """

    async def open(self, identity: str, partitions: Sequence[int]) -> None:
        """Take up the archive of this log; one of another log is set aside and a new one begun."""
        ...

    async def close(self) -> None:
        """Finish what is under way."""
        ...

    def lost(self) -> str | None:
        """Return why the archive can't be used any more (`corrupt`, `missing`, `replaced`, `behind`), or None."""
        ...

    async def set_aside(self, reason: str) -> None:
        """Put away what is left of a lost archive, once it is closed: the next one begins empty."""
        ...

    @property
    def position(self) -> Mapping[int, int]:
        """The offset that comes next to this process, of every partition; what stands before it is here."""
        ...

    @property
    def floor(self) -> Mapping[int, int]:
        """Where the unbroken history begins, of every partition."""
        ...

    async def append(self, revisions: Sequence[Revision], position: Mapping[int, int]) -> list[Revision]:
        """Keep revisions and the position after them; returns them with what their entries were before.

        What this process has appended already is passed over, so a batch may be repeated. What another process has
        written is not written again, but returned.
        """
        ...

    async def restart(self, position: Mapping[int, int]) -> None:
        """Go on from here although something before it is missing: the history begins anew in these partitions."""
        ...

    async def after(self, position: Mapping[int, int], wanted: Wanted, start: int | None, limit: int) -> Page:
        """Return what follows a position and is due, reading at most `limit` revisions and about `PAGE_BYTES`."""
        ...

    async def latest(
        self,
        until: Mapping[int, int],
        wanted: Wanted,
        start: int | None,
        limit: int,
    ) -> Snapshot:
        """Return a page of the newest revisions that stand before `until` and fit; retracted entries are left out."""
        ...

    async def since(self, timestamp: int) -> tuple[dict[int, int], bool]:
        """Return the position of a time, and whether the history reaches back to it."""
        ...

    async def coverages(self) -> Sequence[Held]:
        """Return what is held of each coverage."""
        ...

    async def sources(self) -> Sequence[Heard]:
        """Return what is held of each source."""
        ...

    async def coverage(self, coverage_id: str) -> Held | None:
        """Return what is held of one coverage, or None for nothing."""
        ...

    async def entries(self, wanted: Wanted, before: int | None, limit: int, *, gone: bool = False) -> Snapshot:
        """Return the newest revisions of wanted entries, newest entry first, from before a place on.

        Retracted entries are left out; with `gone` they are what is returned.
        """
        ...

    async def search(self, query: "SearchQuery", wanted: Wanted, place: "SearchPlace", limit: int) -> "SearchPage":
        """Return a page of what was found among the newest revisions, best first; retracted ones are left out."""
        ...

    async def figures(self, coverage_id: str) -> Sequence[Revision]:
        """Return all revisions of the coverage's entries that ever had figures, in the order of the log."""
        ...

    async def prune(self, before: int) -> int:
        """Forget the entries whose newest revision is older than a time, in milliseconds; returns how many."""
        ...

    async def revisions(self, entry_id: str, before: int | None, limit: int) -> Snapshot:
        """Return an entry's revisions, newest first, from before a place on; none for an unknown entry."""
        ...
