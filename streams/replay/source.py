"""What the topics that can be replayed hold: where a record's time stands, and what is told of it."""

from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Final, NamedTuple

import msgspec
import orjson

from schemas.envelope import EnvelopeError, read_document
from streams.runtime.kafka.message import Message
from streams.topology import Names

_UTF8: Final = frozenset({"utf-8", "utf8"})


class Source(StrEnum):
    """What is replayed."""

    ENTRIES = "entries"
    LATEST = "latest"
    RAW = "raw"
    ALERTS = "alerts"
    DEAD_LETTERS = "dead-letters"

    def topic(self, names: Names) -> str:
        """Return the topic's name."""
        return names.latest if self is Source.LATEST else f"{names.prefix}{self.value}"

    @property
    def holds_documents(self) -> bool:
        """Whether its records are documents with headers, not JSON of our own."""
        return self in (Source.RAW, Source.DEAD_LETTERS)


class UnreadableError(ValueError):
    """A record is not what its topic holds; the message says what was found."""


class Told(NamedTuple):  # made a hundred thousand times a second: a frozen dataclass takes three times as long
    """What a record says of itself."""

    time: datetime
    fields: Mapping[str, Any]
    """The JSON of an entry or an alert; of a document `coverage_id` and `source_id`."""


def reader_of(source: Source) -> Callable[[Message], Told]:
    """Return what says what a record of this source says; it raises `UnreadableError`."""
    if source.holds_documents:
        header = "ce_time" if source is Source.RAW else "liveline-failed-at"
        return lambda message: _read_document(message, header)
    time_field = "at" if source is Source.ALERTS else "received_at"

    def read(message: Message) -> Told:
        found = _json(message.value())
        try:
            return Told(aware(found[time_field]), found)
        except (KeyError, AttributeError, ValueError):
            raise UnreadableError(
                f"{time_field} is {found.get(time_field)!r:.100}; expected an RFC 3339 time"
            ) from None

    return read


class _Received(msgspec.Struct, gc=False):
    received_at: Annotated[datetime, msgspec.Meta(tz=True)]


class _Raised(msgspec.Struct, gc=False):
    at: Annotated[datetime, msgspec.Meta(tz=True)]


_RECEIVED: Final = msgspec.json.Decoder(_Received).decode
_RAISED: Final = msgspec.json.Decoder(_Raised).decode


def times_of(source: Source, messages: Sequence[Message]) -> list[datetime | UnreadableError]:
    """Return each record's time, or what `reader_of` raises for it; several times as quick as reading one by one.

    msgspec checks the whole of the JSON and makes objects of nothing but the time.
    """
    try:
        if source is Source.ALERTS:
            return [_RAISED(message.value() or b"").at for message in messages]
        if not source.holds_documents:
            return [_RECEIVED(message.value() or b"").received_at for message in messages]
    except (msgspec.MsgspecError, ValueError):
        pass  # the reader says which one it is and what is wrong, and knows more ways to write a time
    read = reader_of(source)
    return [_time_or_error(read, message) for message in messages]


def _time_or_error(read: Callable[[Message], Told], message: Message) -> datetime | UnreadableError:
    try:
        return read(message).time
    except UnreadableError as error:
        return error


def line_of(source: Source, message: Message) -> bytes:
    """Return a record as a line, without its line break; raises `UnreadableError`."""
    if source.holds_documents:
        return _document_line(message)
    value = message.value() or b""
    return value if b"\n" not in value else orjson.dumps(_json(value))


def _json(value: bytes | None) -> dict[str, Any]:
    if value is None:
        raise UnreadableError("no JSON: the record has no value")
    try:
        found = orjson.loads(value)
    except orjson.JSONDecodeError as error:
        raise UnreadableError(f"no JSON: {error}") from None
    if not isinstance(found, dict):
        raise UnreadableError(f"no JSON object but {type(found).__name__}")
    return found


def aware(text: str) -> datetime:
    """Return an RFC 3339 time; raises `ValueError`."""
    time = datetime.fromisoformat(text.upper())  # RFC 3339 lets t and z be small
    return time if time.tzinfo is not None else time.replace(tzinfo=UTC)


def _read_document(message: Message, time_header: str) -> Told:
    texts = texts_of(headers_of(message))
    try:
        time = aware(texts[time_header])
    except (KeyError, ValueError):
        time = _recorded_at(message)
    return Told(time, {"coverage_id": texts.get("ce_subject", ""), "source_id": texts.get("ce_source", "")})


def headers_of(message: Message) -> list[tuple[str, bytes | None]]:
    """Return a record's headers; raises `UnreadableError` where the library can't: Kafka takes any bytes as names."""
    try:
        return message.headers() or []
    except UnicodeDecodeError as error:
        raise UnreadableError(f"a header's name is not UTF-8: {error.reason} at {error.start}") from None


def texts_of(headers: Iterable[tuple[str, bytes | None]]) -> dict[str, str]:
    """Return headers as text; what is no UTF-8 is escaped."""
    return {name.lower(): (value or b"").decode(errors="backslashreplace") for name, value in headers}


def _recorded_at(message: Message) -> datetime:
    try:
        return datetime.fromtimestamp(max(0, message.timestamp()[1]) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)


def _document_line(message: Message) -> bytes:
    """Return a document as a line of a `.jsonl` file: what `liveline process` reads, with nothing lost."""
    body = message.value() or b""
    try:
        document = read_document(headers_of(message), body, _recorded_at(message))
    except EnvelopeError as error:
        raise UnreadableError(f"no document: {error}") from None
    found = {
        "id": document.id,
        "source": document.source_id,
        "coverage": document.coverage_id,
        "received_at": document.received_at.isoformat().replace("+00:00", "Z"),
        "content_type": document.content_type,
        "url": document.url,
        "format": document.format,
        **body_fields(body, document.content_type),
    }
    return orjson.dumps({name: value for name, value in found.items() if value is not None})


def body_fields(body: bytes, content_type: str) -> dict[str, str]:
    """Return `body`, or `body_base64` for bytes that a string would not bring back with their charset."""
    charset = content_type.lower().partition("charset=")[2].partition(";")[0].strip(" \"'")
    if not charset or charset in _UTF8:
        try:
            return {"body": body.decode()}
        except UnicodeDecodeError:
            pass
    return {"body_base64": b64encode(body).decode()}
