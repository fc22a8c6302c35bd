"""The index of skeletons without ids by what they show: one sorted array of hashed traits.

It is built when a quiet coverage gets a document, and dropped when the coverage is quiet again.
"""

from collections.abc import Hashable, Iterator, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

HAS_APPEARANCE: Final = 8
"""A bit of a row's state: the post has no id and is recognised by its appearance."""
NO_TIME: Final = -(2**63)
"""Stands in a row for a missing time."""

# The rows of `skeletons`, as numpy reads them.
_ROW: Final = np.dtype(
    [("id", "V16"), ("fingerprint", "<u8"), ("gist", "<u8"), ("revision", "<u4"), ("state", "u1"), ("form", "u1"),
     ("source", "<u4"), ("place", "<u4"), ("first", "<i8"), ("updated", "<i8"), ("original", "<u4")]
)  # fmt: skip
_APPEARANCE: Final = np.dtype(
    [("minute", "<i8"), ("headline_low", "<u4"), ("headline_high", "<u2"), ("body_low", "<u4"), ("body_high", "<u2")]
)
_FINGERPRINT, _APPEARANCES, _MINUTE, _HEADLINE, _BODY = range(5)
_KINDS: Final = {"minute": _MINUTE, "headline": _HEADLINE, "body": _BODY}
_MASK: Final = 2**64 - 1
_ODD: Final = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)

Numbers = npt.NDArray[np.uint64]


class SkeletonTraits:
    """Rows by what they show."""

    def __init__(self, rows: bytes, appearances: bytes, sources: Sequence[str]) -> None:
        table, shown = np.frombuffer(rows, _ROW), np.frombuffer(appearances, _APPEARANCE)
        self._sources = {name: number for number, name in enumerate(sources)}
        self._source = table["source"]
        minute, headline, body = shown["minute"].astype(np.uint64), _six(shown, "headline"), _six(shown, "body")
        appearance = _appearance(minute, headline, body)
        self._columns: tuple[Numbers, ...] = (table["fingerprint"], appearance, minute, headline, body)
        known = (table["state"] & HAS_APPEARANCE).astype(bool)
        absent = (0, None, NO_TIME & _MASK, 0, 0)
        keys, places = [], []
        for kind, column in enumerate(self._columns):
            none = absent[kind]
            wanted = known if none is None else known & (column != np.uint64(none))
            places.append(np.flatnonzero(wanted).astype(np.uint32))
            keys.append(_key(kind, self._source[wanted].astype(np.uint64), column[wanted].astype(np.uint64)))
        all_keys, all_places = np.concatenate(keys), np.concatenate(places)
        order = np.argsort(all_keys, kind="stable")
        self._keys, self._places = all_keys[order], all_places[order]

    def find(self, trait: Hashable) -> Iterator[int]:
        """Return the rows that have a trait, in the form that `memory/coverage.py` makes."""
        if not isinstance(trait, tuple) or (source := self._sources.get(trait[0])) is None:
            return
        kind, value = _kind_and_value(trait[1:])
        wanted = _key(kind, np.array([source], np.uint64), np.array([value], np.uint64))
        start, end = (int(np.searchsorted(self._keys, wanted, side)[0]) for side in ("left", "right"))
        column = self._columns[kind]
        for row in self._places[start:end].tolist():
            if self._source[row] == source and int(column[row]) == value:
                yield row


def _kind_and_value(named: Sequence[Any]) -> tuple[int, int]:
    if len(named) == 2:  # noqa: PLR2004  (such as "minute" and its number)
        return _KINDS[named[0]], named[1] & _MASK
    if isinstance(named[0], bytes):
        return _FINGERPRINT, int.from_bytes(named[0], "little")
    minute, headline, body = named[0]
    numbers = ((NO_TIME if minute is None else minute) & _MASK, headline, body)
    return _APPEARANCES, int(_appearance(*(np.array([number], np.uint64) for number in numbers))[0])


def _six(shown: npt.NDArray[Any], name: str) -> Numbers:
    """Return a column of numbers of six bytes."""
    low, high = (shown[f"{name}_{part}"].astype(np.uint64) for part in ("low", "high"))
    joined: Numbers = low | high << np.uint64(32)
    return joined


def _appearance(minute: Numbers, headline: Numbers, body: Numbers) -> Numbers:
    """Return the three numbers of a look in one."""
    return _mixed(minute * np.uint64(_ODD[0]) ^ _mixed(headline * np.uint64(_ODD[1]) + body))


def _key(kind: int, source: Numbers, value: Numbers) -> Numbers:
    return _mixed(value * np.uint64(_ODD[0]) + source * np.uint64(_ODD[1]) + np.uint64(kind * _ODD[2] & _MASK))


def _mixed(values: Numbers) -> Numbers:
    values = (values ^ (values >> np.uint64(29))) * np.uint64(_ODD[1])
    return values ^ (values >> np.uint64(32))
