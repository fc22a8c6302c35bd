"""Decisions of a batch over a memory that is not touched until they are committed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from schemas.document import Document
from schemas.entry import CoverageId, EntryId
from schemas.newsroom import Coverage, Source
from schemas.post import Post
from streams.dedupe.coverage_memory import CoverageMemory
from streams.dedupe.decision import Decision
from streams.dedupe.instant import at, span
from streams.dedupe.key import key_of
from streams.dedupe.last_document import LastDocuments
from streams.dedupe.remembered import State, encode
from streams.dedupe.step import Step

if TYPE_CHECKING:
    from streams.dedupe.memory import Memory
    from streams.dedupe.reason import Reason


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What a sweep let go."""

    coverages: tuple[CoverageId, ...] = ()
    entries: tuple[EntryId, ...] = ()
    """Retractions that have aged: their tombstones are due on `liveline.entries.latest`."""


class Draft:
    """Decisions over a memory that is not touched until the draft is applied."""

    def __init__(self, memory: "Memory", *, explain: bool = False) -> None:
        self._memory = memory
        self._thresholds = memory.thresholds
        self._texts = memory.texts
        self.layers: dict[str, CoverageMemory] = {}
        self.forgotten: dict[str, list[bytes]] = {}
        self.reasons: list[Reason] | None = [] if explain else None
        """Why, for every post, when asked for."""
        self.last = LastDocuments(memory.last)

    def decide(
        self, document: Document, source: Source, coverage: Coverage, posts: Sequence[Post], *, snapshot: bool
    ) -> list[Decision]:
        """Return the revisions that a document's posts (oldest first) lead to."""
        layer = self._layer(document.coverage_id)
        layer.near_duplicates = coverage.near_duplicates
        layer.mark()
        try:
            return self._step(document.coverage_id).decide(document, source, posts, snapshot=snapshot)
        except BaseException:
            layer.roll_back()
            raise

    def repeats(self, document: Document, source: Source) -> bool:
        """Say whether there is nothing to parse: the source sends again, byte for byte, what it sent last.

        A complete source's absences are counted in each snapshot, an embargo may end, and an explanation is of posts:
        then a document is processed as any other.
        """
        if source.complete or self.reasons is not None or not self.last.repeats(document):
            return False
        layer = self._layer(document.coverage_id)
        if layer.holding():
            return False
        self._step(document.coverage_id).touch(at(document.received_at))
        return True

    def take_back(self, document: Document) -> None:
        """Undo what the last call of `decide` decided: nothing of it will be published."""
        self._layer(document.coverage_id).roll_back()

    def release(self, now: datetime) -> list[Decision]:
        """Return what an embargo held until now."""
        found: list[Decision] = []
        for coverage_id in sorted({*self._memory.holding(), *self.layers}):
            found += self._step(coverage_id).release(at(now))
        return found

    def forget(self, now: datetime) -> Forgotten:
        """Let go of coverages that have been quiet, and end retractions that have aged."""
        ended: list[EntryId] = []
        quiet = [c for c in self._memory.quiet(now) if c not in self.layers and c not in self.forgotten]
        for coverage_id in quiet:
            self.forgotten[coverage_id] = self._memory.keys(coverage_id)
            ended += [EntryId(entry) for entry in sorted(self._memory.gone().get(coverage_id, ()))]
        before = at(now) - span(self._thresholds.retraction_kept)
        for coverage_id, gone in sorted(self._memory.gone().items()):
            if coverage_id in self.forgotten:
                continue
            layer = self._layer(coverage_id)
            for known in [layer.get(entry) for entry in sorted(gone)]:
                if known and known.state is not State.USABLE and not known.buried and known.received < before:
                    layer.put(known._replace(buried=True))
                    ended.append(EntryId(known.entry_id))
        return Forgotten(tuple(map(CoverageId, quiet)), tuple(ended))

    def records(self) -> Iterator[tuple[bytes, bytes | None]]:
        """Return what is to be written to `liveline.memory`: key and value, None to forget."""
        for keys in self.forgotten.values():
            for key in keys:
                yield key, None
        for coverage_id, layer in self.layers.items():
            if layer.below and layer.seen != layer.below.seen:
                yield key_of(coverage_id, ""), layer.seen.encode()
            for known in layer.entries.values():
                yield key_of(coverage_id, known.entry_id), encode(known)

    def _layer(self, coverage_id: str) -> CoverageMemory:
        layer = self.layers.get(coverage_id)
        if layer is None:
            # A document after the sweep of the same draft: the coverage starts anew.
            known = CoverageMemory() if coverage_id in self.forgotten else self._memory.coverage(coverage_id)
            layer = self.layers[coverage_id] = known.layer()
        return layer

    def _step(self, coverage_id: str) -> Step:
        return Step(coverage_id, self._layer(coverage_id), self._texts, self._thresholds, self.reasons)
