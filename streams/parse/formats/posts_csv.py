"""A table of posts: comma, semicolon, tab or bar between the columns, their names in the first row."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from schemas.post import Kind, Media, MediaType, Post, Status, Subject
from streams.exceptions import ParseError
from streams.parse.build import build_post
from streams.parse.html.safe import is_markup
from streams.parse.items.field_names import fields_of, is_true, value
from streams.parse.parsed import Parsed, collect
from streams.parse.payload.payload import Payload
from streams.parse.registry import parser
from streams.parse.times.clock_days import Dated, resolve
from streams.parse.times.moment import Moment, read_time
from streams.parse.times.stamp import Stamp, read_stamp
from streams.parse.words.byline import names_in

_DELIMITERS: Final = ",;\t|"
_TEXTS: Final = frozenset({"headline", "body_text", "body_html", "summary"})
_ALIKE: Final = ("id", "url", "headline", "language", "version")
_LIST: Final = re.compile(r"[;|]")
Row = dict[str, str]
Choice = TypeVar("Choice", Status, Kind)


def _is_table(payload: Payload) -> bool:
    if payload.media_type not in ("text/plain", "application/octet-stream", "", "application/vnd.ms-excel"):
        return False
    if payload.looks_like_json or payload.looks_like_xml or payload.looks_like_html or b"\0" in payload.head:
        return False
    found, _ = _header(payload.text[:4096])
    return len(found) > 1 and bool(found.keys() & _TEXTS)


@parser(
    "posts-csv",
    content_types=("text/csv", "text/tab-separated-values", "application/csv"),
    looks_like=_is_table,
    rank=60,
)
def parse_posts_csv(payload: Payload) -> Parsed:
    """Read a row as a post; clocks without dates are dated by the order of the rows."""
    fields, delimiter = _header(payload.text)
    if not fields.keys() & _TEXTS:
        raise ParseError("the first row names no column of text: expected one such as headline, title, body or text")
    try:
        with _cells_up_to(payload.limits.max_bytes):
            rows = list(_rows(payload, delimiter))
    except csv.Error as error:
        raise ParseError(f"not a table of posts: {error}") from error
    moments = _moments(rows, fields, payload)
    posts, bad = collect(
        payload,
        ((f"row {number}", (row, moments.get(place))) for place, (number, row) in enumerate(rows)),
        lambda item: _post(*item, fields, payload),
    )
    return Parsed(tuple(posts), tuple(bad))


def _header(text: str) -> tuple[dict[str, str], str]:
    """Return our fields' columns and the delimiter under which the most of them are known."""
    line = text.lstrip("\ufeff\r\n").partition("\n")[0].rstrip("\r")
    best: dict[str, str] = {}
    chosen = _DELIMITERS[0]
    if len(line) > 2048:  # noqa: PLR2004  (no row of names)
        return best, chosen
    for delimiter in _DELIMITERS:
        try:
            names = next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error:
            continue
        found = fields_of(name.strip() for name in names)
        if len(found) > len(best) and all(len(name) <= 40 for name in names):  # noqa: PLR2004
            best, chosen = found, delimiter
    return best, chosen


def _rows(payload: Payload, delimiter: str) -> Iterator[tuple[int, Row]]:
    reader = csv.reader(io.StringIO(payload.text.lstrip("\ufeff\r\n"), newline=""), delimiter=delimiter)
    names = [name.strip() for name in next(reader)]
    for count, cells in enumerate(reader):
        if count >= payload.limits.max_posts:
            raise ParseError(f"the table has more than {payload.limits.max_posts:,} rows; that many are read")
        if any(cell.strip() for cell in cells):
            yield reader.line_num, dict(zip(names, cells, strict=False))


@contextmanager
def _cells_up_to(most_chars: int) -> Iterator[None]:
    """Read cells of that length within; the module `csv` has one limit for all its readers, which is put back."""
    before = csv.field_size_limit(most_chars)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _moments(rows: list[tuple[int, Row]], fields: Mapping[str, str], payload: Payload) -> dict[int, Moment]:
    """Return the rows' instants by their place; rows without a time have none."""
    stamps: dict[int, Stamp] = {}
    found: dict[int, Moment] = {}
    for place, (_, row) in enumerate(rows):
        told = value(row, fields, "published") or _joined(row, fields)
        if told is None:
            continue
        stamp = read_stamp(told)
        if stamp and stamp.clock is not None and not stamp.dated and not told[stamp.end :].strip(" )"):
            stamps[place] = stamp
        elif moment := read_time(told, payload):
            found[place] = moment
    dated = resolve([Dated(stamp) for stamp in stamps.values()], payload)
    return {**found, **dict(zip(stamps, dated, strict=True))}


def _joined(row: Row, fields: Mapping[str, str]) -> str | None:
    parts = [value(row, fields, "date"), value(row, fields, "clock")]
    return " ".join(part.strip() for part in parts if part) or None


def _post(row: Row, moment: Moment | None, fields: Mapping[str, str], payload: Payload) -> Post:
    told = {name: value(row, fields, name) for name in fields}
    html, text = told.get("body_html"), told.get("body_text")
    if html is None and text is not None and is_markup(text):
        html, text = text, None
    summary = told.get("summary")
    if html is None and text is None:
        text, summary = summary, None
    fields_alike: dict[str, Any] = {name: told.get(name) for name in _ALIKE}
    fields_alike |= {flag: is_true(told.get(flag)) for flag in ("key_event", "pinned", "breaking")}
    return build_post(
        payload,
        published=moment,
        updated=told.get("updated"),
        body_html=html,
        body_text=None if html else text or "",
        summary=summary,
        authors=names_in(told.get("authors") or ""),
        media=_media(told),
        subjects=[Subject(name=name) for each in _LIST.split(told.get("subjects") or "") if (name := each.strip())],
        status=_choice(Status, told.get("status")) or Status.USABLE,
        kind=_choice(Kind, told.get("kind")) or Kind.POST,
        urgency=int(told["urgency"]) if str(told.get("urgency") or "").isdecimal() else None,
        **fields_alike,
    )


def _choice(choices: type[Choice], told: str | None) -> Choice | None:
    return next((choice for choice in choices if told and choice == told.strip().lower()), None)


def _media(told: Mapping[str, str | None]) -> list[Media]:
    words = {name: text for name in ("caption", "credit") if (text := told.get(name))}
    image = (told.get("image") or "").strip()
    if image.startswith(("http://", "https://")):
        words["url"] = image
    return [Media.model_validate({"type": MediaType.IMAGE, **words})] if words else []
