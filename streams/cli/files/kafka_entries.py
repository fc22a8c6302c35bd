"""Entries from Kafka, by time."""

from collections.abc import Iterator
from datetime import datetime

from pydantic import ValidationError

from schemas.entry import Entry
from streams.cli.interrupt import Interrupt
from streams.cli.output.errors import Failures
from streams.cli.real_kafka import real_kafka
from streams.replay.select import Query, Selection
from streams.replay.source import Source
from streams.runtime.kafka.admin import bounds_of
from streams.runtime.kafka.read_until import ReadUntil
from streams.settings import Settings
from streams.topology import Names


def kafka_entries(
    settings: Settings, begins: datetime | None, ends: datetime | None, failures: Failures, interrupt: Interrupt
) -> Iterator[Entry]:
    """Yield entries received from `begins` to before `ends`; a record that is not an entry is reported and left out."""
    connection = real_kafka(settings, "liveline alerts test --from")
    topic = Source.ENTRIES.topic(Names(settings.topic_prefix))
    bounds = bounds_of(connection, topic)
    with ReadUntil(connection, topic, bounds) as reading:
        for batch in Selection(reading, tuple(bounds), Query(Source.ENTRIES, begins, ends), interrupt):
            for stamped in batch:
                found, place = stamped.item, f"{topic}/{stamped.partition}/{stamped.offset}"
                if found.error is not None:
                    failures.add(place, found.error)
                    continue
                try:
                    yield Entry.from_json(found.message.value() or b"")
                except ValidationError as error:
                    failures.add(place, f"no Entry: {error.errors(include_url=False)[0]['msg']}")
