"""Datelines: place, perhaps a date, and agency before an agency's first sentence."""

import re
from typing import Final

from streams.parse.words.agencies import WIRES

_PLACE: Final = r"(?:[^\W\d_a-z]|de\b|la\b|le\b|am\b|an\b|der\b)[\w.'\u2019/-]{0,30}"
_PLACES: Final = rf"{_PLACE}(?:,?[ ](?:{_PLACE}|\d{{1,2}})){{0,5}}"
_AGENCY: Final = rf"(?:\([^()\n]{{0,12}}?\b{WIRES}\b[^()\n]{{0,12}}\)|/{WIRES}/)"
_DAY: Final = r"(?:, \d{1,2}\.? [^\W\d_]{3,9}\.?(?: \d{4})?)?"
_DATELINE: Final = re.compile(rf"(?P<line>{_PLACES}{_DAY},? ?{_AGENCY})(?=[ .:=\u2013\u2014-]|$)")
_AGENCY_FIRST: Final = re.compile(rf"(?P<line>\({WIRES}\) ?[-\u2013\u2014] ?{_PLACES})(?= ?[-\u2013\u2014:])")
_ANY_AGENCY: Final = re.compile(
    r"(?P<line>[A-Z\u00c0-\u00de][A-Z\u00c0-\u00de .'\u2019/-]{2,40}(?:, [\w. ]{2,30})? \([^()\n]{2,25}\))"
    r"(?= ?[-\u2013\u2014])"
)
_LONGEST_CHARS: Final = 120
_END: Final = " \t\n:;=_-\u2013\u2014"


def dateline_of(text: str | None) -> str | None:
    """Return the dateline with which a text begins, without the dash after it."""
    start = " ".join((text or "")[: 2 * _LONGEST_CHARS].split())
    found = _DATELINE.match(start) or _AGENCY_FIRST.match(start) or _ANY_AGENCY.match(start)
    return found["line"] if found else None


def best_dateline(stated: str | None, text: str | None) -> str | None:
    """Return the dateline that an item states, or the one at the start of its text if that also has the agency."""
    said = " ".join((stated or "").split()).strip(_END)
    if said and (said[0].isdigit() or len(said) > _LONGEST_CHARS):  # a time, which has fields of its own
        said = ""
    shown = dateline_of(text)
    if shown and (not said or said.split(",")[0].casefold() in shown.casefold()):
        return shown
    return said or None
