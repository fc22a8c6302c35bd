"""The rules of a sink of `liveline.yaml`, with its condition compiled."""

from dataclasses import dataclass
from datetime import timedelta

from schemas.alert_rule import Sink
from streams.sinks.quiet import QuietHours


@dataclass(frozen=True, slots=True)
class SinkRules:
    """When a sink is sent what."""

    id: str
    late: timedelta
    quiet: QuietHours | None = None
    digest: timedelta | None = None
    most: int | None = None

    @classmethod
    def of(cls, sink: Sink) -> "SinkRules":
        """Return the rules of a sink, its condition compiled."""
        return cls(sink.id, sink.late, QuietHours.of(sink.quiet) if sink.quiet else None, sink.digest, sink.most)
