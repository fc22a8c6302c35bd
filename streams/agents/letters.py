"""Dead letters as records: the document as it came, what went wrong, and never larger than a message may be."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Final

from schemas.dead_letter import DeadLetter
from schemas.envelope import Headers, failure_headers
from streams.record import Record
from streams.runtime.batch import RawRecord

FIRST_BYTES: Final = 1024 * 1024
"""What is kept of a body that is too large."""
_HEADERS_BYTES: Final = 64 * 1024
"""What is kept of the document's own headers in such a letter, in their order."""


def letter_record(topic: str, letter: DeadLetter, raw: RawRecord | None, now: datetime, max_bytes: int) -> Record:
    """Return a dead letter as a record of at most `max_bytes`; `raw` is the record that it is about."""
    own: Headers = tuple(raw.headers) if raw else ()  # as they came, also those that Liveline does not know
    key = letter.document.coverage_id.encode(errors="replace") or (raw.key if raw else None) or b""
    return fitted(
        Record(
            topic,
            key,
            letter.document.body,
            (*own, *failure_headers(letter)),
            timestamp_ms=int(now.timestamp() * 1000),
        ),
        len(own),
        max_bytes,
    )


def fitted(record: Record, own_headers: int, max_bytes: int) -> Record:
    """Return a record that fits: whole, or with the first MiB of its body, its size and its hash.

    The first `own_headers` of its headers are the document's, and stay as far as there is room. The others say what
    went wrong.
    """
    body = record.value or b""
    if _size(record.key, record.headers) + len(body) <= max_bytes:
        return record
    kept = body[: min(FIRST_BYTES, max_bytes * 3 // 4)]
    headers = list(_first(record.headers[:own_headers], min(_HEADERS_BYTES, max_bytes // 8)))
    if len(headers) < own_headers:
        headers.append(("liveline-headers-left-out", str(own_headers - len(headers)).encode()))
    headers += [
        *record.headers[own_headers:],
        ("liveline-body-bytes", str(len(body)).encode()),
        ("liveline-body-sha256", sha256(body).hexdigest().encode()),
    ]
    return Record(record.topic, record.key[:_HEADERS_BYTES], kept, tuple(headers), record.timestamp_ms)


def _first(headers: Headers, max_bytes: int) -> Iterable[tuple[str, bytes | None]]:
    size = 0
    for name, value in headers:
        size += _size(b"", ((name, value),))
        if size > max_bytes:
            return
        yield name, value


def _size(key: bytes, headers: Headers) -> int:
    # 10: the two lengths before a header's name and value.
    return len(key) + sum(len(name.encode(errors="replace")) + len(value or b"") + 10 for name, value in headers)
