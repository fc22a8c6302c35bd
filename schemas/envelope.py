"""CloudEvents 1.0 headers in Kafka's binary mode: how a document, an entry and a dead letter are labelled."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from schemas.alert import Alert, Insistence
from schemas.dead_letter import DeadLetter
from schemas.document import Document
from schemas.entry import CoverageId, Entry, SourceId

Headers = tuple[tuple[str, bytes | None], ...]
"""Kafka's headers; a record of others may have null values."""

DOCUMENT_TYPE: Final = "liveline.document.v1"
ENTRY_TYPE: Final = "liveline.entry.v1"
ALERT_TYPE: Final = "liveline.alert.v1"
INSISTS: Final = "liveline-insists"
"""Of an alert: why it is told although it was acknowledged or muted; an `Insistence`."""

_READ: Final = frozenset(
    {"ce_id", "ce_source", "ce_subject", "ce_time", "content-type", "liveline-url", "liveline-format", "traceparent"}
)
_LONGEST_ID_CHARS: Final = 1_000
"""Of ids of documents, sources and coverages: they are keys of records, and stand in each entry."""
_LONGEST_CHARS: Final = 8_000
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_QUOTED_CHARS: Final = 100
_EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_AHEAD: Final = timedelta(hours=1)
"""Kafka refuses records whose time is further ahead, and with one of them a whole transaction."""


class EnvelopeError(ValueError):
    """A record's headers don't make a document; the message names the header."""


def _encode(pairs: Mapping[str, str | None]) -> Headers:
    return tuple((name, value.encode(errors="replace")) for name, value in pairs.items() if value is not None)


def rfc3339(time: datetime) -> str:
    """Return a time in UTC as it stands in headers."""
    return time.isoformat().replace("+00:00", "Z")


def document_headers(document: Document) -> Headers:
    """Return the headers of a raw document."""
    return _encode(
        {
            "ce_specversion": "1.0",
            "ce_id": document.id,
            "ce_source": document.source_id,
            "ce_type": DOCUMENT_TYPE,
            "ce_time": rfc3339(document.received_at),
            "ce_subject": document.coverage_id,
            "content-type": document.content_type,
            "liveline-url": document.url,
            "liveline-format": document.format,
            "traceparent": document.traceparent,
        }
    )


def read_document(headers: Iterable[tuple[str, bytes | None]], body: bytes, recorded_at: datetime) -> Document:
    """Return the document that a record of `liveline.raw` holds.

    `recorded_at` is the record's own time in Kafka, and the document's where `ce_time` is missing. Anybody may write
    such records: raises `EnvelopeError`, and nothing else, for headers that make no document.
    """
    found = _texts(headers)
    for required in ("ce_id", "ce_source", "ce_subject"):
        if not found.get(required):
            raise EnvelopeError(f"header {required} is missing; a raw document needs it (CloudEvents 1.0, binary mode)")
        if _CONTROL.search(found[required]) or len(found[required]) > _LONGEST_ID_CHARS:
            raise EnvelopeError(
                f"header {required} is {_quoted(found[required])}; "
                f"expected at most {_LONGEST_ID_CHARS:,} characters and no control characters"
            )
    return Document(
        id=found["ce_id"],
        source_id=SourceId(found["ce_source"]),
        coverage_id=CoverageId(found["ce_subject"]),
        received_at=_received_at(found.get("ce_time"), recorded_at),
        content_type=found.get("content-type") or "application/octet-stream",
        body=body,
        url=found.get("liveline-url"),
        format=found.get("liveline-format"),
        traceparent=found.get("traceparent"),
    )


def _texts(headers: Iterable[tuple[str, bytes | None]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in headers:
        if value is None:
            raise EnvelopeError(f"header {_quoted(name)} is null; expected UTF-8")
        try:
            text = value.decode()
        except UnicodeDecodeError as error:
            raise EnvelopeError(f"header {_quoted(name)} is not UTF-8: {error.reason} at {error.start}") from error
        if (lower := name.lower()) in _READ and len(text) > _LONGEST_CHARS:
            raise EnvelopeError(f"header {lower} has {len(text):,} characters; at most {_LONGEST_CHARS:,} are read")
        found[lower] = text
    return found


def _received_at(stated: str | None, recorded_at: datetime) -> datetime:
    if not stated:
        return recorded_at
    try:
        time = datetime.fromisoformat(stated)
    except ValueError as error:
        raise EnvelopeError(f"header ce_time is {_quoted(stated)}; expected an RFC 3339 time") from error
    if time.tzinfo is None:
        raise EnvelopeError(f"header ce_time is {_quoted(stated)}; expected an RFC 3339 time with its zone")
    # Aware times are compared as instants, whatever their zones: years 1 and 9999 can't be turned into UTC.
    if time < _EARLIEST:
        raise EnvelopeError(f"header ce_time is {_quoted(stated)}; expected a time since 1970")
    if time > recorded_at + _MOST_AHEAD:
        raise EnvelopeError(
            f"header ce_time is {_quoted(stated)}, more than an hour after its record ({rfc3339(recorded_at)}); "
            "expected the time when the document was received"
        )
    return time.astimezone(UTC)


def _quoted(text: str) -> str:
    return repr(text if len(text) <= _QUOTED_CHARS else f"{text[:_QUOTED_CHARS]}\u2026")


def entry_headers(entry: Entry, traceparent: str | None = None) -> Headers:
    """Return the headers of a revision on `liveline.entries` and `liveline.entries.latest`."""
    return _encode(
        {
            "ce_specversion": "1.0",
            "ce_id": f"{entry.entry_id}:{entry.revision}",
            "ce_source": entry.source_id,
            "ce_type": ENTRY_TYPE,
            "ce_time": rfc3339(entry.processed_at),
            "ce_subject": entry.coverage_id,
            "content-type": "application/json",
            "traceparent": traceparent,
        }
    )


def alert_headers(alert: Alert, traceparent: str | None = None, insists: Insistence | None = None) -> Headers:
    """Return the headers of an alert; `traceparent` is that of the entry which led to this revision.

    `insists` says why it is told although the alert was acknowledged or muted.
    """
    return _encode(
        {
            "ce_specversion": "1.0",
            "ce_id": f"{alert.alert_id}:{alert.revision}",
            "ce_source": alert.rule_id,
            "ce_type": ALERT_TYPE,
            "ce_time": rfc3339(alert.at),
            "ce_subject": alert.coverage_id,
            "content-type": "application/json",
            INSISTS: insists,
            "traceparent": traceparent,
        }
    )


def failure_headers(letter: DeadLetter) -> Headers:
    """Return what a dead letter's headers say beyond the document's own."""
    origin = letter.origin
    return _encode(
        {
            "liveline-stage": letter.stage,
            "liveline-error": letter.error,
            "liveline-origin": f"{origin.topic}/{origin.partition}/{origin.offset}" if origin else None,
            "liveline-part": letter.part,
            "liveline-failed-at": rfc3339(letter.failed_at) if letter.failed_at else None,
        }
    )
