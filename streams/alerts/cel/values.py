"""How values compare and combine, as CEL says, but for null: a comparison with it is false."""

import math
import operator
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from streams.alerts.cel.errors import EvaluationError

_SMALLEST, _LARGEST = -(2**63), 2**63 - 1
_UNITS: Final = {"h": 3_600_000_000, "m": 60_000_000, "s": 1_000_000, "ms": 1000, "us": 1, "µs": 1, "ns": 0.001}
_DURATION: Final = re.compile(r"[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:h|ms|us|µs|ns|m|s))+|[+-]?0")
_PART: Final = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(h|ms|us|µs|ns|m|s)")
_TIMESTAMP: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)")


def is_number(value: Any) -> bool:
    """Return whether a value is an int or a double; Python's bool is not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def equal(left: Any, right: Any) -> bool:
    """Return whether two values are equal; null equals nothing here, a literal `null` is asked for elsewhere."""
    if left is None or right is None:
        return False
    return same(left, right)


def same(left: Any, right: Any) -> bool:
    """Return whether two values are equal inside lists and maps, where null is a value."""
    if isinstance(left, bool) is not isinstance(right, bool):
        return False
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(value, right[key]) for key, value in left.items())
    return bool(left == right)


_COMPARABLE: Final = (str, bytes, bool, datetime, timedelta)


def ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """Return an order that is false with null, and an error between values of two types."""

    def run(left: Any, right: Any) -> bool:
        if left is None or right is None:
            return False
        if (is_number(left) and is_number(right)) or any(
            isinstance(left, kind) and isinstance(right, kind) for kind in _COMPARABLE
        ):
            return compare(left, right)
        raise EvaluationError(f"{left!r} and {right!r} have no order")

    return run


def whole(value: int) -> int:
    """Return an int that fits into 64 bits; raises `EvaluationError`."""
    if _SMALLEST <= value <= _LARGEST:
        return value
    raise EvaluationError("integer overflow")


def add(left: Any, right: Any) -> Any:
    """Add numbers, times and durations; join strings and lists."""
    if is_number(left) and is_number(right):
        return whole(left + right) if isinstance(left, int) and isinstance(right, int) else left + right
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return (*left, *right)
    if any(isinstance(left, kind) and isinstance(right, kind) for kind in (str, bytes, timedelta)):
        return operator.add(left, right)
    if isinstance(left, datetime) and isinstance(right, timedelta):
        return left + right
    if isinstance(left, timedelta) and isinstance(right, datetime):
        return right + left
    raise EvaluationError(f"{left!r} and {right!r} have no sum")


def subtract(left: Any, right: Any) -> Any:
    """Subtract numbers, times and durations."""
    if is_number(left) and is_number(right):
        return whole(left - right) if isinstance(left, int) and isinstance(right, int) else left - right
    if isinstance(left, datetime) and isinstance(right, datetime | timedelta):
        return left - right
    if isinstance(left, timedelta) and isinstance(right, timedelta):
        return left - right
    raise EvaluationError(f"{left!r} and {right!r} have no difference")


def multiply(left: Any, right: Any) -> Any:
    """Multiply numbers."""
    _numbers(left, right)
    return whole(left * right) if isinstance(left, int) and isinstance(right, int) else left * right


def divide(left: Any, right: Any) -> Any:
    """Divide numbers; ints towards zero."""
    _numbers(left, right)
    if isinstance(left, int) and isinstance(right, int):
        quotient = abs(left) // abs(right)
        return whole(quotient if (left < 0) is (right < 0) else -quotient)
    if right == 0:
        return math.nan if left == 0 or math.isnan(left) else math.copysign(math.inf, left) * math.copysign(1, right)
    return left / right


def modulo(left: Any, right: Any) -> int:
    """Return the remainder of ints, with the sign of the left one."""
    if not (is_number(left) and is_number(right) and isinstance(left, int) and isinstance(right, int)):
        raise EvaluationError(f"{left!r} and {right!r} have no remainder")
    rest = abs(left) % abs(right)
    return -rest if left < 0 else rest


def _numbers(left: Any, right: Any) -> None:
    if not (is_number(left) and is_number(right)):
        raise EvaluationError(f"{left!r} and {right!r} are not two numbers")


def read_timestamp(text: str) -> datetime:
    """Return the time that RFC 3339 text means."""
    if not _TIMESTAMP.fullmatch(text):
        raise EvaluationError(f"{text!r} is no timestamp; expected one such as 2024-05-01T12:00:00Z")
    return datetime.fromisoformat(text).astimezone(UTC)


def read_duration(text: str) -> timedelta:
    """Return the duration that text such as `1h30m` means."""
    if not _DURATION.fullmatch(text):
        raise EvaluationError(f"{text!r} is no duration; expected one such as 1h30m")
    microseconds = sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(text))
    return timedelta(microseconds=-microseconds if text.startswith("-") else microseconds)


def index(container: Any, key: Any) -> Any:
    """Return a list's or a map's element."""
    if isinstance(container, dict):
        if key in container:
            return container[key]
        raise EvaluationError(f"no key {key!r}")
    if isinstance(container, list | tuple) and is_number(key) and key == int(key):
        if 0 <= key < len(container):
            return container[int(key)]
        raise EvaluationError(f"index {key} is outside a list of {len(container)}")
    raise EvaluationError(f"{container!r} has no element {key!r}")


def contains(container: Any, value: Any) -> bool:
    """Return whether a list has an element, or a map a key."""
    if value is None:
        return False
    if isinstance(container, dict | list | tuple):
        return any(same(each, value) for each in container)
    raise EvaluationError(f"{container!r} is no list")
