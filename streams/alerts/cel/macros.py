"""CEL's loops over lists: `all`, `exists`, `exists_one`, `filter`, `map`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from streams.alerts.cel.errors import FAILURES, EvaluationError
from streams.alerts.cel.frame import STEPS, Frame, Run, spend


@dataclass(frozen=True, slots=True)
class Macro:
    """How a loop is written."""

    usage: str
    arguments: frozenset[int] = frozenset({2})


MACROS: Final = {
    "all": Macro("x, condition"),
    "exists": Macro("x, condition"),
    "exists_one": Macro("x, condition"),
    "filter": Macro("x, condition"),
    "map": Macro("x, value", frozenset({2, 3})),
}


def run(name: str, operand: Run, slot: int, *bodies: Run) -> Run:
    """Return the closure of a loop."""
    return _LOOPS[name](operand, slot, *bodies)


def _elements(values: Any) -> Iterable[Any]:
    if isinstance(values, list | tuple | dict):
        return values
    raise EvaluationError(f"{values!r} is no list")


def _any(operand: Run, slot: int, body: Run, *, wanted: bool) -> Run:
    """Stop at the first element that decides; its errors count only if none does."""

    def loop(frame: Frame) -> bool:
        failure: Exception | None = None
        for value in _elements(operand(frame)):
            frame[STEPS] -= 1
            if frame[STEPS] < 0:
                spend(frame, 0)
            frame[slot] = value
            try:
                found: Any = body(frame)
            except FAILURES as error:
                failure = error
                continue
            if found is wanted:
                return bool(wanted)
            if not isinstance(found, bool):
                failure = EvaluationError(f"{found!r} is no condition")
        if failure is not None:
            raise failure
        return not wanted

    return loop


def _exists(operand: Run, slot: int, body: Run) -> Run:
    return _any(operand, slot, body, wanted=True)


def _all(operand: Run, slot: int, body: Run) -> Run:
    return _any(operand, slot, body, wanted=False)


def _filtered(frame: Frame, operand: Run, slot: int, body: Run) -> list[Any]:
    kept = []
    for value in _elements(operand(frame)):
        spend(frame, 1)
        frame[slot] = value
        if body(frame) is True:
            kept.append(value)
    return kept


def _exists_one(operand: Run, slot: int, body: Run) -> Run:
    return lambda frame: len(_filtered(frame, operand, slot, body)) == 1


def _filter(operand: Run, slot: int, body: Run) -> Run:
    return lambda frame: tuple(_filtered(frame, operand, slot, body))


def _map(operand: Run, slot: int, *bodies: Run) -> Run:
    transform = bodies[-1]
    condition = bodies[0] if len(bodies) > 1 else None

    def loop(frame: Frame) -> tuple[Any, ...]:
        found = []
        for value in _elements(operand(frame)):
            spend(frame, 1)
            frame[slot] = value
            if condition is None or condition(frame) is True:
                found.append(transform(frame))
        return tuple(found)

    return loop


_LOOPS: Final[dict[str, Callable[..., Run]]] = {
    "all": _all,
    "exists": _exists,
    "exists_one": _exists_one,
    "filter": _filter,
    "map": _map,
}
