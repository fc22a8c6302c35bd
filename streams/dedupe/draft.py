"""Decisions of a batch over a memory that is not touched until they are committed."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from schemas.document import Document
from schemas.entry import CoverageId, EntryId
from schemas.newsroom import Coverage, Source
from schemas.post import Post
from streams.dedupe.decision import Decision
from streams.dedupe.memory.coverage import CoverageMemory
from streams.dedupe.memory.coverage_records import records_of
from streams.dedupe.memory.coverages import Coverages
from streams.dedupe.memory.key import key_of
from streams.dedupe.memory.last_document import LastDocuments
from streams.dedupe.memory.quiet import Rest, at_rest, rest_of
from streams.dedupe.memory.remembered import encode
from streams.dedupe.notation.canonical import CANONICAL_FORM
from streams.dedupe.notation.instant import at, span
from streams.dedupe.step import Step

if TYPE_CHECKING:
    from streams.dedupe.reason import Reason

_MOST_SWEPT_ENTRIES: Final = 5_000
"""After this many entries a sweep stops, once its coverage is done: more would keep a worker from its documents."""
_MOST_FORMS: Final = 1_000
"""More canonical forms than there will ever be: parser and form fit into one number."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What a sweep has forgotten."""

    coverages: tuple[CoverageId, ...] = ()
    entries: tuple[EntryId, ...] = ()
    """Retractions that have aged: their tombstones are due on `liveline.entries.latest`."""


@dataclass(frozen=True, slots=True)
class _Before:
    """A coverage's layer and the clock before a document, for `take_back`."""

    coverage_id: str
    layer: CoverageMemory
    clock: int
    ended: int


class Draft:
    """Decisions over a memory that is not touched until the draft is applied."""

    def __init__(self, memory: Coverages, *, explain: bool = False) -> None:
        self._memory = memory
        self._thresholds = memory.thresholds
        self._texts = memory.texts
        self._clock = memory.ages.clock
        self._before: _Before | None = None
        self.layers: dict[str, CoverageMemory] = {}
        self.swept: set[str] = set()
        """Coverages that a sweep reduced; no document of this draft is theirs."""
        self.ended: list[EntryId] = []
        """Retractions that were forgotten with their coverage: their tombstones are due."""
        self.passed_over = 0
        """Posts of the last document that may have been published before their coverage was forgotten."""
        self.reasons: list[Reason] | None = [] if explain else None
        """The reason of every decision, if the caller wants explanations."""
        self.last = LastDocuments(memory.last)

    def decide(
        self,
        document: Document,
        source: Source,
        coverage: Coverage,
        posts: Sequence[Post],
        *,
        snapshot: bool,
        parser: int = 0,
    ) -> list[Decision]:
        """Return the revisions that a document's posts (oldest first) lead to.

        `parser` is the version of the parsers that read them.
        """
        coverage_id, received = document.coverage_id, at(document.received_at)
        layer = self.layer(coverage_id)
        layer.near_duplicates = coverage.near_duplicates
        layer.mark()
        self._before = _Before(coverage_id, layer, self._clock, len(self.ended))
        try:
            decisions = self._release(coverage_id, received)
            self._let_rest(coverage_id, received, max(self._clock, received))
            step = self._step(coverage_id, parser * _MOST_FORMS + CANONICAL_FORM)
            decisions += step.decide(document, source, posts, snapshot=snapshot)
            self._touch(coverage_id, received)
        except BaseException:
            self.take_back(document)
            raise
        self.passed_over = step.passed_over
        return decisions

    def repeats(self, document: Document, source: Source) -> bool:
        """Whether a document needs no parsing: the source sends again, byte for byte, what it sent last.

        It is processed all the same if the source is complete (absences are counted in each snapshot), if an embargo
        may have ended, if the coverage was quiet, and if decisions are explained (reasons are about posts).
        """
        if source.complete or self.reasons is not None or not self.last.repeats(document):
            return False
        layer, received = self.layer(document.coverage_id), at(document.received_at)
        if layer.holding() or rest_of(layer.times, received, max(self._clock, received), self._thresholds):
            return False
        self._touch(document.coverage_id, received)
        return True

    def take_back(self, document: Document) -> None:
        """Undo the last call of `decide`: nothing of it will be published."""
        before, self._before = self._before, None
        if before is not None and before.coverage_id == document.coverage_id:
            before.layer.roll_back()
            self.layers[before.coverage_id] = before.layer
            self._clock = before.clock
            del self.ended[before.ended :]

    def release(self, now: datetime) -> list[Decision]:
        """Return the decisions for posts whose embargo has ended, in the order of the ends."""
        decisions: list[Decision] = []
        for coverage_id in sorted({*self._memory.holding(), *self.layers}):
            known = self.layers.get(coverage_id) or self._memory.coverage(coverage_id)
            if known.due(at(now)):
                decisions += self._release(coverage_id, at(now))
        return sorted(decisions, key=lambda decision: decision.received_at)

    def forget(self, now: datetime) -> Forgotten:
        """Reduce the memory of quiet coverages, by the documents' time, and end retractions that are old enough."""
        ended: list[EntryId] = []
        size = 0
        with closing(self._memory.quiet()) as quiet:
            for coverage_id in quiet:
                if coverage_id in self.layers:
                    continue
                layer = self.layer(coverage_id)
                ended += self._bury(coverage_id)
                size += len(self._memory.keys(coverage_id)) + len(layer.table())
                self._let_rest(coverage_id, layer.times.last, self._clock)
                self.swept.add(coverage_id)
                if size >= _MOST_SWEPT_ENTRIES:
                    break
        before = at(now) - span(self._thresholds.retraction_kept)
        for coverage_id in sorted(set(self._memory.gone()) - self.swept):
            ended += self._bury(coverage_id, before)
        return Forgotten(tuple(map(CoverageId, sorted(self.swept))), tuple(ended))

    def _bury(self, coverage_id: str, before: int | None = None) -> Iterator[EntryId]:
        """Yield retractions that end now, all of them or those from before a time."""
        for entry_id in sorted(self._memory.gone().get(coverage_id, ())):
            layer = self.layer(coverage_id)
            known = layer.get(entry_id)
            if known and known.awaits_tombstone and (before is None or known.received < before):
                layer.put(known._replace(buried=True))
                yield EntryId(entry_id)

    def records(self) -> Iterator[tuple[bytes, bytes | None]]:
        """Yield the records to write to `liveline.memory`: key and value, or None for a tombstone."""
        for coverage_id, layer in self.layers.items():
            if layer.replaces:
                left = dict(records_of(coverage_id, layer))
                yield from ((key, None) for key in self._memory.keys(coverage_id) if key not in left)
                yield from left.items()
                continue
            if layer.below and layer.times != layer.below.times:
                yield key_of(coverage_id, ""), layer.times.encode()
            for known in layer.entries.values():
                yield key_of(coverage_id, known.entry_id), encode(known)

    # -- time

    def _release(self, coverage_id: str, now: int) -> list[Decision]:
        """Return the decisions for a coverage's ended embargoes, each made as of the embargo's end."""
        decisions: list[Decision] = []
        for held in self.layer(coverage_id).due(now):
            self._let_rest(coverage_id, held.held_until or now, self._clock)
            decisions += self._step(coverage_id).release(held)
        return decisions

    def _let_rest(self, coverage_id: str, now: int, clock: int) -> bool:
        """Reduce a coverage that was quiet until now; return whether it was."""
        layer = self.layer(coverage_id)
        rest = rest_of(layer.times, now, clock, self._thresholds)
        left = at_rest(layer, rest)
        if left is None:
            return False
        if rest is Rest.FORGOTTEN:
            self.ended += [EntryId(known.entry_id) for known in layer.all() if known.awaits_tombstone]
        self.layers[coverage_id] = left
        return True

    def _touch(self, coverage_id: str, received: int) -> None:
        """Note that the coverage has a document, once a minute at most: each note is a record."""
        layer, clock = self.layer(coverage_id), max(self._clock, received)
        every = span(self._thresholds.touched_every)
        if received >= layer.times.last + every or clock >= layer.times.clock + every:
            layer.times = replace(layer.times, last=max(layer.times.last, received), clock=clock)
            self._clock = clock

    def layer(self, coverage_id: str) -> CoverageMemory:
        """Return what this draft knows of a coverage; what is put there is remembered once the draft is applied."""
        layer = self.layers.get(coverage_id)
        if layer is None:
            layer = self.layers[coverage_id] = self._memory.coverage(coverage_id).layer()
        return layer

    def _step(self, coverage_id: str, form: int = 0) -> Step:
        return Step(coverage_id, self.layer(coverage_id), self._texts, self._thresholds, self.reasons, form)
