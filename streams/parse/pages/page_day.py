"""The day that a page is dated with, for clocks without a date."""

import re
from datetime import date
from typing import Final

from streams.parse.payload.payload import Payload
from streams.parse.times.moment import read_time, stamp_day
from streams.parse.times.stamp import read_stamp

_META: Final = (
    ('meta[property="article:modified_time"]', "content"), ('meta[itemprop="dateModified"]', "content"),
    ('meta[name="last-modified"]', "content"), ('meta[property="og:updated_time"]', "content"),
    ('meta[property="article:published_time"]', "content"), ('meta[itemprop="datePublished"]', "content"),
    ('meta[name="DC.date.issued"]', "content"), ('meta[name="date"]', "content"), ('meta[name="pubdate"]', "content"),
)  # fmt: skip
_LINES: Final = '[class*="publish"], [class*="updated"], [class*="dateline"], [class*="date"]'
_LONGEST_CHARS: Final = 60
_LD: Final = re.compile(r'"(?:dateModified|datePublished)"\s*:\s*"([^"]{8,40})"')


def dated_day(payload: Payload) -> date | None:
    """Return the day of the page's newest version, in the source's zone; None when the page doesn't say."""
    for selector, name in _META:
        node = payload.html.css_first(selector)
        if node and (moment := read_time(node.attributes.get(name), payload)):
            return moment.at.astimezone(payload.source.zone).date()
    for node in payload.html.css(_LINES)[:50]:
        text = " ".join((node.text() or "").split())
        stamp = read_stamp(text) if len(text) < _LONGEST_CHARS else None
        if stamp and stamp.dated and (day := stamp_day(stamp, payload)):
            return day
    if (found := _LD.search(payload.text)) and (moment := read_time(found[1], payload)):
        return moment.at.astimezone(payload.source.zone).date()
    return None


def stated_zone(payload: Payload) -> str | None:
    """Return the zone that the page's own date line names ("5:00PM GMT 31 Dec 2014")."""
    for node in payload.html.css(_LINES)[:50]:
        text = " ".join((node.text() or "").split())
        stamp = read_stamp(text) if len(text) < _LONGEST_CHARS else None
        if stamp and stamp.dated and stamp.zone:
            return stamp.zone
    return None
