"""What IPTC's formats share: publishing status, embargo and urgency."""

import re
from datetime import datetime

from schemas.post import Status
from streams.parse.payload.payload import Payload
from streams.parse.times.moment import read_time

_WITHHELD = {"withheld", "draft", "submitted", "in_progress", "inprogress", "scheduled", "embargoed", "routed",
             "fetched", "ingested", "pending", "withhold", "hold"}  # fmt: skip
_CANCELED = {"canceled", "cancelled", "cancel", "killed", "kill", "recalled", "deleted", "unpublished", "spiked",
             "withdrawn", "retracted", "mandatorykill"}  # fmt: skip

_ZONED_DATE = re.compile(r"(\d{8}|\d{4}-\d\d-\d\d)(Z|[+-]\d\d:?\d\d)")


def read_status(*said: object) -> Status:
    """Return the strongest status among the values, in IPTC's, NewsML 1's and Superdesk's words; usable without any.

    A code may carry its scheme: `stat:canceled`.
    """
    words = {word.rsplit(":", 1)[-1].rsplit("/", 1)[-1].strip().lower() for word in said if isinstance(word, str)}
    if words & _CANCELED:
        return Status.CANCELED
    return Status.WITHHELD if words & _WITHHELD else Status.USABLE


def read_embargo(said: object, version_time: object, payload: Payload) -> datetime | None:
    """Return the end of an embargo, or None for one that was over when this version was made.

    No clock is read: a document gives the same posts whenever it is parsed. The pipeline publishes a held post when
    its time has come.
    """
    until = read_time(said, payload)
    if until is None:
        return None
    made = read_time(version_time, payload)
    return None if made is not None and until.at <= made.at else until.at


def read_urgency(*said: object) -> int | None:
    """Return the first value that is an urgency (IPTC's 1 to 9), or None."""
    for value in said:
        text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
        if len(text) == 1 and text in "123456789":
            return int(text)
    return None


def iptc_time(said: str | None) -> str | None:
    """Return a time of NITF or NewsML in a form that ISO 8601 readers take: a date may have a zone and no clock."""
    if said is None:
        return None
    text = " ".join(said.split())
    if found := _ZONED_DATE.fullmatch(text):
        return f"{found[1].replace('-', '')}T000000{found[2].replace(':', '')}"
    return text or None
