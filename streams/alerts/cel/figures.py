"""Numbers and places of an entry, as rules ask for them."""

import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from schemas.entry import Entry

_EARTH_RADIUS_KM: Final = 6371.0088


def largest(entry: "Entry", kind: str) -> float | None:
    """Return the largest figure of a kind, or None; a score counts as the sum of its two sides, which a goal raises."""
    found = [
        sum(figure.value) if isinstance(figure.value, tuple) else figure.value
        for figure in entry.figures
        if figure.kind == kind
    ]
    return max(found, default=None)


def distance_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Return the distance of two places along the earth's surface."""
    one, other = math.radians(latitude), math.radians(other_latitude)
    across = math.radians(other_longitude - longitude)
    half = math.sin((other - one) / 2) ** 2 + math.cos(one) * math.cos(other) * math.sin(across / 2) ** 2
    return 2 * _EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))
