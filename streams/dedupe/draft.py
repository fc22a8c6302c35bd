"""Decisions of a batch over a memory that is not touched until they are committed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from schemas.document import Document
from schemas.entry import CoverageId, EntryId
from schemas.newsroom import Coverage, Source
from schemas.post import Post
from streams.dedupe.clusters import Clusters
from streams.dedupe.coverage_memory import CoverageMemory
from streams.dedupe.decision import Decision, published
from streams.dedupe.fingerprint import fingerprint
from streams.dedupe.identity import Identified, Look, entry_id, identify, look
from streams.dedupe.instant import at, span
from streams.dedupe.key import key_of
from streams.dedupe.reason import Reason, Rule
from streams.dedupe.recognise import recognise
from streams.dedupe.remembered import Remembered, State, encode, unpack
from streams.dedupe.revision import Settled, release, settle
from streams.dedupe.similarity import comparable, told
from streams.dedupe.snapshot import missing, settle_missing
from streams.dedupe.twice import once

if TYPE_CHECKING:
    from streams.dedupe.memory import Memory


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

    def decide(
        self, document: Document, source: Source, coverage: Coverage, posts: Sequence[Post], *, snapshot: bool
    ) -> list[Decision]:
        """Return the revisions that a document's posts (oldest first) lead to."""
        layer = self._layer(document.coverage_id)
        layer.near_duplicates = coverage.near_duplicates
        layer.mark()
        try:
            return self._decide_all(layer, document, source, posts, snapshot=snapshot)
        except BaseException:
            layer.roll_back()
            raise

    def _decide_all(
        self, layer: CoverageMemory, document: Document, source: Source, posts: Sequence[Post], *, snapshot: bool
    ) -> list[Decision]:
        received = at(document.received_at)
        decisions = self._released(layer, document.coverage_id, received)
        prints = [fingerprint(post) for post in posts]
        identified = identify(posts, source)
        entries = self._whose(layer, document.source_id, identified, prints, snapshot=snapshot)
        chosen = once(identified, entries, prints, snapshot=snapshot)
        for index in chosen:
            decisions += self._decide(layer, document, identified[index], entries[index], prints[index])
        for index in sorted(set(range(len(posts))) - set(chosen)):
            self._tell(Reason(Rule.REPEATED, entries[index], identified[index].rule))
        if snapshot and posts:
            decisions += self._missing(layer, document, source, set(entries), received)
        self._touch(layer, received)
        return decisions

    def release(self, now: datetime) -> list[Decision]:
        """Return what an embargo held until now."""
        found: list[Decision] = []
        for coverage_id in sorted({*self._memory.holding(), *self.layers}):
            found += self._released(self._layer(coverage_id), coverage_id, at(now))
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

    def _whose(
        self,
        layer: CoverageMemory,
        source_id: str,
        identified: Sequence[Identified],
        prints: Sequence[bytes],
        *,
        snapshot: bool,
    ) -> list[str]:
        """Return each post's entry."""
        entries = [entry_id(source_id, post.key) if post.key else "" for post in identified]
        unsure: list[tuple[int, Look]] = []
        taken: set[str] = set()
        for index, post in enumerate(identified):
            if post.look is None:
                continue
            same = min(layer.find((source_id, prints[index])), default=None)
            same = same or min(layer.find((source_id, post.look.hashed)), default=None)
            if same:
                entries[index] = same
                taken.add(same)
            else:
                unsure.append((index, post.look))
        if unsure:
            self._recognise(layer, source_id, unsure, taken, entries, snapshot=snapshot)
        return entries

    def _recognise(
        self,
        layer: CoverageMemory,
        source_id: str,
        unsure: Sequence[tuple[int, Look]],
        taken: set[str],
        entries: list[str],
        *,
        snapshot: bool,
    ) -> None:
        def find(shown: Look) -> set[str]:
            minute, headline, body = shown.hashed
            traits = (("minute", minute), ("headline", headline), ("body", body))
            return {entry for name, value in traits if value for entry in layer.find((source_id, name, value))}

        def look_of(entry: str) -> Look:
            known = layer.get(entry)
            return look(unpack(known.content)) if known and known.content else Look(None, "", "", "")

        found = recognise(unsure, find, look_of, taken, self._thresholds, snapshot=snapshot)
        used = taken | set(found.values())
        for index, shown in unsure:
            entry = found.get(index)
            if entry is None:
                entry = entry_id(source_id, shown.key)
                if entry in used:  # what looked like this has since become something else that is still shown
                    entry = entry_id(source_id, f"{shown.key}:again")
            entries[index] = entry

    def _decide(
        self, layer: CoverageMemory, document: Document, found: Identified, entry: str, seen: bytes
    ) -> list[Decision]:
        received = at(document.received_at)
        known = layer.get(entry)
        if known is not None and known.fingerprint == seen and not known.missing:
            self._tell(Reason(Rule.UNCHANGED, entry, found.rule))
            return []
        if known is None:
            known = Remembered(
                entry_id=entry,
                source_id=document.source_id,
                post_id=found.post.id,
                place=layer.places,
                revision=0,
                state=State.USABLE,
                fingerprint=b"",
                hash="",
                received=received,
            )
        settled = settle(known, found.post, seen, received)
        if found.look is not None and settled.rule is not Rule.STALE:
            settled = replace(settled, known=settled.known._replace(look=found.look.hashed))
        return self._accept(layer, document.coverage_id, settled, received, found.rule)

    def _accept(
        self, layer: CoverageMemory, coverage_id: str, settled: Settled, received: int, identity: str = ""
    ) -> list[Decision]:
        """Take up what was settled, in its place among the reports of others; the entry's own revision goes first."""
        known, post = settled.known, settled.post
        if settled.rule is Rule.STALE or settled.change is None or post is None:
            if settled.rule is not Rule.STALE:
                layer.put(known)
            self._tell(Reason(settled.rule, known.entry_id, identity))
            return []
        search = layer.near_duplicates and comparable(post)
        if not known.standing or not search:
            known = known._replace(signature=b"")
        else:
            text = told(post)
            self._texts.keep(known.content, text)
            known = known._replace(signature=text.signature)
        clusters = Clusters(layer, self._texts, self._thresholds, search)
        known, moved = clusters.relate(known)
        reason = Reason(settled.rule, known.entry_id, identity)
        if clusters.closest:
            candidate, verdict = clusters.closest
            reason = replace(reason, candidate=candidate, similarity=verdict.similarity, veto=verdict.veto)
        layer.put(known)
        self._tell(reason)
        decisions = [published(known, post, coverage_id, settled.change, received, settled.fields, reason)]
        for each in moved:
            layer.put(each.known)
            why = Reason(each.rule, each.known.entry_id, candidate=known.entry_id)
            self._tell(why)
            content = unpack(each.known.content)
            decisions.append(published(each.known, content, coverage_id, each.change, received, (), why))
        return decisions

    def _released(self, layer: CoverageMemory, coverage_id: str, now: int) -> list[Decision]:
        return [
            decision
            for held in layer.due(now)
            for decision in self._accept(layer, coverage_id, release(held), held.received)
        ]

    def _missing(
        self, layer: CoverageMemory, document: Document, source: Source, shown: set[str], received: int
    ) -> list[Decision]:
        if not source.complete or received <= layer.seen.snapshot_of(document.source_id):
            return []  # a page shows a window; a snapshot that is played again shows the past
        layer.seen = layer.seen.with_snapshot(document.source_id, received)
        decisions: list[Decision] = []
        for absent in missing(layer.all(), document.source_id, shown):
            known = layer.get(absent)  # one retraction may have moved the next entry
            if known:
                settled = settle_missing(known, received, self._thresholds)
                decisions += self._accept(layer, document.coverage_id, settled, received)
        return decisions

    def _touch(self, layer: CoverageMemory, received: int) -> None:
        if received >= layer.seen.last + span(self._thresholds.touched_every):
            layer.seen = replace(layer.seen, last=received)

    def _tell(self, reason: Reason) -> None:
        if self.reasons is not None:
            self.reasons.append(reason)
