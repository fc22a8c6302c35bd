"""CloudEvents 1.0 in structured mode, one or a batch, around a document of any other format."""

from base64 import b64decode
from binascii import Error as Base64Error
from dataclasses import replace
from typing import Any

import orjson

from schemas.document import Document
from streams.exceptions import ParseError
from streams.parse.parsed import BadPart, Parsed
from streams.parse.payload.payload import Payload
from streams.parse.registry import parse, parser
from streams.parse.times.moment import read_time

_ONE, _BATCH = "application/cloudevents+json", "application/cloudevents-batch+json"


def _is_event(found: object) -> bool:
    return isinstance(found, dict) and all(
        isinstance(found.get(name), str) for name in ("specversion", "source", "type")
    )


def _is_cloudevents(payload: Payload) -> bool:
    if not payload.looks_like_json or b"specversion" not in payload.document.body:
        return False
    found = payload.json
    return _is_event(found[0] if isinstance(found, list) and found else found)


@parser("cloudevents", content_types=(_ONE, _BATCH), looks_like=_is_cloudevents, rank=10)
def parse_cloudevents(payload: Payload) -> Parsed:
    """Read what the events carry, each by its own content type; an event in an event is refused."""
    found = payload.json
    if not isinstance(found, list):
        return _placed(_unwrap(payload, found), "/data")
    opened: list[Parsed] = []
    for place, event in enumerate(found):
        try:
            opened.append(_placed(_unwrap(payload, event), f"/{place}/data"))
        except ParseError as error:
            opened.append(Parsed((), (BadPart(f"/{place}", str(error), orjson.dumps(event)),)))
    return Parsed(
        posts=tuple(post for each in opened for post in each.posts),
        bad=tuple(part for each in opened for part in each.bad),
        snapshot=bool(opened) and all(each.snapshot for each in opened),
    )


def _placed(parsed: Parsed, prefix: str) -> Parsed:
    bad = tuple(replace(part, place=f"{prefix}/{part.place.lstrip('/')}".rstrip("/")) for part in parsed.bad)
    return replace(parsed, bad=bad)


def _unwrap(payload: Payload, event: Any) -> Parsed:
    if not _is_event(event):
        raise ParseError("expected a CloudEvent: an object with specversion, id, source and type")
    stated = event.get("datacontenttype")
    content_type = stated if isinstance(stated, str) and stated.strip() else "application/json"
    inner = payload.document.model_copy(
        update={
            "body": _data(event, content_type),
            "content_type": content_type,
            "format": None,
            # A post without a date gets the event's time.
            "received_at": moment.at if (moment := read_time(event.get("time"), payload)) else payload.received_at,
        }
    )
    _refuse_event(payload, inner)
    # The source's format names the envelope; the inner document's format is detected.
    return parse(inner, payload.source.model_copy(update={"format": "auto"}), payload.limits)


def _data(event: dict[str, Any], content_type: str) -> bytes:
    encoded, data = event.get("data_base64"), event.get("data")
    if isinstance(encoded, str):
        try:
            return b64decode(encoded, validate=True)
        except (Base64Error, ValueError) as error:
            raise ParseError(f"data_base64 is no Base64: {error}") from error
    if data is None:
        raise ParseError("the event has neither data nor data_base64")
    if isinstance(data, str):  # text, or JSON that a producer wrote into a string
        return data.encode() if "json" not in content_type or data.lstrip()[:1] in "{[<" else orjson.dumps(data)
    return orjson.dumps(data)


def _refuse_event(payload: Payload, inner: Document) -> None:
    found = Payload(inner, payload.source, payload.limits)
    try:
        nested = found.media_type in (_ONE, _BATCH) or _is_cloudevents(found)
    except ParseError:
        nested = False
    if nested:
        raise ParseError("the event holds another event; one envelope is opened, no more")
