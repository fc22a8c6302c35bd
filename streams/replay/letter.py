"""A dead letter as it stands on `liveline.dead-letters`, and the document that goes back from it; pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from schemas.envelope import Headers, rfc3339
from streams.replay.source import aware, body_fields, texts_of
from streams.runtime.kafka.message import Message
from streams.topology import DAY_MS

RETRY_OF: Final = "liveline-retry-of"
_CUT: Final = "liveline-body-bytes"
_MARKS: Final = frozenset(
    {
        "liveline-stage", "liveline-error", "liveline-origin", "liveline-failed-at", "liveline-part", RETRY_OF, _CUT,
        "liveline-body-sha256", "liveline-headers-left-out",
    }
)  # fmt: skip
"""What a letter's headers have beyond the document's own."""
_ID: Final = re.compile(r"(\d{1,9})-(\d{1,18})")
_ORIGIN: Final = re.compile(r"(.+)/(\d+)/(\d+)")
_KEPT: Final = timedelta(milliseconds=7 * DAY_MS) / 2
"""A document older than this gets a new time as a record: retention could delete it before a worker has read it."""

Place = tuple[int, int]
"""Partition and offset."""


class LetterIdError(ValueError):
    """It is no letter's id; the message says what is one."""


def read_id(text: str) -> Place:
    """Return where the letter of an id stands."""
    if (found := _ID.fullmatch(text)) is None:
        raise LetterIdError(f"{text!r} is no id of a letter; expected PARTITION-OFFSET such as 0-17")
    return int(found[1]), int(found[2])


def write_id(place: Place) -> str:
    """Return the id of the letter that stands there."""
    return f"{place[0]}-{place[1]}"


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter's headers say, without its body, which may be large."""

    place: Place
    stage: str
    source: str
    coverage: str
    error: str
    part: str | None
    document_at: datetime | None
    failed_at: datetime
    retry_of: Place | None
    """The letter that failed first, of which this is another try."""
    origin: tuple[str, int, int] | None
    """Where the raw document stands."""
    bytes: int
    cut_from: str | None
    """How many bytes the document had of which the letter holds the first."""

    @classmethod
    def of(cls, message: Message, failed_at: datetime) -> "Letter":
        """Read a record's headers."""
        texts = texts_of(message.headers() or ())
        origin = _ORIGIN.fullmatch(texts.get("liveline-origin", ""))
        retry_of = _ID.fullmatch(texts.get(RETRY_OF, ""))
        return cls(
            place=(message.partition(), message.offset()),
            stage=texts.get("liveline-stage", ""),
            source=texts.get("ce_source", ""),
            coverage=texts.get("ce_subject", ""),
            error=texts.get("liveline-error", ""),
            part=texts.get("liveline-part"),
            document_at=_time(texts.get("ce_time")),
            failed_at=failed_at,
            retry_of=(int(retry_of[1]), int(retry_of[2])) if retry_of else None,
            origin=(origin[1], int(origin[2]), int(origin[3])) if origin else None,
            bytes=len(message.value() or b""),
            cut_from=texts.get(_CUT),
        )

    @property
    def first(self) -> Place:
        """The letter that failed first."""
        return self.retry_of or self.place

    def order(self) -> tuple[bool, tuple[str, int, int], Place]:
        """Return what sorts letters in the order of their origins."""
        return (self.origin is None, self.origin or ("", 0, 0), self.place)


def letter_dict(letter: Letter, state: str, tries: int) -> dict[str, Any]:
    """Return a letter as it is listed; what is absent is left out."""
    found = {
        "id": write_id(letter.place),
        "stage": letter.stage or None,
        "source": letter.source or None,
        "coverage": letter.coverage or None,
        "error": letter.error or None,
        "part": letter.part,
        "document_at": rfc3339(letter.document_at) if letter.document_at else None,
        "failed_at": rfc3339(letter.failed_at),
        "state": state,
        "retry_of": write_id(letter.retry_of) if letter.retry_of else None,
        "tries": tries,
        "bytes": letter.bytes,
    }
    return {name: value for name, value in found.items() if value is not None}


def shown(message: Message) -> dict[str, Any]:
    """Return what `show` adds: headers, and the body as text or in base64."""
    headers = {
        name: None if value is None else value.decode(errors="backslashreplace")
        for name, value in message.headers() or ()
    }
    return {"headers": headers, **body_fields(message.value() or b"", "")}


@dataclass(frozen=True, slots=True)
class Retry:
    """A document on its way back to `liveline.raw`."""

    key: bytes | None
    value: bytes
    headers: Headers
    partition: int | None
    """None: where its coverage lives."""
    timestamp_ms: int


def retry_of(letter: Letter, message: Message, changes: Mapping[str, str], now: datetime) -> Retry:
    """Return the document with its own headers and the changes, an empty one removing a header.

    A part is a document of its own, and has an id of its own.
    """
    body = message.value() or b""
    headers = [(name, value) for name, value in message.headers() or () if name.lower() not in _MARKS]
    told: dict[str, str] = {}
    if letter.part is not None:
        texts = texts_of(headers)
        told["ce_id"] = f"{texts.get('ce_id', '')}#{letter.part}"
        told["content-type"] = type_of_part(body, texts.get("content-type", ""))
    for name, text in {**told, **changes}.items():
        headers = _changed(headers, name, text)
    headers.append((RETRY_OF, write_id(letter.first).encode()))
    moved = {name.lower() for name in changes} & {"ce_subject"}
    coverage = texts_of(headers).get("ce_subject", "")
    time = _time(texts_of(headers).get("ce_time"))
    if time is None or not now - _KEPT < time <= now:
        time = now
    return Retry(
        key=coverage.encode() if moved else message.key(),
        value=body,
        headers=tuple(headers),
        partition=None if moved else letter.origin[1] if letter.origin else letter.place[0],
        timestamp_ms=int(time.timestamp() * 1000),
    )


def type_of_part(body: bytes, content_type: str) -> str:
    """Return the media type of a part: one that JSON was found in, such as a page, is not the part's own."""
    return "application/json" if body.lstrip()[:1] in (b"{", b"[") and "json" not in content_type else content_type


def _changed(headers: list[tuple[str, bytes | None]], name: str, text: str) -> list[tuple[str, bytes | None]]:
    """Return headers with one of them changed in its place, or added."""
    at = next((index for index, (known, _) in enumerate(headers) if known.lower() == name.lower()), len(headers))
    kept = [pair for pair in headers if pair[0].lower() != name.lower()]
    new: list[tuple[str, bytes | None]] = [(name, text.encode())] if text else []
    return [*kept[:at], *new, *kept[at:]]


def _time(text: str | None) -> datetime | None:
    try:
        return aware(text) if text else None
    except ValueError:
        return None
