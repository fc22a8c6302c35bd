"""Groups subscribers by filter and encoder: each event is judged and encoded once for a whole group."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from streams.archive import Due, Revision, Wanted, due
from streams.gateway.delivery.transport import Encoder, Subscriber


@dataclass(frozen=True, slots=True)
class Event:
    """A revision with the cursor after it, encoded once for each encoder."""

    revision: Revision
    cursor: str
    _encoded: dict[tuple[Encoder, Due], bytes] = field(default_factory=dict)

    def of(self, encoder: Encoder, how: Due) -> bytes:
        """Return its bytes."""
        data = self._encoded.get((encoder, how))
        if data is None:
            data = self._encoded[encoder, how] = encoder.entry(self.revision.value, how, self.cursor)
        return data


@dataclass(slots=True)
class Delivered:
    """Counts of one fan-out."""

    deliveries: int = 0
    size_bytes: int = 0
    dropped: int = 0


class Groups:
    """All subscribers that are live."""

    def __init__(self) -> None:
        self._groups: dict[Wanted, dict[Encoder, set[Subscriber]]] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Subscriber]:
        """Yield all subscribers, also while some leave."""
        return iter([each for encoders in self._groups.values() for group in encoders.values() for each in group])

    def add(self, subscriber: Subscriber) -> None:
        """Take a subscriber up."""
        self._groups.setdefault(subscriber.wanted, {}).setdefault(subscriber.encoder, set()).add(subscriber)
        self._count += 1

    def discard(self, subscriber: Subscriber) -> None:
        """Remove a subscriber; one that is not here is ignored."""
        encoders = self._groups.get(subscriber.wanted, {})
        group = encoders.get(subscriber.encoder)
        if group is None or subscriber not in group:
            return
        group.remove(subscriber)
        self._count -= 1
        if not group:
            del encoders[subscriber.encoder]
        if not encoders:
            del self._groups[subscriber.wanted]

    def clear(self) -> None:
        """Let go of all."""
        self._groups.clear()
        self._count = 0

    def write(self, events: Sequence[Event]) -> Delivered:
        """Write events, in order, to all subscribers to whom they are due; drop those whose backlog is full."""
        done = Delivered()
        for wanted, encoders in list(self._groups.items()):
            fitting = [(event, how) for event in events if (how := due(wanted, event.revision)) is not Due.NOT]
            if not fitting:
                continue
            for encoder, group in list(encoders.items()):
                data = b"".join([event.of(encoder, how) for event, how in fitting])
                for subscriber in list(group):
                    if subscriber.paused:
                        done.dropped += 1
                        subscriber.drop()
                    else:
                        subscriber.write(data)
                done.deliveries += len(fitting) * len(group)
                done.size_bytes += len(data) * len(group)
        return done
