"""Long lists of ids, for queries whose number of parameters a database bounds."""

from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

_IDS_AT_ONCE: Final = 500
Id = TypeVar("Id", int, str)


def in_parts(ids: Iterable[Id], at_once: int = _IDS_AT_ONCE) -> Iterator[list[Id]]:
    """Yield the ids in order, so many at a time; nothing for none."""
    wanted = sorted(ids)
    for start in range(0, len(wanted), at_once):
        yield wanted[start : start + at_once]
