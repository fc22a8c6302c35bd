"""What an alert did, and where it was sent, in lines for a person."""

from datetime import UTC, datetime, timedelta

from schemas import Alert
from streams.archive.state import SinkDelivery, SinkStatus
from streams.cli.output.alert_history import alert_line, history

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def revision(number: int) -> Alert:
    """Return a revision of the one alert."""
    return Alert.model_validate(
        {
            "alert_id": "a", "revision": number, "change": "raised" if number == 1 else "updated", "notify": True,
            "rule_id": "toll", "rule_version": "1", "coverage_id": "c", "subject": {"kind": "coverage", "id": "c"},
            "at": NOON, "title": "Fire", "reason": "dead: 2", "urgency": 2,
        }
    )  # fmt: skip


WORDS = (
    SinkDelivery("desk", "a", 1, SinkStatus.SENT, NOON + SECOND, 2, in_doubt=True),
    SinkDelivery("phone", "a", 1, SinkStatus.QUIET, NOON, next_at=NOON + 60 * SECOND),
    SinkDelivery("desk", "a", 2, SinkStatus.FAILED, NOON + 2 * SECOND, 6, error="answered 500"),
)


def test_history_says_of_each_revision_where_it_was_sent() -> None:
    """With the time, how often it was tried, whether it may have come twice, and what is still to come."""
    lines = [line.strip() for line in history([revision(1), revision(2)], WORDS) if "sink" in line]

    assert lines == [
        "sink desk: sent at 2024-05-01T12:00:01Z, 2 attempts, perhaps sent twice",
        "sink phone: kept back for quiet hours, since 2024-05-01T12:00:00Z, next at 2024-05-01T12:01:00Z",
        "sink desk: given up at 2024-05-01T12:00:02Z, 6 attempts: answered 500",
    ]


def test_the_short_line_has_the_newest_revisions_sinks() -> None:
    """In a word each."""
    assert alert_line(revision(2), WORDS).endswith("Fire  [desk failed]  a")
    assert alert_line(revision(2)).endswith("Fire  a")


def test_every_status_has_its_words() -> None:
    """So that a new one does not end in an error."""
    for status in SinkStatus:
        assert list(history([revision(1)], [SinkDelivery("desk", "a", 1, status, NOON)]))
