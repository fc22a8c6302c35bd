"""How much of a document is read before it is refused."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Each bound has its own clear error."""

    max_bytes: int = 8 * 1024 * 1024
    """Size of a document, after content decoding."""
    max_depth: int = 200
    """Nesting of JSON, XML and HTML."""
    max_posts: int = 5_000
    """Posts in one document."""
    max_text: int = 1_000_000
    """Characters in one field of a post."""
