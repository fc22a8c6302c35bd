"""A revision of an alert as the projection keeps it, and what a reader may ask for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from schemas.alert import AlertChange

OVER: Final = frozenset({AlertChange.WITHDRAWN, AlertChange.LAPSED, AlertChange.ENDED})
"""Changes after which an alert stands no more."""


@dataclass(frozen=True, slots=True)
class AlertRevision:
    """A record of `liveline.alerts`, as it stands there."""

    partition: int
    offset: int
    alert_id: str
    revision: int
    coverage_id: str
    rule_id: str
    change: AlertChange
    notify: bool
    at: datetime
    value: bytes
    story_id: str | None = None
    """The story that it speaks of, or that its entry belongs to."""


@dataclass(frozen=True, slots=True)
class AlertQuery:
    """Which alerts are asked for, judged by their newest revision; an empty set lets all through."""

    coverages: Collection[str] = ()
    rules: Collection[str] = ()
    changes: Collection[AlertChange] = ()
    since: datetime | None = None
    """Changed at this time or later."""


@dataclass(frozen=True, slots=True)
class AlertList:
    """Some alerts, each in its newest revision as JSON, newest first."""

    values: Sequence[bytes]
    next: int | None
    """Where the next page starts; None after the last."""


@dataclass(frozen=True, slots=True)
class PlacedAlert:
    """A revision with its place in the log."""

    coverage_id: str
    value: bytes
    position: Mapping[int, int]
    """The position after it."""


@dataclass(frozen=True, slots=True)
class AlertPage:
    """Some revisions of the log, and the position after them."""

    values: Sequence[PlacedAlert]
    position: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Firing:
    """What the projection knows of a rule."""

    rule_id: str
    told_at: datetime
    """When it last told anybody of anything."""
    alerts: int
    """Of how many alerts it ever told."""
