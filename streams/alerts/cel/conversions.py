"""CEL's conversions between types, and the parts of times."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from streams.alerts.cel.errors import EvaluationError
from streams.alerts.cel.values import is_number, read_duration, read_timestamp, whole


def to_int(value: Any) -> int:
    """Return an int: of a number, a text or a time in seconds."""
    if isinstance(value, datetime):
        return int(value.timestamp())
    if is_number(value) or (isinstance(value, str) and value.lstrip("+-").isdecimal()):
        return whole(int(value))
    raise EvaluationError(f"{value!r} is no int")


def to_uint(value: Any) -> int:
    """Return an int that is not below 0."""
    found = to_int(value)
    if found < 0:
        raise EvaluationError(f"{value!r} is below 0")
    return found


def to_double(value: Any) -> float:
    """Return a double."""
    if is_number(value) or isinstance(value, str):
        return float(value)
    raise EvaluationError(f"{value!r} is no number")


def to_string(value: Any) -> str:
    """Return a value as text."""
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


def to_bytes(value: Any) -> bytes:
    """Return a value as bytes."""
    return value if isinstance(value, bytes) else to_string(value).encode()


def to_bool(value: Any) -> bool:
    """Return a bool, as text perhaps."""
    if isinstance(value, bool):
        return value
    if value in {"1", "t", "true", "TRUE", "True"}:
        return True
    if value in {"0", "f", "false", "FALSE", "False"}:
        return False
    raise EvaluationError(f"{value!r} is no bool")


def to_timestamp(value: Any) -> datetime:
    """Return a time, from RFC 3339."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, str):
        return read_timestamp(value)
    raise EvaluationError(f"{value!r} is no timestamp")


def to_duration(value: Any) -> timedelta:
    """Return a duration."""
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


def type_of(value: Any) -> str:
    """Return the name of a value's type."""
    return next((name for kind, name in _TYPES if isinstance(value, kind)), "object")


def part(read: Callable[[datetime], int], of_duration: Callable[[timedelta], int] | None = None) -> Callable[..., Any]:
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
