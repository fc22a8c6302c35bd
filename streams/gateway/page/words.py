"""Words for people: clocks, days, names of sources and fields; the same as in `files/words.js`."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from streams.gateway.page.html import Html, element

_FIELDS: Final = {
    "body_text": "text",
    "body_html": "text",
    "authors": "byline",
    "media": "pictures",
    "key_event": "key moment",
    "url": "address",
    "published_at": "time",
    "subjects": "topics",
}


def clock(moment: datetime) -> str:
    """Return hours and minutes in UTC; the browser puts its own in their place."""
    return moment.astimezone(UTC).strftime("%H:%M")


def day(moment: datetime) -> str:
    """Return a day in UTC, such as `Wednesday, 1 May 2024`."""
    utc = moment.astimezone(UTC)
    return f"{utc:%A}, {utc.day} {utc:%B %Y}"


def time_of(moment: datetime) -> Html:
    """Return the element of a time: its clock, with day and zone for who points at it."""
    utc = moment.astimezone(UTC)
    told = utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return element("time", {"datetime": told, "title": f"{day(utc)}, {utc:%H:%M:%S} UTC"}, clock(utc))


def name_of(identifier: str) -> str:
    """Return a name to show, made from an id such as `evening-post`: a source has no other."""
    return " ".join(word[0].upper() + word[1:] for word in re.split(r"[-_.]+", identifier) if word)


def field_names(fields: Iterable[str]) -> str:
    """Return what was changed, in words."""
    return ", ".join(dict.fromkeys(_FIELDS.get(each, each.replace("_", " ")) for each in fields))


def count(number: int, one: str, many: str) -> str:
    """Return a number of things."""
    return f"{number:,} {one if number == 1 else many}"


def quoted(identifier: str) -> str:
    """Return a coverage's id as a part of a path."""
    return quote(identifier, safe="")
