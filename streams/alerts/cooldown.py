"""Whether an alert's next cause is told, joins in silence or raises a new alert."""

from datetime import datetime, timedelta
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streams.alerts.state import AlertState


class Course(Enum):
    """What becomes of a cause."""

    RAISE = auto()
    JOIN = auto()


def course(current: "AlertState | None", at: datetime, cooldown: timedelta, *, fresh: bool) -> Course:
    """Return whether a cause raises a new alert of its subject or joins the current one.

    The cooldown runs from the last revision that was told and is over when it is complete. An alert that nobody was
    told of has none: a fresh cause raises a new one, another old one joins it.
    """
    if current is None:
        return Course.RAISE
    if current.told_at is None:
        return Course.RAISE if fresh else Course.JOIN
    return Course.JOIN if at < current.told_at + cooldown else Course.RAISE


def rises(figures: dict[str, float], told: dict[str, float], kinds: tuple[str, ...]) -> bool:
    """Return whether a figure of a kind is higher than what was told last, or of a kind not told before."""
    return any(kind in figures and (kind not in told or figures[kind] > told[kind]) for kind in kinds)


def falls(figures: dict[str, float], before: dict[str, float]) -> bool:
    """Return whether a figure is lower than in the revision before."""
    return any(kind in figures and figures[kind] < value for kind, value in before.items())
