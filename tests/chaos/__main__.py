"""`make chaos`: the long ledger test, then the rebalance storm; the last line says whether all was right."""

import sys

from chaos import ledger, storm


def main() -> int:
    """Return 0 when both were right, 1 when not."""
    verdicts = [ledger.run(ledger.Plan()), storm.run(storm.Plan())]
    right = all(verdict.right for verdict in verdicts)
    print("", *(verdict.line for verdict in verdicts), sep="\n")
    print(f"chaos: {'right' if right else 'WRONG'}, {sum(verdict.rebalances for verdict in verdicts)} rebalances")
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
