"""CEL's functions, and ours over entries."""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

import re2

from streams.alerts.cel import conversions
from streams.alerts.cel.errors import CelTypeError, EvaluationError
from streams.alerts.cel.frame import CHARS_A_STEP, Frame, Run, spend
from streams.alerts.cel.syntax import Call, Literal, Node
from streams.alerts.cel.types import (
    BOOL,
    BYTES,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    MAP,
    STRING,
    TIMESTAMP,
    TYPE,
    Type,
    fits,
    list_of,
)
from streams.alerts.cel.values import read_duration, read_timestamp

_LIST = list_of(DYN)
_PATTERN_MEMORY_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Function:
    """A function: the types that each argument may have, the first of a method being its target."""

    takes: tuple[tuple[Type, ...], ...]
    result: Type
    call: Callable[..., Any]
    optional: int = 0
    framed: bool = False
    """Whether it is given the frame as well."""

    def check(self, node: Call, given: Sequence[Type]) -> None:
        """Raise `CelTypeError` unless the arguments fit."""
        hidden = 1 if node.target is not None and len(given) > len(node.arguments) else 0
        if not len(self.takes) - self.optional <= len(given) <= len(self.takes):
            expected = len(self.takes) - hidden
            raise CelTypeError(f"{node.name} takes {expected} values; found {len(given) - hidden}", node.start)
        for found, wanted in zip(given, self.takes, strict=False):
            if not any(fits(found, each) for each in wanted):
                expected_types = " or ".join(map(str, wanted))
                raise CelTypeError(f"{node.name} takes a {expected_types}; found {found}", node.start)

    def compile(self, arguments: Sequence[Run]) -> Run:
        """Return the closure of a call."""
        call = self.call
        match arguments:
            case [text, part] if self.framed:
                return lambda frame: call(frame, text(frame), part(frame))
            case [only] if not self.framed:
                return lambda frame: call(only(frame))
        if self.framed:
            return lambda frame: call(frame, *[run(frame) for run in arguments])
        return lambda frame: call(*[run(frame) for run in arguments])


def _size(value: Any) -> int:
    if isinstance(value, str | bytes | list | tuple | dict):
        return len(value)
    raise EvaluationError(f"{value!r} has no size")


def _text(frame: Frame, text: Any, part: Any, test: Callable[[str, str], bool]) -> bool:
    if not isinstance(text, str) or not isinstance(part, str):
        raise EvaluationError("expected two strings")
    spend(frame, (len(text) + len(part)) // CHARS_A_STEP)
    return test(text, part)


@lru_cache(maxsize=256)
def pattern(text: str) -> Any:
    """Return a compiled pattern: RE2, as CEL says, whose time grows with the text alone; raises `re2.error`."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _PATTERN_MEMORY_BYTES
    return re2.compile(text, options)


def _matches(frame: Frame, text: Any, wanted: Any) -> bool:
    if not isinstance(text, str) or not isinstance(wanted, str):
        raise EvaluationError("expected two strings")
    spend(frame, (len(text) + len(wanted)) // CHARS_A_STEP + 1)
    try:
        return pattern(wanted).search(text) is not None
    except re2.error as error:
        raise EvaluationError(f"{wanted!r} is no pattern") from error


_TIME = (TIMESTAMP,)
_MOMENT = (TIMESTAMP, DURATION)
_ZONE = (STRING,)
_ANY = (DYN,)


def _days(read: Callable[[datetime], int]) -> Function:
    return Function((_TIME, _ZONE), INT, conversions.part(read), optional=1)


def _clock(read: Callable[[datetime], int], of_duration: Callable[[timedelta], int]) -> Function:
    return Function((_MOMENT, _ZONE), INT, conversions.part(read, of_duration), optional=1)


_SIZED = Function(((STRING, BYTES, _LIST, MAP),), INT, _size)
_STRINGS = ((STRING,), (STRING,))

METHODS: Final[dict[str, Function]] = {
    "size": _SIZED,
    "contains": Function(_STRINGS, BOOL, lambda f, s, p: _text(f, s, p, operator.contains), framed=True),
    "startsWith": Function(_STRINGS, BOOL, lambda f, s, p: _text(f, s, p, str.startswith), framed=True),
    "endsWith": Function(_STRINGS, BOOL, lambda f, s, p: _text(f, s, p, str.endswith), framed=True),
    "matches": Function(_STRINGS, BOOL, _matches, framed=True),
    "getFullYear": _days(lambda t: t.year),
    "getMonth": _days(lambda t: t.month - 1),
    "getDate": _days(lambda t: t.day),
    "getDayOfMonth": _days(lambda t: t.day - 1),
    "getDayOfWeek": _days(lambda t: t.isoweekday() % 7),
    "getDayOfYear": _days(lambda t: t.timetuple().tm_yday - 1),
    "getHours": _clock(lambda t: t.hour, lambda d: int(d.total_seconds() / 3600)),
    "getMinutes": _clock(lambda t: t.minute, lambda d: int(d.total_seconds() / 60)),
    "getSeconds": _clock(lambda t: t.second, lambda d: int(d.total_seconds())),
    "getMilliseconds": _clock(lambda t: t.microsecond // 1000, lambda d: d.microseconds // 1000),
}

FUNCTIONS: Final[dict[str, Function]] = {
    "size": _SIZED,
    "matches": METHODS["matches"],
    "int": Function((_ANY,), INT, conversions.to_int),
    "uint": Function((_ANY,), INT, conversions.to_uint),
    "double": Function((_ANY,), DOUBLE, conversions.to_double),
    "string": Function((_ANY,), STRING, conversions.to_string),
    "bytes": Function((_ANY,), BYTES, conversions.to_bytes),
    "bool": Function((_ANY,), BOOL, conversions.to_bool),
    "timestamp": Function(((STRING, TIMESTAMP),), TIMESTAMP, conversions.to_timestamp),
    "duration": Function(((STRING, DURATION),), DURATION, conversions.to_duration),
    "type": Function((_ANY,), TYPE, conversions.type_of),
    "dyn": Function((_ANY,), DYN, lambda value: value),
}


def check_constant(node: Call, arguments: Sequence[Node]) -> None:
    """Refuse a literal that a function will never take: a pattern, a time or a duration that is none."""
    last = arguments[-1] if arguments else None
    if not isinstance(last, Literal) or not isinstance(last.value, str):
        return
    try:
        if node.name == "matches":
            pattern(last.value)
        elif node.name == "timestamp":
            read_timestamp(last.value)
        elif node.name == "duration":
            read_duration(last.value)
    except (EvaluationError, ValueError) as error:
        raise CelTypeError(str(error), last.start) from error
    except re2.error as error:
        raise CelTypeError(f"{last.value!r} is no pattern (RE2)", last.start) from error
