"""Series of figures, made from the revisions of entries: what each said when, and whether it still says so."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from schemas import Entry, Status
from schemas.entry import Bound, Figure, FigureKind

Value = float | int | tuple[float | int, float | int]


@dataclass(slots=True)
class Point:
    """A figure as a revision gave it first."""

    at: datetime
    value: Value
    bound: Bound | None
    entry: Entry
    standing: bool = True
    """Until the entry says otherwise, or is gone."""

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {
            "at": self.at,
            "value": self.value,
            **({"bound": self.bound.value} if self.bound else {}),
            "source_id": self.entry.source_id,
            "entry_id": self.entry.entry_id,
            "revision": self.entry.revision,
            "standing": self.standing,
        }


@dataclass(frozen=True, slots=True)
class Series:
    """All points of a kind and a unit, oldest first."""

    kind: FigureKind
    unit: str | None
    points: list[Point]

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {
            "kind": self.kind.value,
            **({"unit": self.unit} if self.unit else {}),
            "points": [point.to_dict() for point in self.points],
        }


Key = tuple[FigureKind, str | None, Value, Bound | None]


@dataclass(slots=True)
class _Story:
    """An entry's figures as its revisions pass."""

    points: list[tuple[FigureKind, str | None, Point]] = field(default_factory=list)
    stands: dict[Key, Point] = field(default_factory=dict)
    duplicate: bool = False
    """Of its newest revision."""

    def go_on(self, entry: Entry) -> None:
        self.duplicate = entry.duplicate_of is not None
        said = {_key(figure): figure for figure in entry.figures} if entry.status is Status.USABLE else {}
        for key in self.stands.keys() - said.keys():
            self.stands.pop(key).standing = False
        at = entry.updated_at or entry.published_at or entry.received_at
        for key, figure in said.items():
            if key not in self.stands:
                point = Point(at, figure.value, figure.bound, entry)
                self.stands[key] = point
                self.points.append((figure.kind, figure.unit, point))


def series_of(
    revisions: Iterable[Entry], kinds: Collection[FigureKind] = (), *, duplicates: bool = False
) -> list[Series]:
    """Return the series of some kinds, of all if none is named; revisions stand in the order of the log.

    An entry makes a point in each revision in which its value, or its bound, is another one.
    """
    stories: dict[str, _Story] = {}
    for entry in revisions:
        stories.setdefault(entry.entry_id, _Story()).go_on(entry)
    found: dict[tuple[FigureKind, str | None], list[Point]] = {}
    for story in stories.values():
        if story.duplicate and not duplicates:
            continue
        for kind, unit, point in story.points:
            if not kinds or kind in kinds:
                found.setdefault((kind, unit), []).append(point)
    order = list(FigureKind)
    return [
        Series(kind, unit, sorted(points, key=lambda point: point.at))
        for (kind, unit), points in sorted(found.items(), key=lambda each: (order.index(each[0][0]), each[0][1] or ""))
    ]


def _key(figure: Figure) -> Key:
    return figure.kind, figure.unit, figure.value, figure.bound
