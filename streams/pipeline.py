"""Documents and memory in, revisions and dead letters out: parse, deduplicate, enrich, find the story; pure.

The only clock is `now`, which says when a revision was made and decides nothing.
"""

import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from uuid import NAMESPACE_URL, uuid5

from schemas.dead_letter import DeadLetter, Stage
from schemas.document import Document
from schemas.entry import CoverageId, Entry, Origin, SourceId
from schemas.newsroom import Coverage, Newsroom, Source
from schemas.post import Content, Post
from streams.dedupe import Decision, Draft, Memory
from streams.enrich import Bound, Enricher, Enrichment, Watch, enrich, unwatched
from streams.exceptions import OutOfTimeError, ParseError
from streams.parse import Limits, Parsed, PieceMemory, parse
from streams.parse.parsed import BadPart
from streams.stories import StoryReason, StoryThresholds, find_story
from streams.time_limit import Budget, TimeLimit, Unlimited

_CONTENT = tuple(Content.model_fields)
_OUT_OF_RANGE = (OverflowError, UnicodeError)
"""Times that no date can hold and characters that no text can: the input's, wherever it is noticed first."""
# Long enough for its language to be looked for, with something for each enricher.
_WARM_UP = (
    b'{"body_html": "<p>At least two people were hurt in Hamburg, where a hall burns, Ada Ruiz of the Red Cross said on'
    b' Monday. &quot;We are on our way to the harbour,&quot; Ms Ruiz added. Damage is put at 5 million euros.</p>"}'
)


@dataclass(frozen=True, slots=True)
class Bug:
    """An exception of our own: not the input's fault, as far as we know."""

    source_id: str
    stage: Stage
    traceback_id: str
    traceback: str
    origin: Origin | None = None
    summary: str = ""
    """For the dead letter."""

    @classmethod
    def of(cls, source_id: str, document_id: str, origin: Origin | None, stage: Stage, error: BaseException) -> "Bug":
        """Return an exception that a document met as a bug."""
        name = type(error).__name__
        # The same failure of the same document has the same id, on a replay too.
        failure = f"{source_id}/{document_id}/{stage}/{name}".encode(errors="replace").decode()
        traceback_id = str(uuid5(NAMESPACE_URL, failure))
        return cls(
            source_id=source_id,
            stage=stage,
            traceback_id=traceback_id,
            traceback="".join(traceback.format_exception(error)),
            origin=origin,
            summary=f"{name} in Liveline, not your input; traceback {traceback_id} in the log",
        )


@dataclass(slots=True)
class Outcome:
    """What documents led to, in order."""

    entries: list[Entry] = field(default_factory=list)
    letters: list[DeadLetter] = field(default_factory=list)
    bugs: list[Bug] = field(default_factory=list)
    unchanged: int = 0
    """Posts that said nothing new."""
    forgotten: int = 0
    """Posts that are not newer than what their coverage has forgotten: they may have been published before."""
    stories: list[StoryReason] = field(default_factory=list)
    """Why each entry is part of its story, if the draft explains."""
    repeated: int = 0
    """Documents that were, byte for byte, what their source had sent last; they are not parsed."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The steps with the newsroom they work for."""

    newsroom: Newsroom = field(default_factory=Newsroom)
    limits: Limits = field(default_factory=Limits)
    time_limit: TimeLimit = Unlimited
    watch: Watch = field(default=unwatched, repr=False, compare=False)
    """Who takes the time of each enricher."""
    pieces: PieceMemory = field(default_factory=PieceMemory, repr=False, compare=False)
    """What the posts of the last pages were made of; nothing that is decided depends on it."""
    enrichers: tuple[Enricher, ...] | None = field(default=None, repr=False, compare=False)
    """None: those of this Liveline."""
    stories: StoryThresholds = field(default_factory=StoryThresholds)
    _configured: Mapping[str, tuple[Coverage, Source]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Look the newsroom's sources up once: a search for each document would cost what the newsroom is large."""
        pairs = [(coverage, source) for coverage in self.newsroom.coverages for source in coverage.sources]
        object.__setattr__(self, "_configured", {source.id: (coverage, source) for coverage, source in pairs})

    def run(
        self,
        documents: Iterable[tuple[Document, Origin | None]],
        draft: Draft,
        now: datetime,
        *,
        by_documents: bool = False,
    ) -> Outcome:
        """Process documents in order; `draft` takes up what is to be remembered.

        `by_documents`: before each document is published what an embargo held until its time, as no clock has done it.
        """
        outcome = Outcome()
        for document, origin in documents:
            if by_documents:
                outcome.entries += self.release(draft, document.received_at, now).entries
            self._step(document, origin, draft, now, outcome)
        return outcome

    def warm_up(self) -> None:
        """Load what parsers and enrichers load at their first use (0.7 s), before a reader waits for it."""
        document = Document(
            id="warm-up",
            source_id=SourceId("warm-up"),
            coverage_id=CoverageId("warm-up"),
            received_at=datetime(2000, 1, 1, tzinfo=UTC),
            content_type="application/vnd.liveline.post+json",
            body=_WARM_UP,
        )
        self.run([(document, None)], Memory().draft(), document.received_at)

    def release(self, draft: Draft, until: datetime, now: datetime | None = None) -> Outcome:
        """Publish what an embargo held until then; `now`, `until` by default, is when it is done."""
        outcome = Outcome()
        patience = _Patience(self.time_limit())
        for decision in draft.release(until):
            coverage, _ = self._configured.get(decision.source_id, (None, None))
            entry = self._entry(decision, None, now or until, coverage, patience)
            outcome.entries.append(self._with_story(entry, draft, outcome.stories))
        return outcome

    def _step(self, document: Document, origin: Origin | None, draft: Draft, now: datetime, outcome: Outcome) -> None:
        coverage, source = self._configured.get(document.source_id) or (
            _unknown_coverage(document.coverage_id),
            _unknown_source(document.source_id),
        )
        if draft.repeats(document, source):
            outcome.repeated += 1
            return
        draft.last.put(document, whole=False)
        case = _Case(document, origin, now, outcome)
        budget = self.time_limit()
        try:
            parsed = budget.run(lambda: parse(document, source, self.limits, self.pieces))
        except ParseError as error:
            case.refuse(Stage.PARSE, str(error))
            return
        except Exception as error:  # noqa: BLE001  (a bug of a parser must not stop the partition)
            case.failed(Stage.PARSE, error)
            return
        for part in parsed.bad:
            case.refuse(Stage.PARSE, part.error, part)
        stage = Stage.DEDUPLICATE
        stories: list[StoryReason] = []
        patience = _Patience(budget)

        def decide() -> tuple[Sequence[Decision], list[Entry]]:
            nonlocal stage
            # A post that could not be read is missing from the posts, not from the page.
            whole = parsed.snapshot and not parsed.bad
            decisions = draft.decide(
                document, source, coverage, in_order(parsed), snapshot=whole, parser=parsed.version
            )
            stage = Stage.ENRICH
            enriched = [self._entry(decision, origin, now, coverage, patience) for decision in decisions]
            return decisions, [self._with_story(entry, draft, stories) for entry in enriched]

        try:
            decisions, entries = budget.run(decide)
        except OutOfTimeError as error:
            draft.take_back(document)
            case.refuse(stage, str(error))
            return
        except Exception as error:  # noqa: BLE001
            draft.take_back(document)
            case.failed(stage, error)
            return
        outcome.entries.extend(entries)
        outcome.stories.extend(stories)
        # Only what said nothing when it was processed says nothing again: a page that contradicts itself never rests.
        draft.last.put(document, whole=not parsed.bad and not decisions)
        outcome.forgotten += draft.passed_over
        outcome.unchanged += max(0, len(parsed.posts) - len(decisions) - draft.passed_over)

    def _entry(
        self, decision: Decision, origin: Origin | None, now: datetime, coverage: Coverage | None, bound: Bound
    ) -> Entry:
        post = decision.post
        content = post.__dict__
        entry = Entry.of_valid(
            {
                **{name: content[name] for name in _CONTENT},
                "entry_id": decision.entry_id,
                "revision": decision.revision,
                "change": decision.change,
                "changed_fields": decision.changed_fields,
                "status": decision.status,
                "coverage_id": decision.coverage_id,
                "source_id": decision.source_id,
                "source_post_id": post.id,
                "first_published_at": decision.first_published_at,
                "received_at": decision.received_at,
                "processed_at": now,
                "content_hash": decision.content_hash,
                "duplicate_of": decision.duplicate_of,
                "sources": decision.sources,
                "is_correction": decision.is_correction,
                "origin": origin,
            }
        )
        coverage = coverage or _unknown_coverage(decision.coverage_id)
        return enrich(entry, coverage, self.enrichers, watch=self.watch, bound=bound)

    def _with_story(self, entry: Entry, draft: Draft, reasons: list[StoryReason]) -> Entry:
        """Return an enriched entry with the story that it is part of, among what its coverage told before."""
        explain = draft.reasons is not None
        with self.watch("story"):
            reason = find_story(entry, draft.layer(entry.coverage_id), self.stories, explain=explain)
        if reason is None:
            return entry
        if explain:
            reasons.append(reason)
        return entry.model_copy(update={"story_id": reason.story_id})


@dataclass(frozen=True, slots=True)
class _Patience:
    """Gives up an enricher that takes too long over one entry, for the other entries of the document as well.

    Else a page of a thousand posts would take a thousand times as long, and become a dead letter.
    """

    budget: Budget
    given_up: set[str] = field(default_factory=set)

    def __call__(self, name: str, work: Callable[[], Enrichment]) -> Enrichment:
        """Return what an enricher finds; raises `OutOfTimeError`."""
        if name in self.given_up:
            raise OutOfTimeError("it took too long over another entry of the document")
        try:
            return self.budget.part(work)
        except OutOfTimeError:
            self.given_up.add(name)
            raise


@dataclass(frozen=True, slots=True)
class _Case:
    """A document of which something goes wrong."""

    document: Document
    origin: Origin | None
    now: datetime
    outcome: Outcome

    def refuse(self, stage: Stage, error: str, part: BadPart | None = None) -> None:
        """Make it, or a part of it, a dead letter."""
        document = self.document if part is None else self.document.model_copy(update={"body": part.value})
        place = None if part is None else part.place
        self.outcome.letters.append(
            DeadLetter(document=document, stage=stage, error=error, origin=self.origin, part=place, failed_at=self.now)
        )

    def failed(self, stage: Stage, error: Exception) -> None:
        """Make it a dead letter for an exception that nobody foresaw."""
        if isinstance(error, _OUT_OF_RANGE):
            self.refuse(stage, f"a time or a character in it is out of range: {error}")
            return
        bug = Bug.of(self.document.source_id, self.document.id, self.origin, stage, error)
        self.outcome.bugs.append(bug)
        self.refuse(stage, bug.summary)


@lru_cache(maxsize=4096)
def _unknown_coverage(coverage_id: CoverageId) -> Coverage:
    return Coverage.model_construct(id=coverage_id)


@lru_cache(maxsize=4096)
def _unknown_source(source_id: SourceId) -> Source:
    return Source.model_construct(id=source_id)


def in_order(parsed: Parsed) -> tuple[Post, ...]:
    """Return posts oldest first, as they happened; pages usually show the newest first."""
    posts = parsed.posts
    dated = [post.published_at for post in posts if post.published_at]
    if len(dated) > 1 and dated[0] > dated[-1]:
        posts = posts[::-1]
    if len(dated) == len(posts):
        posts = tuple(sorted(posts, key=lambda post: post.published_at or dated[0]))
    return posts
