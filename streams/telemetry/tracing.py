"""Spans of a document's way, under the trace that its producer began: W3C Trace Context over Kafka's headers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

TRACEPARENT: Final = re.compile(r"[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
"""W3C Trace Context, level 1."""
Attributes = Mapping[str, str | int]


class Span(Protocol):
    """A piece of a document's way that is under way."""

    @property
    def traceparent(self) -> str | None:
        """What the next piece is given as its parent."""
        ...

    def end(self, error: str | None = None) -> None:
        """End it now; `error` says why it failed."""
        ...


class Tracing(Protocol):
    """Where spans go."""

    on: bool
    """False: nothing is recorded, and callers may spare themselves the attributes."""

    def start(self, name: str, parent: str | None, attributes: Attributes, *, began: float | None = None) -> Span:
        """Return a span under a `traceparent`, or of a new trace; `began` in seconds since the epoch, now if absent."""
        ...


@dataclass(frozen=True, slots=True)
class _PassedOn:
    """Carries the parent on as it came."""

    traceparent: str | None

    def end(self, error: str | None = None) -> None:
        """Have nothing to end."""


class Untraced:
    """Records nothing; what producers sent as `traceparent` is carried on."""

    on = False

    def start(self, name: str, parent: str | None, attributes: Attributes, *, began: float | None = None) -> Span:  # noqa: ARG002
        """Return what carries the parent on."""
        return _PassedOn(parent)
