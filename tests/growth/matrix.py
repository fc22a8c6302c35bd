"""The complete growth matrix: every format and every text of the deduplication, at every place, by every unit.

    python -m tests.growth.matrix [--part 0.1] [--only feed ...]

Each case works on 1 MB in a process of its own. Those over a second of processor time or 300 MB are printed as they
come, then the worst of all; the exit code is 1 if any was over.
"""

import argparse
import random
import sys
from collections.abc import Iterator

from streams.parse import format_names
from tests.growth.measure import Cost, cost_alone
from tests.growth.work import Case, cases_of_format, cases_of_texts, warm_up

_SIZE = 1_000_000
_MOST_SECONDS = 1.0
_MOST_MEGABYTES = 300
_SHOWN = 15


def main() -> int:
    """Measure the matrix, or a part of it."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--part", type=float, default=1.0, help="share of the cases, chosen by --seed")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--only", action="append", help="a format, or `texts`; may be given again")
    told = arguments.parse_args()
    dice = random.Random(told.seed)
    warm_up()
    rows: list[tuple[Cost, Case]] = []
    over = 0
    for case in _cases(told.only or [*format_names(), "texts"]):
        if dice.random() >= told.part:
            continue
        cost = _confirmed(case)
        rows.append((cost, case))
        if _is_over(cost):
            over += 1
            print(_row(cost, case), flush=True)
    print(
        f"\n{len(rows)} cases of {_SIZE:,} characters, {over} over {_MOST_SECONDS} s or {_MOST_MEGABYTES} MB, slowest:"
    )
    for cost, case in sorted(rows, key=lambda row: -row[0].seconds)[:_SHOWN]:
        print(_row(cost, case))
    print("largest:")
    for cost, case in sorted(rows, key=lambda row: -row[0].megabytes)[:_SHOWN]:
        print(_row(cost, case))
    return bool(over)


def _cases(names: list[str]) -> Iterator[Case]:
    for name in names:
        yield from cases_of_texts() if name == "texts" else cases_of_format(name)


def _confirmed(case: Case) -> Cost:
    """Return what a case costs; one that seems too slow is measured again, for others use the machine as well."""
    cost = cost_alone(lambda: case.prepare(_SIZE))
    if _is_over(cost) and not cost.killed:
        cost = min(cost, cost_alone(lambda: case.prepare(_SIZE)), key=lambda each: each.seconds)
    return cost


def _is_over(cost: Cost) -> bool:
    return cost.killed or cost.seconds > _MOST_SECONDS or cost.megabytes > _MOST_MEGABYTES


def _row(cost: Cost, case: Case) -> str:
    took = "  killed" if cost.killed else f"{cost.seconds:6.2f} s"
    return f"{took} {cost.megabytes:5} MB  {case}"


if __name__ == "__main__":
    sys.exit(main())
