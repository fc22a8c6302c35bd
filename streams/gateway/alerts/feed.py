"""Alerts as they come: to streams of entries that want them too, and to streams of alerts, which resume.

As at the hub there is no await between an alert's write and the new position: whoever joins a stream of alerts at the
feed's position misses nothing and gets nothing twice.
"""

import asyncio
from collections.abc import Mapping, Sequence

from streams.archive import ArchiveLostError
from streams.archive.alerts.archive import AlertArchive
from streams.archive.alerts.revision import AlertRevision
from streams.gateway.delivery.cursor import encode_cursor
from streams.gateway.delivery.hub import Hub
from streams.gateway.delivery.transport import Subscriber, Transport
from streams.gateway.metrics import GatewayMetrics
from streams.gateway.transports.sse.connection import SseConnection
from streams.gateway.transports.sse.encoder import encode_event


class AlertFeed:
    """Delivers what one reader of `liveline.alerts` has read to many listeners."""

    def __init__(self, hub: Hub, metrics: GatewayMetrics) -> None:
        """Deliver nothing before `take_up`."""
        self._hub = hub
        self._metrics = metrics
        self._archive: AlertArchive | None = None
        self._listeners: set[SseConnection] = set()
        self._told: dict[int, int] | None = None
        """Up to where alerts have been told, or were there when the gateway began; None before that is known."""
        self.caught_up = asyncio.Event()
        """All is read that the log held when the reader began."""
        self.position: dict[int, int] = {}
        """What has been written to the listeners: the offset that comes next, of every partition."""
        self.tag = b""

    @property
    def archive(self) -> AlertArchive:
        """The projection; there is one once `caught_up` was set."""
        if self._archive is None:
            raise ArchiveLostError("the alerts have not been read yet")
        return self._archive

    @property
    def connected(self) -> set[Transport]:
        """All connections of the gateway, which get heartbeats and are closed together."""
        return self._hub.connected

    def take_up(self, archive: AlertArchive, tag: bytes) -> None:
        """Deliver from this archive's log from now on."""
        if tag != self.tag:
            self._told = None
        self._archive, self.tag = archive, tag
        self.begin_at(archive.position)

    def begin_at(self, position: Mapping[int, int]) -> None:
        """Go on at a position of the same log."""
        self.position = dict(position)

    def let_go(self) -> None:
        """Stop delivering until another archive is taken up; listeners are disconnected and resume by their cursor."""
        self.caught_up.clear()
        self.send_away()
        self._archive = None

    def send_away(self) -> None:
        """End the streams of alerts."""
        for listener in list(self._listeners):
            listener.go_away()
        self._listeners.clear()

    def has_caught_up(self) -> None:
        """Treat what is read from now on as new; what the log held before is not delivered to streams of entries."""
        if self._told is None:
            self._told = dict(self.position)
        self.caught_up.set()

    def join(self, listener: SseConnection) -> None:
        """Make a listener live; it has been sent all that stands before the feed's position."""
        listener.live()
        self._listeners.add(listener)

    def leave(self, subscriber: Subscriber) -> None:
        """Deliver nothing more to this listener."""
        self._listeners = {each for each in self._listeners if each is not subscriber}

    def cursor(self, position: Mapping[int, int]) -> str:
        """Return the cursor of a position in this log."""
        return encode_cursor(self.tag, position)

    def deliver(self, revisions: Sequence[AlertRevision], position: Mapping[int, int]) -> None:
        """Write archived revisions to all listeners that may read them, and advance the position; never waits."""
        place = dict(self.position)
        for revision in revisions:
            place[revision.partition] = revision.offset + 1
            self._to_listeners(revision, place)
            if self._told is not None and revision.offset >= self._told.get(revision.partition, 0):
                self._told[revision.partition] = revision.offset + 1
                self._hub.deliver_alert(revision.value, revision.coverage_id)
        self.position.update(position)
        self._metrics.alerts.inc(len(revisions))

    def _to_listeners(self, revision: AlertRevision, place: Mapping[int, int]) -> None:
        if not self._listeners:
            return
        data = encode_event("alert", revision.value, self.cursor(place))
        for listener in list(self._listeners):
            if not listener.may_be_told_of(revision.coverage_id):
                continue
            if listener.paused:
                self._metrics.dropped.inc()
                listener.drop()
            else:
                listener.write(data)
