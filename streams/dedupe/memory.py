"""What one partition remembers of its coverages, and a draft of what a batch would change in it."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from schemas import Coverage, Document, Post, Source
from streams.dedupe.decision import Decision


class Draft:
    """Decisions over a memory that is not touched until the draft is applied."""

    def decide(
        self, document: Document, source: Source, coverage: Coverage, posts: Sequence[Post], *, snapshot: bool
    ) -> list[Decision]:
        """Return the revisions that a document's posts (oldest first) lead to."""
        raise NotImplementedError

    def release(self, now: datetime) -> list[Decision]:
        """Return what an embargo held until now."""
        raise NotImplementedError

    def records(self) -> Iterator[tuple[bytes, bytes | None]]:
        """Return what is to be written to `liveline.memory`: key and value, None to forget."""
        raise NotImplementedError


class Memory:
    """All that is known of a partition's coverages."""

    def load(self, key: bytes, value: bytes | None) -> None:
        """Take up a record of `liveline.memory`."""
        raise NotImplementedError

    def draft(self) -> Draft:
        """Return an empty draft over this memory."""
        raise NotImplementedError

    def apply(self, draft: Draft) -> None:
        """Make a committed draft known."""
        raise NotImplementedError
