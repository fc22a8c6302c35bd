"""CloudEvents 1.0 headers in Kafka's binary mode: how a document, an entry and a dead letter are labelled."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from schemas.dead_letter import DeadLetter, Stage
from schemas.document import Document
from schemas.entry import CoverageId, Entry, Origin, SourceId

Headers = tuple[tuple[str, bytes], ...]

DOCUMENT_TYPE: Final = "liveline.document.v1"
ENTRY_TYPE: Final = "liveline.entry.v1"


class EnvelopeError(ValueError):
    """A record's headers don't make a document; the message names the header."""


def _encode(pairs: Mapping[str, str | None]) -> Headers:
    return tuple((name, value.encode()) for name, value in pairs.items() if value is not None)


def _rfc3339(time: datetime) -> str:
    return time.isoformat().replace("+00:00", "Z")


def document_headers(document: Document) -> Headers:
    """Return the headers of a raw document."""
    return _encode(
        {
            "ce_specversion": "1.0",
            "ce_id": document.id,
            "ce_source": document.source_id,
            "ce_type": DOCUMENT_TYPE,
            "ce_time": _rfc3339(document.received_at),
            "ce_subject": document.coverage_id,
            "content-type": document.content_type,
            "liveline-url": document.url,
            "liveline-format": document.format,
            "traceparent": document.traceparent,
        }
    )


def read_document(headers: Iterable[tuple[str, bytes]], body: bytes, received_at: datetime) -> Document:
    """Return the document that a record of `liveline.raw` holds.

    `received_at` (the record's own time) stands in where `ce_time` is missing. Raises `EnvelopeError`.
    """
    try:
        found = {name.lower(): value.decode() for name, value in headers}
    except UnicodeDecodeError as error:
        raise EnvelopeError(f"a header is not UTF-8: {error}") from error
    for required in ("ce_id", "ce_source", "ce_subject"):
        if not found.get(required):
            raise EnvelopeError(f"header {required} is missing; a raw document needs it (CloudEvents 1.0, binary mode)")
    time = received_at
    if stated := found.get("ce_time"):
        try:
            time = datetime.fromisoformat(stated)
        except ValueError as error:
            raise EnvelopeError(f"header ce_time is {stated!r}; expected an RFC 3339 time") from error
        if time.tzinfo is None:
            raise EnvelopeError(f"header ce_time is {stated!r}; expected an RFC 3339 time with its zone")
    return Document(
        id=found["ce_id"],
        source_id=SourceId(found["ce_source"]),
        coverage_id=CoverageId(found["ce_subject"]),
        received_at=time,
        content_type=found.get("content-type") or "application/octet-stream",
        body=body,
        url=found.get("liveline-url"),
        format=found.get("liveline-format"),
        traceparent=found.get("traceparent"),
    )


def entry_headers(entry: Entry, traceparent: str | None = None) -> Headers:
    """Return the headers of a revision on `liveline.entries` and `liveline.entries.latest`."""
    return _encode(
        {
            "ce_specversion": "1.0",
            "ce_id": f"{entry.entry_id}:{entry.revision}",
            "ce_source": entry.source_id,
            "ce_type": ENTRY_TYPE,
            "ce_time": _rfc3339(entry.processed_at),
            "ce_subject": entry.coverage_id,
            "content-type": "application/json",
            "traceparent": traceparent,
        }
    )


def dead_letter_headers(letter: DeadLetter) -> Headers:
    """Return the document's own headers and what went wrong."""
    return document_headers(letter.document) + failure_headers(letter.stage, letter.error, letter.origin, letter.part)


def failure_headers(stage: Stage, error: str, origin: Origin | None, part: str | None = None) -> Headers:
    """Return what a dead letter's headers say beyond the document's own."""
    return _encode(
        {
            "liveline-stage": stage,
            "liveline-error": error,
            "liveline-origin": f"{origin.topic}/{origin.partition}/{origin.offset}" if origin else None,
            "liveline-part": part,
        }
    )
