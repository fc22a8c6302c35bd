"""What the tests of the agencies' formats share: reading a sample, or a piece of text, with no format told."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from unicodedata import normalize

from schemas import Document, Source
from streams.parse import Parsed, parse

SAMPLES = Path(__file__).parents[2] / "samples"
REAL = Path(__file__).parents[3] / ".." / "shared" / "data"
RECEIVED = datetime(2024, 5, 1, 15, tzinfo=UTC)
TYPES = {"json": "application/json", "xml": "application/xml", "txt": "text/plain"}


def document(body: bytes | str, content_type: str, fmt: str | None = None, url: str | None = None) -> Document:
    """Return a body as the Evening Post's document."""
    return Document(
        id="d1",
        source_id="evening-post",
        coverage_id="harbour-fire",
        received_at=RECEIVED,
        content_type=content_type,
        body=body.encode() if isinstance(body, str) else body,
        format=fmt,
        url=url,
    )


def read(body: bytes | str, content_type: str, fmt: str | None = None, url: str | None = None) -> Parsed:
    """Parse a body with nothing but its content type."""
    return parse(document(body, content_type, fmt, url), Source(id="evening-post"))


def read_sample(name: str) -> Parsed:
    """Parse a sample of ours, such as `ninjs/text.json`."""
    path = SAMPLES / name
    return read(path.read_bytes(), TYPES[path.suffix[1:]])


def read_real(folder: str, name: str) -> Parsed:
    """Parse a collected file."""
    path = REAL / folder / name
    return read(path.read_bytes(), TYPES[path.suffix[1:]])


def digest(text: str | None) -> str:
    """Return the first 12 hex digits of the SHA-1 of normalised text; no publisher's text stands here."""
    words = " ".join(normalize("NFKC", text or "").split())
    return hashlib.sha1(words.encode(), usedforsecurity=False).hexdigest()[:12] if words else ""
