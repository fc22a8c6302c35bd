"""What the tests of page and live-blog formats share: a document from text or a file, parsed."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from schemas import Document, Source
from schemas.post import Post
from streams.parse import Parsed, parse

RECEIVED = datetime(2024, 5, 2, 18, tzinfo=UTC)
SAMPLES = Path(__file__).parents[2] / "samples"
REAL = Path(__file__).parents[3] / ".." / "shared" / "data"
TYPES = {".html": "text/html", ".json": "application/json", ".xml": "application/xml", ".txt": "text/plain"}


def read(
    body: bytes | str, content_type: str = "text/html", *, timezone: str = "UTC", name: str | None = None
) -> Parsed:
    """Parse a document without any hint but its content type."""
    document = Document(
        id="d1",
        source_id="evening-post",
        coverage_id="harbour-fire",
        received_at=RECEIVED,
        content_type=content_type,
        body=body.encode() if isinstance(body, str) else body,
        format=name,
    )
    return parse(document, Source(id="evening-post", timezone=timezone))


def read_json(value: Any) -> Parsed:
    """Parse a value as a JSON document."""
    return read(orjson.dumps(value), "application/json")


def read_file(path: Path) -> Parsed:
    """Parse a file, its content type told by its extension as `liveline parse` does."""
    return read(path.read_bytes(), TYPES[path.suffix])


def by_id(parsed: Parsed) -> dict[str | None, Post]:
    """Return the posts by their id."""
    return {post.id: post for post in parsed.posts}
