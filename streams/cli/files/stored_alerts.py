"""The alerts on `liveline.alerts`."""

from aiokafka.errors import KafkaError

from schemas.alert import Alert
from streams.bootstrap.wiring import connection_to, need_topics, run
from streams.cli.output.errors import Failures
from streams.exceptions import BrokerError, SettingsError
from streams.runtime.batch import RawRecord
from streams.runtime.kafka.read_to_end import read_until_end
from streams.settings import Settings
from streams.topology import Names


def stored_alerts(settings: Settings, failures: Failures) -> dict[str, list[Alert]]:
    """Return every alert that Kafka has, by id, each with its revisions in order; raises `LivelineError`."""
    if settings.embedded:
        raise SettingsError(
            "LIVELINE_KAFKA: found 'embedded', a broker that lives inside one process: its alerts can't be read from "
            "another one; expected bootstrap servers"
        )
    connection, topic = connection_to(settings), Names(settings.topic_prefix).alerts
    found: dict[str, list[Alert]] = {}

    def take(record: RawRecord) -> None:
        try:
            alert = Alert.from_json(record.value or b"")
        except ValueError as error:
            failures.add(f"{topic} at offset {record.offset}", f"no alert: {error}")
        else:
            found.setdefault(alert.alert_id, []).append(alert)

    async def read() -> None:
        await need_topics(settings, connection)
        try:
            await read_until_end(connection, topic, take)
        except (KafkaError, OSError) as error:
            raise BrokerError(f"{topic} can't be read: {error!r}") from error

    run(read())
    return found
