"""The decisions for one document: which entries its posts are, what each changes, and which reports that moves."""

from collections.abc import Sequence
from dataclasses import replace

from schemas.document import Document
from schemas.newsroom import Source
from schemas.post import Post
from streams.dedupe.clusters import Clusters
from streams.dedupe.decision import Decision, published
from streams.dedupe.identity.absence import missing, revise_missing
from streams.dedupe.identity.identity import Appearance, Identified, appearance, entry_id, identify
from streams.dedupe.identity.recognise import likeness, likeness_of_skeleton, recognise
from streams.dedupe.identity.repeats import without_repeats
from streams.dedupe.memory.coverage import CoverageMemory
from streams.dedupe.memory.remembered import Remembered, State, unpack
from streams.dedupe.notation.canonical import displayed
from streams.dedupe.notation.instant import at
from streams.dedupe.reason import Reason, Rule
from streams.dedupe.revision.fingerprint import fingerprint
from streams.dedupe.revision.revision import RevisionResult, release, revise
from streams.dedupe.same_news.compared_texts import ComparedTexts
from streams.dedupe.same_news.similarity import comparable, compared_text
from streams.dedupe.thresholds import Thresholds


class Step:
    """Decisions over one coverage's layer of a draft."""

    def __init__(
        self,
        coverage_id: str,
        layer: CoverageMemory,
        texts: ComparedTexts,
        thresholds: Thresholds,
        reasons: list[Reason] | None,
        form: int = 0,
    ) -> None:
        self._coverage_id = coverage_id
        self._layer = layer
        self._texts = texts
        self._thresholds = thresholds
        self._reasons = reasons
        self._form = form
        """The version of the parsers and of the canonical form that made the posts."""
        self.passed_over = 0
        """Posts that may have been published before the coverage was forgotten."""

    def decide(self, document: Document, source: Source, posts: Sequence[Post], *, snapshot: bool) -> list[Decision]:
        """Return the revisions that a document's posts (oldest first) lead to."""
        received = at(document.received_at)
        decisions: list[Decision] = []
        prints = [fingerprint(post) for post in posts]
        identified = identify(posts, source)
        entries = self._whose(document.source_id, identified, prints, snapshot=snapshot)
        chosen = without_repeats(identified, entries, prints, snapshot=snapshot)
        for index in chosen:
            decisions += self._decide(document, identified[index], entries[index], prints[index])
        for index in sorted(set(range(len(posts))) - set(chosen)):
            self._tell(Reason(Rule.REPEATED, entries[index], identified[index].rule))
        if snapshot and posts:
            decisions += self._missing(document, source, set(entries), received)
        return decisions

    def release(self, held: Remembered) -> list[Decision]:
        """Return the decisions for the end of an embargo, as of that time."""
        return self._accept(release(held), held.held_until or held.received)

    def _whose(
        self,
        source_id: str,
        identified: Sequence[Identified],
        prints: Sequence[bytes],
        *,
        snapshot: bool,
    ) -> list[str]:
        """Return the entry id of each post."""
        entries = [entry_id(source_id, post.key) if post.key else "" for post in identified]
        unsure: list[tuple[int, Appearance]] = []
        taken: set[str] = set()
        for index, post in enumerate(identified):
            if post.appearance is None:
                continue
            same = min(self._layer.find((source_id, prints[index])), default=None)
            same = same or min(self._layer.find((source_id, post.appearance.hashed)), default=None)
            if same:
                entries[index] = same
                taken.add(same)
            else:
                unsure.append((index, post.appearance))
        if unsure:
            self._recognise(source_id, unsure, taken, entries, snapshot=snapshot)
        return entries

    def _recognise(
        self,
        source_id: str,
        unsure: Sequence[tuple[int, Appearance]],
        taken: set[str],
        entries: list[str],
        *,
        snapshot: bool,
    ) -> None:
        def find(shown: Appearance) -> set[str]:
            minute, headline, body = shown.hashed
            traits = (("minute", minute), ("headline", headline), ("body", body))
            return {entry for name, value in traits if value for entry in self._layer.find((source_id, name, value))}

        def likely(entry: str, shown: Appearance) -> float:
            known = self._layer.get(entry)
            if known and known.content:
                return likeness(appearance(unpack(known.content)), shown, self._thresholds, vanished=snapshot)
            if known and known.appearance:
                return likeness_of_skeleton(known.appearance, shown, self._thresholds, vanished=snapshot)
            return 0.0

        found = recognise(unsure, find, likely, taken)
        used = taken | set(found.values())
        for index, shown in unsure:
            entry = found.get(index)
            if entry is None:
                entry = entry_id(source_id, shown.key)
                if entry in used:  # the entry of this key was edited since and is still shown as another post
                    entry = entry_id(source_id, f"{shown.key}:again")
            entries[index] = entry

    def _decide(self, document: Document, found: Identified, entry: str, seen: bytes) -> list[Decision]:
        received = at(document.received_at)
        known = self._layer.get(entry)
        if known is not None and known.fingerprint == seen and known.form == self._form and not known.missing:
            self._tell(Reason(Rule.UNCHANGED, entry, found.rule))
            return []
        if known is None and self._may_be_forgotten(found.post):
            self.passed_over += 1
            self._tell(Reason(Rule.FORGOTTEN, entry, found.rule))
            return []
        if known is None:
            known = Remembered(
                entry_id=entry,
                source_id=document.source_id,
                post_id=found.post.id,
                place=self._layer.places,
                revision=0,
                state=State.USABLE,
                fingerprint=b"",
                hash="",
                received=received,
            )
        result = revise(known, found.post, seen, received, self._form)
        if found.appearance is not None and result.rule is not Rule.STALE:
            result = replace(result, known=result.known._replace(appearance=found.appearance.hashed))
        return self._accept(result, received, found.rule)

    def _may_be_forgotten(self, post: Post) -> bool:
        """Whether an unknown post may be one that the coverage has forgotten."""
        forgotten = self._layer.times.forgotten
        if forgotten is None:
            return False
        shown = displayed(post)
        return shown is None or at(shown) <= forgotten

    def _accept(self, result: RevisionResult, received: int, identity: str = "") -> list[Decision]:
        """Store a result and return its decisions: the entry's own revision, then those of reports that it moves."""
        known, post = result.known, result.post
        if result.rule is Rule.STALE or result.change is None or post is None:
            if result.rule is Rule.READ_ANEW:
                known = self._signed(known, unpack(known.content))
            if result.rule is not Rule.STALE:
                self._layer.put(known)
            self._tell(Reason(result.rule, known.entry_id, identity))
            return []
        known = self._signed(known, post)
        search = bool(known.signature)
        clusters = Clusters(self._layer, self._texts, self._thresholds, search)
        first = known.duplicate_of
        known, moved = clusters.relate(known)
        # Readers who never got the copy must not get its retraction: the retraction still names the first report.
        shown = known if known.standing else known._replace(duplicate_of=first)
        reason = Reason(result.rule, known.entry_id, identity)
        if clusters.closest:
            candidate, verdict = clusters.closest
            reason = replace(reason, candidate=candidate, similarity=verdict.similarity, veto=verdict.veto)
        self._layer.put(known)
        self._tell(reason)
        decisions = [published(shown, post, self._coverage_id, result.change, received, result.fields, reason)]
        for each in moved:
            self._layer.put(each.known)
            why = Reason(each.rule, each.known.entry_id, candidate=known.entry_id)
            self._tell(why)
            content = unpack(each.known.content)
            decisions.append(published(each.known, content, self._coverage_id, each.change, received, (), why))
        return decisions

    def _signed(self, known: Remembered, post: Post) -> Remembered:
        """Return an entry with the signature of its content; empty if the entry is not compared with others."""
        if not (known.standing and self._layer.near_duplicates and comparable(post)):
            return known._replace(signature=b"")
        text = compared_text(post)
        self._texts.keep(known.content, text)
        return known._replace(signature=text.signature)

    def _missing(self, document: Document, source: Source, shown: set[str], received: int) -> list[Decision]:
        if not source.complete or received <= self._layer.times.snapshot_of(document.source_id):
            return []  # a page shows its newest posts only; a replayed snapshot shows the past
        self._layer.times = self._layer.times.with_snapshot(document.source_id, received)
        decisions: list[Decision] = []
        for absent in missing(self._layer.standing_of(document.source_id), shown):
            known = self._layer.get(absent)  # the retraction before may have moved this entry
            if known:
                result = revise_missing(known, received, self._thresholds)
                decisions += self._accept(result, received)
        return decisions

    def _tell(self, reason: Reason) -> None:
        if self._reasons is not None:
            self._reasons.append(reason)
