"""Where a subscriber wants to begin, read from its request."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final, Self

from streams.gateway.http.problem import Problem

_LIMIT_DIGITS: Final = 8
# All three spellings are in use among SSE servers.
CURSORS: Final = ("lastEventID", "last_event_id", "lastEventId")
"""Parameters that hold the last event's id, where a client can set no header."""
PARAMETERS: Final = frozenset({*CURSORS, "replay", "since", "limit"})


@dataclass(frozen=True, slots=True)
class Start:
    """Where to begin: after a cursor, at a time, with the newest revisions, or live."""

    cursor: str | None
    since: datetime | None
    latest: bool
    limit: int | None = None
    """Of the newest revisions, those of so many entries."""

    @classmethod
    def read(cls, query: Mapping[str, list[str]], last_event_id: str | None) -> Self:
        """Read the parameters and the header, which goes before them; raises a 400 that names what is wrong."""
        replay = one_value(query, "replay")
        if replay not in (None, "latest"):
            raise Problem(HTTPStatus.BAD_REQUEST, f"replay is {replay[:100]!r}; expected latest")
        limit = one_value(query, "limit")
        if limit is not None and not (
            limit.isascii() and limit.isdecimal() and len(limit) < _LIMIT_DIGITS and int(limit)
        ):
            raise Problem(HTTPStatus.BAD_REQUEST, f"limit is {limit[:100]!r}; expected a number from 1 on")
        cursor = read_cursor(query, last_event_id)
        return cls(cursor, read_time(query, "since"), replay == "latest", int(limit) if limit else None)


def read_cursor(query: Mapping[str, list[str]], last_event_id: str | None) -> str | None:
    """Return the cursor to go on after, if there is one; the header goes before the parameters."""
    return last_event_id or next((query[name][-1] for name in CURSORS if query.get(name, [""])[-1]), None)


def one_value(query: Mapping[str, list[str]], name: str) -> str | None:
    """Return a parameter's value, or None; raises a 400 for one that is given twice."""
    values = query.get(name, [])
    if len(values) > 1:
        raise Problem(HTTPStatus.BAD_REQUEST, f"{name} is given twice; expected one value")
    return values[0] if values else None


def read_stated_time(query: Mapping[str, list[str]], name: str) -> datetime | None:
    """Return a parameter that is a time; None if it is absent. Raises a 400 for anything else, an empty one too."""
    if query.get(name) == [""]:
        raise Problem(HTTPStatus.BAD_REQUEST, f"{name} is empty; expected a time such as 2026-01-31T08:00:00Z")
    return read_time(query, name)


def read_time(query: Mapping[str, list[str]], name: str) -> datetime | None:
    """Return a parameter that is a time; None if it is absent or empty. Raises a 400 for anything else."""
    value = one_value(query, name)
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(value.replace(" ", "+"))
    except ValueError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, f"{name} is {value[:100]!r}; expected an RFC 3339 time") from error
    if moment.tzinfo is None:
        raise Problem(HTTPStatus.BAD_REQUEST, f"{name} is {value[:100]!r}; expected a time with its zone, such as Z")
    return moment
