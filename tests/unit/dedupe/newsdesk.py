"""A newsdesk for tests: pushes posts through a memory and keeps what came out."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from schemas import Coverage, Document, Post, Source
from schemas.post import TimeBasis
from streams.dedupe import Decision, Draft, Forgotten, Memory

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


def at(clock: str) -> datetime:
    """Return that time of the day, such as `12:05`."""
    hour, minute = clock.split(":")
    return NOON.replace(hour=int(hour), minute=int(minute))


def post(id_: str | None = None, body: str | None = None, **fields: Any) -> Post:
    """Return a post; a `published_at` of its own makes its time exact."""
    fields.setdefault("time_basis", TimeBasis.EXACT if "published_at" in fields else TimeBasis.RECEIVED)
    return Post(id=id_, body_text=body, **fields)


class Newsdesk:
    """Documents in, decisions out, each document a committed batch."""

    def __init__(self, **memory: Any) -> None:
        self.memory = Memory(**memory)
        self.log: list[tuple[bytes, bytes | None]] = []
        self.clock = NOON
        self.documents = 0

    def push(
        self,
        *posts: Post,
        source: str | Source = "post",
        snapshot: bool = False,
        received: datetime | None = None,
        near_duplicates: bool = True,
        parser: int = 0,
    ) -> list[Decision]:
        """Receive a document a minute after the last one, and commit it."""
        self.clock = received or self.clock + timedelta(minutes=1)
        draft = self.memory.draft(explain=True)
        found = self.decide(draft, posts, source, snapshot=snapshot, near_duplicates=near_duplicates, parser=parser)
        self.commit(draft)
        return found

    def decide(
        self,
        draft: Draft,
        posts: Sequence[Post],
        source: str | Source = "post",
        *,
        snapshot: bool = False,
        near_duplicates: bool = True,
        parser: int = 0,
    ) -> list[Decision]:
        """Let a draft decide, without committing it."""
        source = Source(id=source) if isinstance(source, str) else source
        self.documents += 1
        document = Document(
            id=f"d{self.documents}",
            source_id=source.id,
            coverage_id="harbour-fire",
            received_at=self.clock,
            content_type="text/html",
            body=b"-",
        )
        coverage = Coverage(id="harbour-fire", near_duplicates=near_duplicates)
        return draft.decide(document, source, coverage, posts, snapshot=snapshot, parser=parser)

    def commit(self, draft: Draft) -> None:
        """Write the draft's records and apply it."""
        self.log += draft.records()
        self.memory.apply(draft)

    def sweep(self, now: datetime | None = None) -> Forgotten:
        """Let a minute pass in another coverage, at that time, and sweep by it."""
        if now is not None:
            draft = self.memory.draft()
            document = Document(
                id="other", source_id="other", coverage_id="elsewhere", received_at=now, content_type="-", body=b"-"
            )
            draft.decide(document, Source(id="other"), Coverage(id="elsewhere"), [], snapshot=False)
            self.commit(draft)
        draft = self.memory.draft()
        forgotten = draft.forget(now or self.clock)
        self.commit(draft)
        return forgotten

    def restart(self) -> "Newsdesk":
        """Return a newsdesk that knows only what was written down."""
        other = Newsdesk(thresholds=self.memory.thresholds)
        for key, value in self.log:
            other.memory.load(key, value)
        other.log, other.clock, other.documents = list(self.log), self.clock, self.documents
        return other


def told(decisions: Sequence[Decision]) -> list[tuple[str, int, str | None]]:
    """Return change, revision and body of each decision."""
    return [(d.change.value, d.revision, d.post.body_text) for d in decisions]
