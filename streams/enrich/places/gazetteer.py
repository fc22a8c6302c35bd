"""Places by name, from a table kept as the bytes of its file: 4 MB, where a dictionary of it takes 40.

It is sorted by name in bytes, so a name is found by halving: 17 steps for 80,000 rows. Mapping the file would share it
between workers, and kill them all with a bus error when an upgrade overwrites it in place.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from streams.text.fold import fold

_CACHED_NAMES: Final = 8_000


class Kind(StrEnum):
    """What a place is."""

    COUNTRY = "country"
    REGION = "region"
    CITY = "city"
    CONTINENT = "continent"


@dataclass(frozen=True, slots=True)
class Known:
    """One thing that a name may mean."""

    kind: Kind
    name: str
    country: str
    """ISO 3166-1 alpha-2, or empty for a continent."""
    region: str
    """GeoNames' code of the first administrative level: of US states their postal code."""
    latitude: float
    longitude: float
    population: int


@cache
def _table() -> bytes:
    return (files(__package__) / "data" / "places.tsv").read_bytes()


@lru_cache(maxsize=_CACHED_NAMES)
def places_named(name: str) -> tuple[Known, ...]:
    """Return all that a name may mean, in the order of the table; case and accents don't matter."""
    table = _table()
    key = fold(name).encode() + b"\t"
    low, high = 0, len(table)
    while low < high:
        middle = (low + high) // 2
        start = table.rfind(b"\n", 0, middle) + 1
        if table[start : start + len(key)] < key:
            end = table.find(b"\n", middle)
            low = len(table) if end < 0 else end + 1
        else:
            high = start
    found: list[Known] = []
    while table[low : low + len(key)] == key:
        end = table.find(b"\n", low)
        found.append(_known(table[low:end].decode()))
        low = end + 1
    return tuple(found)


def _known(line: str) -> Known:
    _, kind, name, country, region, latitude, longitude, population = line.split("\t")
    return Known(Kind(kind), name, country, region, float(latitude), float(longitude), int(population))
