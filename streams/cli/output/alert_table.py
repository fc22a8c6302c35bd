"""A dry run's table: a rule a row."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from schemas.alert import HeldBack
from streams.alerts.against import Difference, Told
from streams.alerts.trial import Tally

_BY_REASON: Final = tuple(HeldBack)


def alert_table(tallies: Mapping[str, Tally], failures: Mapping[str, int]) -> Iterable[str]:
    """Yield the lines: what each rule told, what it held back by reason, and its busiest hour."""
    failed = any(failures.values())
    rows = [["rule", "told", *map(str, _BY_REASON), "busiest hour", *(["failed"] if failed else [])]]
    for rule, tally in tallies.items():
        busiest = f"{tally.busiest[0]:%Y-%m-%d %H}:00 ({tally.busiest[1]})" if tally.busiest else "-"
        held_back = [str(tally.held_back[reason]) for reason in _BY_REASON]
        rows.append([rule, str(tally.told), *held_back, busiest, *([str(failures.get(rule, 0))] if failed else [])])
    return _aligned(rows)


def difference_lines(difference: Difference) -> Iterable[str]:
    """Yield what is told more, less and at another time than under other rules."""
    yield f"more: {len(difference.more)}"
    yield from (f"  + {_line(told)}" for told in difference.more)
    yield f"less: {len(difference.less)}"
    yield from (f"  - {_line(told)}" for told in difference.less)
    yield f"at another time: {len(difference.moved)}"
    for before, now in difference.moved:
        yield f"  ~ {_line(now)} (was {before.at:%Y-%m-%dT%H:%M:%SZ})"


def _line(told: Told) -> str:
    return f"{told.at:%Y-%m-%dT%H:%M:%SZ} {told.rule_id} {told.change}: {told.title}"


def _aligned(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
