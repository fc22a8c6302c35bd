"""CEL's operators: which types they take, and their closures."""

import operator
from collections.abc import Callable
from typing import Any, Final

from streams.alerts.cel import values
from streams.alerts.cel.errors import FAILURES, CelTypeError, EvaluationError
from streams.alerts.cel.frame import CHARS_A_STEP, Frame, Run, spend
from streams.alerts.cel.syntax import Binary
from streams.alerts.cel.types import BOOL, DOUBLE, DYN, INT, Kind, Type, fits, joined

_ORDERS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ARITHMETIC: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "+": values.add,
    "-": values.subtract,
    "*": values.multiply,
    "/": values.divide,
    "%": values.modulo,
}
_SCALARS: Final = {Kind.STRING, Kind.BYTES, Kind.BOOL, Kind.TIMESTAMP, Kind.DURATION}
_TIMES: Final = {
    ("+", Kind.TIMESTAMP, Kind.DURATION): Kind.TIMESTAMP,
    ("+", Kind.DURATION, Kind.TIMESTAMP): Kind.TIMESTAMP,
    ("+", Kind.DURATION, Kind.DURATION): Kind.DURATION,
    ("-", Kind.TIMESTAMP, Kind.TIMESTAMP): Kind.DURATION,
    ("-", Kind.TIMESTAMP, Kind.DURATION): Kind.TIMESTAMP,
    ("-", Kind.DURATION, Kind.DURATION): Kind.DURATION,
}


def binary_type(sign: str, left: Type, right: Type, node: Binary) -> Type:
    """Return the type of `left sign right`; raises `CelTypeError`."""
    if sign in {"&&", "||"}:
        fine = fits(left, BOOL) and fits(right, BOOL)
    elif sign == "in":
        fine = right.kind in {Kind.MAP, Kind.DYN} or (
            right.kind is Kind.LIST and (right.element is None or fits(left, right.element))
        )
    elif sign in {"==", "!="}:
        fine = fits(left, right) or Kind.NULL in {left.kind, right.kind}
    elif sign in _ORDERS:
        fine = _ordered(left, right)
    else:
        return _arithmetic_type(sign, left, right, node)
    if not fine:
        raise CelTypeError(f"{left} {sign} {right} never holds; both sides must fit", node.start)
    return BOOL


def _ordered(left: Type, right: Type) -> bool:
    if {left.kind, right.kind} & {Kind.DYN, Kind.NULL}:
        return True
    return (left.numeric and right.numeric) or (left.kind is right.kind and left.kind in _SCALARS)


def _arithmetic_type(sign: str, left: Type, right: Type, node: Binary) -> Type:
    if Kind.DYN in {left.kind, right.kind}:
        return DYN
    if left.numeric and right.numeric:
        if sign == "%" and DOUBLE in {left, right}:
            raise CelTypeError("% takes ints", node.start)
        return INT if left == right == INT else DOUBLE
    if kind := _TIMES.get((sign, left.kind, right.kind)):
        return Type(kind)
    if sign == "+" and left.kind is right.kind and left.kind in {Kind.STRING, Kind.BYTES}:
        return Type(left.kind)
    if sign == "+" and left.kind is right.kind is Kind.LIST:
        return Type(Kind.LIST, joined(left.element or DYN, right.element or DYN))
    raise CelTypeError(f"{left} {sign} {right} has no meaning", node.start)


def binary(sign: str, left_type: Type, right_type: Type, left: Run, right: Run) -> Run:
    """Return the closure of `left sign right`."""
    if sign in {"&&", "||"}:
        return _logic(left, right, decides=sign == "||")
    if sign in {"==", "!="}:
        return _equality(left_type, right_type, left, right, negated=sign == "!=")
    if sign == "in":
        return lambda frame: _in(frame, left, right)
    if sign in _ORDERS:
        return _order(_ORDERS[sign], left_type, right_type, left, right)
    combine = _ARITHMETIC[sign]
    if sign == "+":
        return lambda frame: _charged(frame, combine(left(frame), right(frame)))
    return lambda frame: combine(left(frame), right(frame))


def _logic(left: Run, right: Run, *, decides: bool) -> Run:
    """Return `||` (True decides) or `&&` (False decides): the deciding side absorbs an error of the other."""

    def run(frame: Frame) -> bool:
        try:
            first: Any = left(frame)
        except FAILURES:
            if right(frame) is decides:
                return bool(decides)
            raise
        if first is decides:
            return bool(decides)
        second = right(frame)
        if second is decides:
            return bool(decides)
        if isinstance(first, bool) and isinstance(second, bool):
            return not decides
        raise EvaluationError("an operand of && or || is no condition")

    return run


def _equality(left_type: Type, right_type: Type, left: Run, right: Run, *, negated: bool) -> Run:
    """Return `==` or `!=`; with a literal `null` it asks for absence, otherwise null makes both of them false."""
    if Kind.NULL in {left_type.kind, right_type.kind}:
        return lambda frame: ((left(frame) is None) is (right(frame) is None)) is not negated
    kinds = {left_type.kind, right_type.kind}
    if kinds in ({Kind.STRING}, {Kind.BOOL}):  # never null, nothing to convert
        return (lambda frame: left(frame) != right(frame)) if negated else (lambda frame: left(frame) == right(frame))

    def run(frame: Frame) -> bool:
        one, other = left(frame), right(frame)
        if one is None or other is None:
            return False
        return values.same(one, other) is not negated

    return run


def _order(compare: Callable[[Any, Any], bool], left_type: Type, right_type: Type, left: Run, right: Run) -> Run:
    if Kind.DYN in {left_type.kind, right_type.kind}:
        checked = values.ordered(compare)
        return lambda frame: checked(left(frame), right(frame))

    def run(frame: Frame) -> bool:
        one = left(frame)
        if one is None:
            return False
        other = right(frame)
        return other is not None and compare(one, other)

    return run


def _in(frame: Frame, left: Run, right: Run) -> bool:
    value, container = left(frame), right(frame)
    if isinstance(container, list | tuple | dict):
        spend(frame, len(container) // CHARS_A_STEP)
        if isinstance(value, str) and not isinstance(container, dict):
            return value in container
    return values.contains(container, value)


def _charged(frame: Frame, value: Any) -> Any:
    if isinstance(value, str | bytes):
        spend(frame, len(value) // CHARS_A_STEP)
    elif isinstance(value, tuple):
        spend(frame, len(value))
    return value


def unary(sign: str, operand: Run) -> Run:
    """Return the closure of `!operand` or `-operand`."""
    if sign == "!":

        def negate(frame: Frame) -> bool:
            value = operand(frame)
            if isinstance(value, bool):
                return not value
            raise EvaluationError(f"{value!r} is no condition")

        return negate
    return lambda frame: values.subtract(0, operand(frame))


def ternary(test: Run, yes: Run, no: Run) -> Run:
    """Return the closure of `test ? yes : no`."""

    def run(frame: Frame) -> Any:
        value = test(frame)
        if not isinstance(value, bool):
            raise EvaluationError(f"{value!r} is no condition")
        return yes(frame) if value else no(frame)

    return run


def select(operand: Run, name: str, found: Type) -> Run:
    """Return the closure of a model's field: absent strings and lists are empty, booleans false, the rest null."""
    empty: Any = {Kind.STRING: "", Kind.LIST: (), Kind.BOOL: False}.get(found.kind)
    if empty is None:
        return lambda frame: getattr(operand(frame), name, None)

    def run(frame: Frame) -> Any:
        value = getattr(operand(frame), name, None)
        return empty if value is None else value

    return run


def present(value: Any) -> bool:
    """Return whether a field is there."""
    return value is not None and value is not False and value not in ("", ())
