"""Which part of the past a replay covers, and at which speed, read from its request."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final, Self

from streams.gateway.delivery.start import CURSORS, one_value, read_time
from streams.gateway.http.problem import Problem
from streams.replay.pace import SpeedError, read_speed

PARAMETERS: Final = frozenset({*CURSORS, "from", "to", "speed"})


@dataclass(frozen=True, slots=True)
class Period:
    """From a time on, to another or without an end."""

    begins: datetime
    """Within."""
    ends: datetime | None
    """Without."""
    speed: float | None
    """How many times as fast as it happened; None for as fast as possible."""

    @classmethod
    def read(cls, query: Mapping[str, list[str]]) -> Self:
        """Read the parameters; raises a 400 that names what is wrong."""
        begins, ends = read_time(query, "from"), read_time(query, "to")
        if begins is None:
            raise Problem(HTTPStatus.BAD_REQUEST, "from is missing; expected the time to begin at (RFC 3339)")
        if ends is not None and ends < begins:
            raise Problem(HTTPStatus.BAD_REQUEST, "from is after to; expected an earlier time")
        try:
            speed = read_speed(one_value(query, "speed") or "max")
        except SpeedError as error:
            raise Problem(HTTPStatus.BAD_REQUEST, f"speed: {str(error)[:200]}") from error
        return cls(begins, ends, speed)

    @property
    def begins_ms(self) -> int:
        """The first millisecond since 1970 that counts."""
        return int(self.begins.timestamp() * 1000)

    def holds(self, timestamp_ms: int) -> bool:
        """Whether a revision received at this time, in milliseconds since 1970, belongs to it."""
        return timestamp_ms >= self.begins_ms and (self.ends is None or timestamp_ms < self.ends.timestamp() * 1000)
