"""Our functions over an entry: `mentions`, `figure`, `near`."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from streams.alerts.cel.errors import EvaluationError
from streams.alerts.cel.figures import distance_km, largest
from streams.alerts.cel.frame import CHARS_A_STEP, READING, Frame, spend
from streams.alerts.cel.functions import Function
from streams.alerts.cel.reads import Project
from streams.alerts.cel.text import folded
from streams.alerts.cel.types import BOOL, DOUBLE, STRING
from streams.alerts.cel.values import is_number


@dataclass(frozen=True, slots=True)
class EntryFunction(Function):
    """A function of an entry, with the values of the entry that it reads."""

    reads: Callable[[list[Any]], Project] = lambda _: lambda _: None


def _mentions(frame: Frame, name: Any) -> bool:
    text = frame[READING].mentionable
    spend(frame, len(text) // CHARS_A_STEP)
    wanted = _wanted(name)
    return bool(wanted) and wanted in text


@lru_cache(maxsize=1024)
def _wanted(name: Any) -> str:
    """Return the folded name between spaces, or an empty text if there is no word in it."""
    wanted = folded(name)
    return wanted if wanted.strip() else ""


def _figure(frame: Frame, kind: Any) -> float | None:
    return largest(frame[0], kind)


def _near(frame: Frame, latitude: Any, longitude: Any, km: Any) -> bool:
    if not (is_number(latitude) and is_number(longitude) and is_number(km)):
        raise EvaluationError("expected three numbers")
    spend(frame, len(frame[0].places))
    return any(
        place.latitude is not None
        and place.longitude is not None
        and distance_km(latitude, longitude, place.latitude, place.longitude) <= km
        for place in frame[0].places
    )


_NUMBERS = ((DOUBLE,), (DOUBLE,), (DOUBLE,))

ENTRY_FUNCTIONS: Final[dict[str, EntryFunction]] = {
    "mentions": EntryFunction(
        ((STRING,),),
        BOOL,
        _mentions,
        framed=True,
        reads=lambda _: lambda e: (e.headline, e.body_text, tuple((x.name, x.text) for x in e.entities)),
    ),
    "figure": EntryFunction(
        ((STRING,),),
        DOUBLE,
        _figure,
        framed=True,
        reads=lambda given: (
            (lambda e: largest(e, given[0]))
            if given[0] is not None
            else (lambda e: tuple((f.kind.value, f.value) for f in e.figures))
        ),
    ),
    "near": EntryFunction(
        _NUMBERS,
        BOOL,
        _near,
        framed=True,
        reads=lambda _: lambda e: tuple((p.latitude, p.longitude) for p in e.places),
    ),
}
