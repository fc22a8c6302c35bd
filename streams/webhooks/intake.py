"""From records to queued deliveries, with the positions after them, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from schemas.webhook import WebhookEvent
from streams.archive import Due, Revision
from streams.archive.state import Deliveries, Lease, NewDelivery, Positions, Seen, SeenEntries, State
from streams.archive.state.positions import Place
from streams.gateway.feed.record import UnreadableRecordError, read_revision
from streams.runtime.clock import Clock
from streams.webhooks.filters import alert_fits
from streams.webhooks.lane import Lane
from streams.webhooks.matching import judge
from streams.webhooks.messages import AlertRecord, UnreadableAlertError, alert_message, entry_message, read_alert
from streams.webhooks.metrics import DelivererMetrics


@dataclass(frozen=True, slots=True)
class Intake:
    """Decides for each webhook which records are due, and queues them."""

    state: State
    lease: Lease
    entries: str
    """The entries' topic; anything else that is read are alerts."""
    log_of: Mapping[str, str]
    """Which log each topic is."""
    skips_older: bool
    """Whether records of before a webhook's `since` are passed over: where a broker can't look times up."""
    clock: Clock
    metrics: DelivererMetrics
    log: structlog.stdlib.BoundLogger
    prefix: str = ""
    """Of the ids of messages: the generation's, but for the first."""

    def take(
        self, lanes: Sequence[Lane], records: Sequence[Any], position: Mapping[Place, int]
    ) -> dict[str, dict[Place, int]]:
        """Queue what is due and keep the position after it; returns the webhooks' new positions."""
        read = [each for record in records if (each := self._read(record)) is not None]
        moved: dict[str, dict[Place, int]] = {}
        queued = 0
        with self.state.write() as connection:
            # 1. A process that lost its lease writes nothing; another one delivers from the positions.
            self.lease.need(connection)
            now = self.clock()
            for lane in lanes:
                # 2. Messages and position together: a crash before the end leaves neither, one after it both.
                ahead = {place: at for place, at in position.items() if at > lane.position.get(place, 0)}
                if not ahead:
                    continue
                own = [(record, each) for record, each in read if self._is_ahead(lane, record)]
                entry_ids = {each.entry_id for _, each in own if isinstance(each, Revision)}
                before = SeenEntries.of(connection, lane.webhook.id, entry_ids)
                messages, seen = self._due(lane, own, dict(before))
                Deliveries.add(connection, lane.webhook.id, messages, now)
                changed = {entry: each for entry, each in seen.items() if before.get(entry) != each}
                SeenEntries.put(connection, lane.webhook.id, changed, now)
                for topic, log in self.log_of.items():
                    Positions.put(
                        connection,
                        lane.webhook.owner,
                        log,
                        {place: at for place, at in ahead.items() if place[0] == topic},
                    )
                moved[lane.webhook.id] = ahead
                queued += len(messages)
        self.metrics.queued.inc(queued)
        return moved

    def _due(
        self, lane: Lane, read: Sequence[tuple[Any, Revision | AlertRecord]], seen: dict[str, Seen]
    ) -> tuple[list[NewDelivery], dict[str, Seen]]:
        messages = []
        events = lane.webhook.events
        for record, each in read:
            if isinstance(each, AlertRecord):
                if WebhookEvent.ALERT in events and alert_fits(lane.filter, each.alert):
                    messages.append(alert_message(each, self.prefix))
                continue
            how, remembered = judge(lane.filter, each, seen.get(each.entry_id))
            if remembered is not None:
                seen[each.entry_id] = remembered
            if how is not Due.NOT and WebhookEvent.ENTRY in events:
                messages.append(entry_message(each, record.topic, matches=how is Due.ENTRY, prefix=self.prefix))
        return messages, seen

    def _is_ahead(self, lane: Lane, record: Any) -> bool:
        if record.offset < lane.position.get((record.topic, record.partition), 0):
            return False
        return not self.skips_older or record.timestamp >= int(lane.webhook.since.timestamp() * 1000)

    def _read(self, record: Any) -> tuple[Any, Revision | AlertRecord] | None:
        try:
            return record, read_revision(record) if record.topic == self.entries else read_alert(record)
        except (UnreadableRecordError, UnreadableAlertError) as error:
            self.metrics.unreadable.inc()
            self.log.warning(
                "deliver.unreadable_record", topic=record.topic, partition=record.partition, offset=record.offset,
                error=str(error),
            )  # fmt: skip
            return None
