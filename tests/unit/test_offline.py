"""Liveline as a library."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from schemas import Document
from schemas.newsroom import Newsroom
from streams.exceptions import ParseError
from streams.offline import Rules, parse, process

LONDON = Newsroom.model_validate(
    {"coverages": [{"id": "fire", "sources": [{"id": "post", "timezone": "Europe/London", "identity": "url"}]}]}
)


def document(minute: int, *, source: str = "post", **post: Any) -> Document:
    """Return a pushed post."""
    return Document(
        id=f"d{minute}",
        source_id=source,
        coverage_id="fire",
        received_at=datetime(2026, 5, 1, 12, minute, tzinfo=UTC),
        content_type="application/vnd.liveline.post+json",
        body=json.dumps(post).encode(),
    )


def test_documents_become_posts() -> None:
    """`parse` is a function of a document and the rules."""
    (post,) = parse(document(0, headline="Fire", published_at="2026-05-01T12:00:00"), Rules(LONDON)).posts

    assert (post.headline, str(post.published_at)) == ("Fire", "2026-05-01 11:00:00+00:00")
    with pytest.raises(ParseError, match="headline"):
        parse(document(0))


def test_documents_become_revisions_by_the_newsrooms_rules() -> None:
    """What the source's configuration says decides: here that the url tells posts apart, not the id."""
    posts = [
        document(0, id="1", url="https://example.org/#a", headline="Fire"),
        document(1, id="2", url="https://example.org/#a", headline="Fire out"),
    ]

    def revisions(rules: Rules | None) -> list[int]:
        return [entry.revision for each in process(posts, rules) for entry in each.outcome.entries]

    assert revisions(Rules(LONDON)) == [1, 2]
    assert revisions(None) == [1, 1]


def test_what_a_document_leads_to_is_told_before_the_next_is_read() -> None:
    """A live feed can be given: nothing is read ahead."""
    read = []

    def feed() -> Any:
        for minute in range(2):
            read.append(minute)
            yield document(minute, id=str(minute), headline="Fire")

    first = next(process(feed()))

    assert (read, len(first.outcome.entries), first.raised) == ([0], 1, None)
