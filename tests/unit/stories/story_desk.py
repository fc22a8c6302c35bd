"""A desk for tests: posts in, entries with their stories out; each document a committed batch."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from schemas import Document, Entry
from streams.dedupe import Memory
from streams.pipeline import Outcome, Pipeline

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)

FERRY = "Three people were hurt when a ferry hit the north pier at Westhaven, the harbour master said."
FERRY_LATER = (
    "A harbour inquiry will ask why the ferry hit the north pier at Westhaven; its captain says the rudder jammed."
)
TRAMS = "Trams on line 4 are back, the operator says, and thanks commuters for their patience after the power failure."
SCHOOLS = "Schools in Eastmoor stay shut until Thursday because the boilers have frozen, the education board decided."


def document(number: int, source: str, *posts: dict[str, Any], at: datetime | None = None) -> Document:
    """Return a document, a minute after the one before or at a time."""
    return Document(
        id=str(number),
        source_id=source,
        coverage_id="pier",
        received_at=at or NOON + timedelta(minutes=number),
        content_type="application/vnd.liveline.post+json",
        body=json.dumps(posts).encode(),
    )


class StoryDesk:
    """A worker's pipeline and memory, with what was written down."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.log: dict[bytes, bytes] = {}
        self.documents = 0

    def push(self, *posts: dict[str, Any], source: str = "post", at: datetime | None = None) -> list[Entry]:
        """Return the revisions that a document of posts leads to."""
        return self.outcome(*posts, source=source, at=at).entries

    def outcome(self, *posts: dict[str, Any], source: str = "post", at: datetime | None = None) -> Outcome:
        """Return all that a document of posts leads to, with explanations."""
        self.documents += 1
        draft = self.memory.draft(explain=True)
        made = Pipeline().run([(document(self.documents, source, *posts, at=at), None)], draft, NOON)
        for key, value in draft.records():
            self.log.pop(key, None)
            if value is not None:
                self.log[key] = value
        self.memory.apply(draft)
        return made

    def story(self, *posts: dict[str, Any], source: str = "post", at: datetime | None = None) -> str | None:
        """Return the story of the last revision that a document of posts leads to."""
        return self.push(*posts, source=source, at=at)[-1].story_id

    def restart(self) -> None:
        """Know only what was written down."""
        self.memory = Memory()
        for key, value in self.log.items():
            self.memory.load(key, value)
