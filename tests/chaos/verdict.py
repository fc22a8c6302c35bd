"""What a chaos run says at its end."""

from chaos.fleet import Fleet
from chaos.log import Report


def verdict(test: str, report: Report, fleet: Fleet, seconds: float) -> int:
    """Print what was wrong, then one line that tells all, and return the exit code: 0 is right, 1 is wrong."""
    for example in report.examples:
        print(example)
    print(
        f"{test}: {'right' if report.right else f'WRONG {report.wrong}'}; {report.figures['documents']} documents, "
        f"{fleet.rebalances()} rebalances, {fleet.refused()} batches refused, {seconds:.0f} s; log: {fleet.log}"
    )
    return 0 if report.right else 1
