"""What is posted: `{"type", "timestamp", "data"}`, the data byte for byte as it stands on Kafka."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import orjson

from streams.archive import Revision
from streams.archive.state import MessageKind, NewDelivery
from streams.archive.state.deliveries import message_type
from streams.archive.state.positions import Place


def entry_message(revision: Revision, topic: str, *, matches: bool, prefix: str = "") -> NewDelivery:
    """Return the message of a revision; one that leaves the filter says so beside its data.

    `prefix` of its id: another generation counts revisions anew.
    """
    entry = orjson.loads(revision.value)
    at = entry.get("processed_at") or entry["received_at"]
    return NewDelivery(
        f"{prefix}{revision.entry_id}:{revision.revision}",
        revision.entry_id,
        MessageKind.ENTRY,
        _body(MessageKind.ENTRY, at, revision.value, matches=matches),
        revision.revision,
        (topic, revision.partition),
        revision.offset,
    )


@dataclass(frozen=True, slots=True)
class AlertRecord:
    """A record of the alerts' topic."""

    place: Place
    offset: int
    value: bytes
    alert: Mapping[str, Any]


class UnreadableAlertError(ValueError):
    """The record is no Alert."""


def read_alert(record: Any) -> AlertRecord:
    """Return the alert that aiokafka's record holds."""
    if record.value is None:
        raise UnreadableAlertError("a tombstone has no place among the alerts")
    try:
        alert = orjson.loads(record.value)
        found = alert["alert_id"], alert["revision"], alert["at"], alert["coverage_id"]
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableAlertError(f"no Alert: {type(error).__name__}: {error}") from error
    if [type(each) for each in found] != [str, int, str, str]:
        raise UnreadableAlertError("no Alert: alert_id, at or coverage_id is no string, or revision no number")
    return AlertRecord((record.topic, record.partition), record.offset, record.value, alert)


def alert_message(record: AlertRecord, prefix: str = "") -> NewDelivery:
    """Return the message of an alert's revision."""
    alert_id, revision = record.alert["alert_id"], record.alert["revision"]
    return NewDelivery(
        f"{prefix}{alert_id}:{revision}",
        alert_id,
        MessageKind.ALERT,
        _body(MessageKind.ALERT, record.alert["at"], record.value),
        revision,
        record.place,
        record.offset,
    )


def trial_message(webhook_id: str, now: datetime) -> NewDelivery:
    """Return a test message, which an endpoint's owner has asked for."""
    message_id = f"test_{uuid4().hex}"
    data = orjson.dumps({"webhook_id": webhook_id})
    at = now.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return NewDelivery(message_id, message_id, MessageKind.TEST, _body(MessageKind.TEST, at, data))


def _body(kind: MessageKind, at: str, data: bytes, *, matches: bool = True) -> bytes:
    head = orjson.dumps({"type": message_type(kind), "timestamp": at})[:-1]
    return head + (b"" if matches else b',"matches":false') + b',"data":' + data.strip() + b"}"
