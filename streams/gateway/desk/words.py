"""Words for editors: times, what happened, and why nobody was told."""

from datetime import datetime, timedelta
from typing import Final

from schemas.alert import AlertChange, HeldBack
from streams.gateway.desk.markup import Html, element

CHANGES: Final = {
    AlertChange.RAISED: "Raised",
    AlertChange.UPDATED: "Updated",
    AlertChange.WITHDRAWN: "Withdrawn",
    AlertChange.LAPSED: "Lapsed",
    AlertChange.ENDED: "Over",
}
HELD_BACK: Final = {
    HeldBack.UNCHANGED: "nothing changed that the rule looks at",
    HeldBack.COOLDOWN: "it was told a short while ago",
    HeldBack.OLD: "the news was old when it came in",
    HeldBack.OVER: "it is over",
}
_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)


def time_element(at: datetime, form: str = "clock") -> Html:
    """Return a time in UTC, which the script makes the reader's own; `form` is `clock`, short if today, or `day`."""
    return element("time", f"{at:%d %b, %H:%M} UTC", datetime=f"{at:%Y-%m-%dT%H:%M:%SZ}", data_form=form)


def age(since: timedelta) -> str:
    """Return how long ago something was, roughly."""
    if since < _MINUTE:
        return "just now"
    for unit, name in ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute")):
        if since >= unit:
            count = since // unit
            return f"{count} {name}{'' if count == 1 else 's'} ago"
    return "just now"


def name_of(id_: str) -> str:
    """Return an id as a name: `evening-post` is `Evening Post`."""
    parts = id_.replace("_", "-").replace(".", "-").split("-")
    return " ".join(part[:1].upper() + part[1:] for part in parts if part) or id_


def counted(number: int, one: str, many: str) -> str:
    """Return a number with its noun, such as `2 alerts`."""
    return f"{number:,} {one if number == 1 else many}"
