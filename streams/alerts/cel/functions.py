"""CEL's functions, and ours over entries."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

import re2

from streams.alerts.cel.errors import CelTypeError, EvaluationError
from streams.alerts.cel.figures import distance_km, largest
from streams.alerts.cel.frame import CHARS_A_STEP, READING, Frame, Run, spend
from streams.alerts.cel.reads import Project
from streams.alerts.cel.syntax import Call, Literal, Node
from streams.alerts.cel.text import folded
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
from streams.alerts.cel.values import is_number, read_duration, read_timestamp, whole

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
        if self.framed:
            return lambda frame: call(frame, *[run(frame) for run in arguments])
        if len(arguments) == 1:
            (only,) = arguments
            return lambda frame: call(only(frame))
        return lambda frame: call(*[run(frame) for run in arguments])


@dataclass(frozen=True, slots=True)
class EntryFunction(Function):
    """A function of an entry, with the values of the entry that it reads."""

    reads: Callable[[list[Any]], Project] = lambda _: lambda _: None


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


def _int(value: Any) -> int:
    if isinstance(value, datetime):
        return int(value.timestamp())
    if is_number(value) or (isinstance(value, str) and value.lstrip("+-").isdecimal()):
        return whole(int(value))
    raise EvaluationError(f"{value!r} is no int")


def _uint(value: Any) -> int:
    found = _int(value)
    if found < 0:
        raise EvaluationError(f"{value!r} is below 0")
    return found


def _double(value: Any) -> float:
    if is_number(value) or isinstance(value, str):
        return float(value)
    raise EvaluationError(f"{value!r} is no number")


def _string(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, timedelta):
        return f"{value.total_seconds():g}s"
    if is_number(value):
        return f"{value:g}" if isinstance(value, float) else str(value)
    raise EvaluationError(f"{value!r} is no text")


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else _string(value).encode()


def _bool(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value in {"1", "t", "true", "TRUE", "True"}:
        return True
    if value in {"0", "f", "false", "FALSE", "False"}:
        return False
    raise EvaluationError(f"{value!r} is no bool")


def _timestamp(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, str):
        return read_timestamp(value)
    raise EvaluationError(f"{value!r} is no timestamp")


def _duration(value: Any) -> timedelta:
    if isinstance(value, timedelta):
        return value
    if isinstance(value, str):
        return read_duration(value)
    raise EvaluationError(f"{value!r} is no duration")


_TYPES: Final = (
    (bool, "bool"),
    (int, "int"),
    (float, "double"),
    (str, "string"),
    (bytes, "bytes"),
    (datetime, "timestamp"),
    (timedelta, "duration"),
    (list | tuple, "list"),
    (dict, "map"),
    (type(None), "null_type"),
)


def _type(value: Any) -> str:
    return next((name for kind, name in _TYPES if isinstance(value, kind)), "object")


def _part(read: Callable[[datetime], int], of_duration: Callable[[timedelta], int] | None = None) -> Callable[..., Any]:
    """Return a getter of a time, in UTC or a given zone; of null it is null."""

    def run(value: Any, zone: str = "UTC") -> int | None:
        if value is None:
            return None
        if isinstance(value, timedelta):
            if of_duration is None:
                raise EvaluationError("a duration has no date")
            return of_duration(value)
        try:
            return read(value.astimezone(ZoneInfo(zone)))
        except (KeyError, OSError) as error:
            raise EvaluationError(f"{zone!r} is no time zone") from error

    return run


_TIME = (TIMESTAMP,)
_MOMENT = (TIMESTAMP, DURATION)
_ZONE = (STRING,)
_ANY = (DYN,)


def _days(read: Callable[[datetime], int]) -> Function:
    return Function((_TIME, _ZONE), INT, _part(read), optional=1)


def _clock(read: Callable[[datetime], int], of_duration: Callable[[timedelta], int]) -> Function:
    return Function((_MOMENT, _ZONE), INT, _part(read, of_duration), optional=1)


_SIZED = Function(((STRING, BYTES, _LIST, MAP),), INT, _size)
_STRINGS = ((STRING,), (STRING,))

METHODS: Final[dict[str, Function]] = {
    "size": _SIZED,
    "contains": Function(_STRINGS, BOOL, lambda f, s, p: _text(f, s, p, lambda a, b: b in a), framed=True),
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
    "int": Function((_ANY,), INT, _int),
    "uint": Function((_ANY,), INT, _uint),
    "double": Function((_ANY,), DOUBLE, _double),
    "string": Function((_ANY,), STRING, _string),
    "bytes": Function((_ANY,), BYTES, _bytes),
    "bool": Function((_ANY,), BOOL, _bool),
    "timestamp": Function(((STRING, TIMESTAMP),), TIMESTAMP, _timestamp),
    "duration": Function(((STRING, DURATION),), DURATION, _duration),
    "type": Function((_ANY,), TYPE, _type),
    "dyn": Function((_ANY,), DYN, lambda value: value),
}


def _mentions(frame: Frame, name: Any) -> bool:
    text = frame[READING].mentionable
    spend(frame, len(text) // CHARS_A_STEP)
    wanted = folded(name)
    return bool(wanted.strip()) and wanted in text


def _figure(frame: Frame, kind: Any) -> float | None:
    return largest(frame[0], kind)


def _near(frame: Frame, latitude: Any, longitude: Any, km: Any) -> bool:
    if not (is_number(latitude) and is_number(longitude) and is_number(km)):
        raise EvaluationError("expected three numbers")
    spend(frame, len(frame[0].places))
    return any(
        place.latitude is not None
        and place.longitude is not None
        and distance_km(latitude, longitude, place.latitude, place.longitude) <= km
        for place in frame[0].places
    )


_NUMBERS = ((DOUBLE,), (DOUBLE,), (DOUBLE,))

ENTRY_FUNCTIONS: Final[dict[str, EntryFunction]] = {
    "mentions": EntryFunction(
        ((STRING,),),
        BOOL,
        _mentions,
        framed=True,
        reads=lambda _: lambda e: (e.headline, e.body_text, tuple((x.name, x.text) for x in e.entities)),
    ),
    "figure": EntryFunction(
        ((STRING,),),
        DOUBLE,
        _figure,
        framed=True,
        reads=lambda given: (
            (lambda e: largest(e, given[0]))
            if given[0] is not None
            else (lambda e: tuple((f.kind.value, f.value) for f in e.figures))
        ),
    ),
    "near": EntryFunction(
        _NUMBERS,
        BOOL,
        _near,
        framed=True,
        reads=lambda _: lambda e: tuple((p.latitude, p.longitude) for p in e.places),
    ),
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


__all__ = ["ENTRY_FUNCTIONS", "FUNCTIONS", "METHODS", "EntryFunction", "Function", "check_constant"]
