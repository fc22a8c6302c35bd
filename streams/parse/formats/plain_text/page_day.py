"""The day that a page is dated with, where its time lines have none."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from streams.parse.formats.plain_text.sections import Page
from streams.parse.formats.plain_text.time_line import read_update_mark
from streams.parse.lines.captions import read_caption
from streams.parse.payload.payload import Payload
from streams.parse.times.moment import stamp_day
from streams.parse.times.stamp import Stamp, read_stamp

_PUBLISHED: Final = re.compile(r"(?i)(?:first )?(?:published|posted|created|issued|date)\b\s*(?:on|at)?\s*:?\s*")
_SIGNED: Final = re.compile(r"\(@\w{1,20}\)\s+(?=[^\W\d_]{3,9} \d{1,2}, \d{4}$|\d{1,2} [^\W\d_]{3,9} \d{4}$)")
_ANY_DATE: Final = re.compile(r"\b(?:[^\W\d_]{3,9}\.? \d{1,2}, \d{4}|\d{1,2} [^\W\d_]{3,9} \d{4})\b")
_FILED: Final = re.compile(r"(?i)\bfile (?:photo|picture|pic|image)|\barchive\b")
_NEAR: Final = timedelta(days=2)


def page_day(page: Page, payload: Payload) -> date | None:
    """Return the day a page is dated with: its own line for it, else what captions and quoted posts agree on.

    The latter only where the document was received days later: a page read from an archive. A day on which two of
    them are dated, and after which none is, is the day of the newest posts.
    """
    stated = [page.lead_day] if page.lead_day else []
    for line in page.lead:
        stated += [stamp for stamp in (read_update_mark(line.text), _published(line.text)) if stamp and stamp.dated]
    for stamp in stated:
        if day := stamp_day(stamp, payload):
            return day
    return _evident(page, payload)


def is_dateline(text: str) -> bool:
    """Whether a line of the lead only says when the page was published or updated."""
    return read_update_mark(text) is not None or _published(text) is not None


def _published(text: str) -> Stamp | None:
    mark = _PUBLISHED.match(text)
    stamp = read_stamp(text, mark.end()) if mark else None
    return stamp if stamp and not text[stamp.end :].strip(" .,;)") else None


def _evident(page: Page, payload: Payload) -> date | None:
    received = payload.received_at.astimezone(payload.source.zone).date()
    days = Counter(day for day in _days(page, payload) if day <= received)
    if not days:
        return None
    latest = max(days)
    return latest if days[latest] > 1 and received - latest > _NEAR else None


def _days(page: Page, payload: Payload) -> Iterable[date]:
    for line in (line for section in page.sections for line in section.lines):
        stamp: Stamp | None = None
        if signed := _SIGNED.search(line.text):
            stamp = read_stamp(line.text, signed.end())
        elif not _FILED.search(line.text) and read_caption(line.text) and (found := _ANY_DATE.search(line.text)):
            stamp = read_stamp(found[0])
        if stamp and stamp.year and (day := stamp_day(stamp, payload)):
            yield day
