"""The operands of a condition's `&&`: the cheap ones first, and what is work is done once for an entry.

CEL lets `&&` be evaluated in any order, for an operand that is false absorbs the errors of others. Rules often share an
operand, such as who is mentioned: the second rule takes the result, and is charged the steps that it took the first.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from streams.alerts.cel.errors import FAILURES, EvaluationError
from streams.alerts.cel.frame import READING, STEPS, Frame, Run, spend
from streams.alerts.cel.syntax import (
    Binary,
    Call,
    Index,
    ListLiteral,
    Literal,
    MapLiteral,
    Name,
    Node,
    Select,
    Ternary,
    Unary,
)


def operands(node: Node) -> list[Node]:
    """Return what `&&` connects, as written."""
    if isinstance(node, Binary) and node.operator == "&&":
        return [*operands(node.left), *operands(node.right)]
    return [node]


def conjunction(parts: Sequence[tuple[Node, str, Run]]) -> Run:
    """Return the closure of all operands, each with its text."""
    cheap = [run for node, _, run in parts if not _works(node)]
    runs = (*cheap, *(_shared(text, run) for node, text, run in parts if _works(node)))
    if len(runs) == 1:
        return runs[0]

    def all_hold(frame: Frame) -> bool:
        failure: Exception | None = None
        for run in runs:
            try:
                found: Any = run(frame)
            except FAILURES as error:
                failure = error
                continue
            if found is False:
                return False
            if found is not True:
                failure = EvaluationError("an operand of && is no condition")
        if failure is not None:
            raise failure
        return True

    return all_hold


def _shared(text: str, run: Run) -> Run:
    """Let the same text be evaluated once for an entry."""

    def look(frame: Frame) -> Any:
        results = frame[READING].results
        if (known := results.get(text)) is not None:
            found, steps = known
            spend(frame, steps)
            return found
        before = frame[STEPS]
        found = run(frame)
        results[text] = found, before - frame[STEPS]
        return found

    return look


def _works(node: Node) -> bool:
    """Return whether an operand calls a function or loops."""
    return isinstance(node, Call) or any(map(_works, _inside(node)))


def _inside(node: Node) -> Iterator[Node]:
    match node:
        case Literal() | Name():
            return
        case Select() | Unary():
            yield node.operand
        case Index():
            yield from (node.operand, node.key)
        case Binary():
            yield from (node.left, node.right)
        case Ternary():
            yield from (node.test, node.yes, node.no)
        case ListLiteral():
            yield from node.items
        case MapLiteral():
            for item in node.items:
                yield from item
