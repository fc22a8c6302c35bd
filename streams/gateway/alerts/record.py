"""A record of `liveline.alerts` made into a revision."""

from datetime import UTC, datetime
from typing import Any

import orjson

from schemas.alert import AlertChange, SubjectKind
from streams.archive.alerts.revision import AlertRevision
from streams.gateway.feed.record import UnreadableRecordError


def read_alert(record: Any) -> AlertRevision:
    """Return the revision that aiokafka's record holds; raises `UnreadableRecordError` for what is no alert.

    Only what the gateway needs is looked at: the value goes out as it stands, whatever fields a newer worker adds.
    """
    if record.value is None:
        raise UnreadableRecordError("a tombstone has no place among the alerts")
    try:
        alert = orjson.loads(record.value)
        found = AlertRevision(
            partition=record.partition,
            offset=record.offset,
            alert_id=alert["alert_id"],
            revision=alert["revision"],
            coverage_id=alert["coverage_id"],
            rule_id=alert["rule_id"],
            change=AlertChange(alert["change"]),
            notify=alert["notify"],
            at=datetime.fromisoformat(alert["at"]).astimezone(UTC),
            value=record.value,
            story_id=_story_of(alert),
        )
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise UnreadableRecordError(f"no Alert: {type(error).__name__}: {error}") from error
    names = (found.alert_id, found.coverage_id, found.rule_id)
    if not (all(isinstance(name, str) for name in names) and isinstance(found.revision, int)):
        raise UnreadableRecordError("no Alert: an id is no string or revision no number")
    return found


def _story_of(alert: dict[str, Any]) -> str | None:
    subject = alert["subject"]
    story = subject["id"] if subject["kind"] == SubjectKind.STORY else (alert.get("entry") or {}).get("story_id")
    return story if isinstance(story, str) else None
