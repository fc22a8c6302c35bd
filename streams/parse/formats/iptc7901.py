"""IPTC 7901 wire messages, as teleprinters had them: a header line, keywords, headline, text, date-time group.

    SOH eca062 4 i 211 dpa 061        service and number, priority, category, words
    Harbour/fire/                     keywords
    STX 2ND LEAD                      advisory lines, headline, byline; the last ends with "="
    Two hurt in harbour fire
    By Ana Reyes, dpa =
       Port Example (dpa) - ...
    ETX 011205 GMT May 24 EOT         day, hour and minute, month and year

Control characters are often lost on the way; the lines tell enough without them.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from schemas.post import Post, Subject
from streams.parse.build import build_post
from streams.parse.parsed import Parsed, collect
from streams.parse.payload.payload import Payload
from streams.parse.registry import parser
from streams.parse.times.months import month_of
from streams.parse.times.zones import zone_of
from streams.parse.wires.agency_text import joined_notes
from streams.parse.wires.dateline import dateline_of
from streams.parse.wires.desk_lines import part_plain_desk_lines
from streams.parse.wires.wrapped_text import paragraphs_of
from streams.parse.words.byline import read_byline

SOH, STX, ETX = "\x01", "\x02", "\x03"
_HEADER: Final = re.compile(
    r"^[\x00-\x08\x0b\x0c\x0e-\x1f\x7f \t]{0,20}(?P<service>[A-Za-z]{2,4}) ?(?P<number>\d{2,5})[ \t]+"
    r"(?P<priority>[1-9])[ \t]+(?P<category>[A-Za-z\u00c0-\u00ff]{1,4})[ \t]+(?P<words>\d{1,5})\b[^\r\n]{0,60}\r?$",
    re.MULTILINE,
)
_GROUP: Final = re.compile(
    r"^[\s\x03]*(?P<day>\d\d)(?P<hour>\d\d)(?P<minute>\d\d)[ \t]*(?P<zone>[A-Za-z]{1,4})?[ \t]+"
    r"(?P<month>[^\W\d_]{3,9})\.?[ \t]+(?P<year>\d{4}|\d\d)[\s\x00-\x1f\x7f]*$"
)
_NOT_PUBLISHED: Final = re.compile(
    r"(?im)^(?:#+ .{0,40}(?:notebook|notizblock|notepad)|[ \t]*(?:\* ?){3,}|dpa-notizblock).*$"
)
_BYLINE: Final = re.compile(r"(?i)^(?:by|von|par|por|door|di|av)\s")
_ADVISORY: Final = re.compile(
    r"[A-Z0-9][A-Z0-9 .:/-]{2,60}|\([^()]{2,120}\)"
    r"|(?i:corr\w*|repeat\w*|update\w*|refile\w*|kor\w*|wdh|zf|zus\w*)\b.{0,60}"
)
_HEADING_LINES: Final = 12
_FULL_CHARS: Final = 50  # characters: a heading's line that long goes on in the next


def is_iptc7901(payload: Payload) -> bool:
    """Whether a document begins with the header line of a wire message."""
    if payload.looks_like_json or payload.head[:1] == b"<":
        return False
    start = payload.document.body[:600].decode("latin-1")
    found = _HEADER.search(start)
    return found is not None and not start[: found.start()].strip("\x00\x01\x02\x03\x04\x16\x7f \r\n\t")


@parser("iptc7901", looks_like=is_iptc7901, rank=30)
def parse_iptc7901(payload: Payload) -> Parsed:
    """Read a message, or several one after another."""
    messages = [(str(place), message) for place, message in enumerate(_messages(_text(payload)))]
    if len(messages) == 1:
        return Parsed((_post(payload, messages[0][1]),), snapshot=False)
    posts, bad = collect(payload, messages, lambda message: _post(payload, message))
    return Parsed(tuple(posts), tuple(bad), snapshot=False)


def _text(payload: Payload) -> str:
    """Return the text as UTF-8 if it is valid, otherwise as windows-1252: it is too short for detection."""
    if "charset" in payload.document.content_type.lower():
        return payload.text
    try:
        return payload.document.body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return payload.document.body.decode("cp1252", errors="replace")


def _messages(text: str) -> Iterator[str]:
    starts = [found.start() for found in _HEADER.finditer(text)] if SOH not in text else [
        place for place, character in enumerate(text) if character == SOH
    ]  # fmt: skip
    starts = starts or [0]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield text[start:end]


def _post(payload: Payload, message: str) -> Post:
    header = _HEADER.search(message)
    after = message[header.end() :] if header else message
    body, published = _date_time_group(after, payload)
    heading, text = _parted(body)
    headline, byline, advisories = _read_heading(heading)
    text, desk = part_plain_desk_lines(paragraphs_of(text))
    priority, category = (header["priority"], header["category"]) if header else (None, None)
    number = f"{header['service']}{header['number']}" if header else None
    return build_post(
        payload,
        # Numbers begin again each day or so; with its date a message has a number of its own.
        id=f"{number}/{published.date().isoformat()}" if number and published else number,
        published=published,
        headline=headline,
        body_text=text,
        authors=read_byline(byline) or desk.authors,
        subjects=(Subject(code=category, scheme="iptc7901"),) if category else (),
        urgency=int(priority) if priority else None,
        slugline=_keywords(body, heading),
        editorial_note=joined_notes((*advisories, desk.note)),
        dateline=dateline_of(text),
    )


def _keywords(body: str, heading: list[str]) -> str | None:
    """Return the keywords: the line before the start of text, else one of the heading that ends with a slash."""
    before = body.partition(STX)[0] if STX in body else ""
    lines = [line.strip() for line in (*before.splitlines(), *heading) if line.strip()]
    found = next((line for line in lines if line.endswith("/")), None)
    if found is None and STX in body:
        found = next((line for line in before.splitlines() if line.strip()), None)
    return (found or "").strip(" /") or None


def _date_time_group(text: str, payload: Payload) -> tuple[str, datetime | None]:
    """Return the text before the date-time group, and its time; without a zone it is the source's clock."""
    lines = text.rstrip("\x00\x04\x7f\r\n\t ").split("\n")
    for back in range(1, min(len(lines), 6) + 1):
        found = _GROUP.match(lines[-back])
        month = month_of(found["month"]) if found else None
        if found is None or month is None:
            continue
        year = int(found["year"]) + (2000 if len(found["year"]) == 2 else 0)  # noqa: PLR2004
        try:
            local = datetime(year, month, int(found["day"]), int(found["hour"]), int(found["minute"]))  # noqa: DTZ001
        except ValueError:
            continue
        zone = zone_of((found["zone"] or "").upper(), local, payload.source.zone)
        return "\n".join(lines[:-back]), local.replace(tzinfo=zone)
    return text.partition(ETX)[0], None


def _parted(body: str) -> tuple[list[str], str]:
    """Return the heading's lines and the text; the heading ends with "=", or at a blank line after STX."""
    told = body.partition(STX)[2] if STX in body else body
    told = _NOT_PUBLISHED.split(told.partition(ETX)[0], maxsplit=1)[0]
    lines = told.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for place, line in enumerate(lines[:_HEADING_LINES]):
        if line.rstrip().endswith("="):
            return lines[: place + 1], "\n".join(lines[place + 1 :])
    first = next((place for place, line in enumerate(lines) if line.strip()), 0)
    blank = next((place for place, line in enumerate(lines) if place > first and not line.strip()), len(lines))
    if blank - first <= 3 and STX in body and blank < len(lines):  # noqa: PLR2004
        return lines[first:blank], "\n".join(lines[blank:])
    return [], told


def _read_heading(heading: list[str]) -> tuple[str | None, str | None, list[str]]:
    """Return headline, byline and advisory lines.

    The headline is the last line that is no byline, with full lines before it that go on in it; what is before these
    says which version it is.
    """
    lines = [line.strip().rstrip("=").strip() for line in heading]
    lines = [line for line in lines if line and not line.endswith("/")]
    byline = lines.pop() if len(lines) > 1 and _BYLINE.match(lines[-1]) else None
    if not lines:
        return None, byline, []
    headline = [lines.pop()]
    while lines and len(lines[-1]) >= _FULL_CHARS:
        headline.insert(0, lines.pop())
    return " ".join(headline), byline, [line for line in lines if _ADVISORY.fullmatch(line)]
