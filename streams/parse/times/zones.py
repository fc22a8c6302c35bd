"""Zone names as newsrooms write them, from `BST` to `GMT+5:30`, and the offsets they mean."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

_MINUTES: Final = {
    "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 60, "BST": 60, "WAT": 60, "CET": 60, "MEZ": 60, "CEST": 120,
    "MESZ": 120, "EET": 120, "CAT": 120, "SAST": 120, "EEST": 180, "IDT": 180, "EAT": 180, "MSK": 180, "TRT": 180,
    "AST": -240, "GST": 240, "IRST": 210, "AFT": 270, "PKT": 300, "UZT": 300, "IST": 330, "NPT": 345, "ICT": 420,
    "WIB": 420, "WITA": 480, "SGT": 480, "HKT": 480, "MYT": 480, "PHT": 480, "AWST": 480, "JST": 540, "KST": 540,
    "ACST": 570, "ACDT": 630, "AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780, "ADT": -180, "BRT": -180,
    "NDT": -150, "NST": -210, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360,
    "PST": -480, "PDT": -420, "AKST": -540, "AKDT": -480, "HST": -600,
}  # fmt: skip
_WIRES_MINUTES: Final = {"UT": 0, "HEC": 120}
"""Names that only wires use; elsewhere they are words."""
_REGIONS: Final = {
    "ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles",
    "AET": "Australia/Sydney", "UKT": "Europe/London",
}  # fmt: skip
_OFFSET: Final = r"(?:UTC|GMT)?[+\u2212-](?:\d{2}:?\d{2}|\d{1,2}(?::\d{2})?)(?![\w:])"
NAME: Final = rf"(?:{_OFFSET}|(?:{'|'.join(sorted((*_MINUTES, *_REGIONS), key=len, reverse=True))})\b)"
"""A pattern of all names, for patterns of whole stamps; case matters: `et` and `pet` are words."""
_SIGNED: Final = re.compile(r"(?:UTC|GMT)?([+\u2212-])(\d{1,2}):?(\d{2})?")
_FARTHEST_MINUTES: Final = 14 * 60


def zone_of(name: str, local: datetime, home: tzinfo) -> tzinfo | None:
    """Return the zone that a name means at a local time, or None.

    IST is India's, Ireland's and Israel's: a name that is in use in the source's own zone at that time is that one.
    """
    if name not in ("UTC", "GMT", "Z") and local.replace(tzinfo=home).tzname() == name:
        return home
    if name in _REGIONS:
        return ZoneInfo(_REGIONS[name])
    if (minutes := _MINUTES.get(name, _WIRES_MINUTES.get(name))) is not None:
        return timezone(timedelta(minutes=minutes)) if minutes else UTC
    if signed := _SIGNED.fullmatch(name):
        minutes = int(signed[2]) * 60 + int(signed[3] or 0)
        if minutes <= _FARTHEST_MINUTES:
            return timezone(timedelta(minutes=minutes if signed[1] == "+" else -minutes))
    return None
