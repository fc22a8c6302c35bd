"""The order of test files for several processes: long ones first, so that none is left over at the end."""

from collections import defaultdict
from collections.abc import Sequence

import pytest

_LONG = ("chaos", "kafka", "browser")
"""Markers, the longest first: minutes, tens of seconds, seconds. What has none of them takes less."""


def long_first(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Return the tests with the files of long ones first; a file stays whole, and otherwise the order is as it was."""
    of_file: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        of_file[item.nodeid.partition("::")[0]].append(item)
    return [item for file in sorted(of_file.values(), key=_rank) for item in file]


def _rank(file: list[pytest.Item]) -> int:
    marks = {mark.name for item in file for mark in item.iter_markers()}
    return next((rank for rank, name in enumerate(_LONG) if name in marks), len(_LONG))
