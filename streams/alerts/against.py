"""Two dry runs compared: what the newer rules tell more, less or at another time."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from schemas.alert import Alert


class Told(NamedTuple):
    """A revision that was told, as far as a comparison needs it."""

    rule_id: str
    coverage_id: str
    subject: str
    change: str
    raised_by: str
    """The alert's id: rule, subject and raising revision."""
    at: datetime
    title: str

    @classmethod
    def of(cls, alert: Alert) -> "Told":
        """Return what a comparison needs of a revision."""
        subject = f"{alert.subject.kind} {alert.subject.id}"
        return cls(alert.rule_id, alert.coverage_id, subject, alert.change.value, alert.alert_id, alert.at, alert.title)


@dataclass(frozen=True, slots=True)
class Difference:
    """What two runs tell differently."""

    more: tuple[Told, ...]
    less: tuple[Told, ...]
    moved: tuple[tuple[Told, Told], ...]
    """The same told at another time: before, now."""


def difference(old: Iterable[Told], new: Iterable[Told]) -> Difference:
    """Match what was told: first exactly, then the same of one alert, then of one subject; the rest is more or less."""
    gone, come, moved = list(old), list(new), []
    for key in (_exactly, _of_alert, _of_subject):
        gone, come, pairs = _matched(gone, come, key)
        moved += [(before, now) for before, now in pairs if before.at != now.at]
    return Difference(tuple(come), tuple(gone), tuple(sorted(moved, key=lambda pair: pair[1].at)))


def _exactly(told: Told) -> Hashable:
    return (told.raised_by, told.change, told.at)


def _of_alert(told: Told) -> Hashable:
    return (told.raised_by, told.change)


def _of_subject(told: Told) -> Hashable:
    return (told.rule_id, told.coverage_id, told.subject, told.change)


def _matched(
    gone: list[Told], come: list[Told], key: Callable[[Told], Hashable]
) -> tuple[list[Told], list[Told], list[tuple[Told, Told]]]:
    waiting: dict[Hashable, list[Told]] = {}
    for told in gone:
        waiting.setdefault(key(told), []).append(told)
    left, pairs = [], []
    for told in come:
        same = waiting.get(key(told))
        if same:
            pairs.append((same.pop(0), told))
        else:
            left.append(told)
    return [told for each in waiting.values() for told in each], left, pairs
