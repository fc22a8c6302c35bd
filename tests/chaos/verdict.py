"""What a chaos run says at its end, on one line."""

from dataclasses import dataclass

from chaos.fleet import Fleet
from chaos.log import Report


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a run was right, and how much it was put through."""

    test: str
    right: bool
    rebalances: int
    line: str


def verdict(test: str, report: Report, fleet: Fleet, seconds: float) -> Verdict:
    """Judge a run, and print what was wrong."""
    for example in report.examples:
        print(example)
    said = "right" if report.right else f"WRONG {report.wrong}"
    rebalances = fleet.rebalances()
    line = (
        f"{test}: {said}; {report.figures['documents']:,} documents, {rebalances} rebalances, "
        f"{fleet.refused()} batches refused, {seconds:.0f} s; log: {fleet.log}"
    )
    print(line, flush=True)
    return Verdict(test, report.right, rebalances, line)
