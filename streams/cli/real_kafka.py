"""Commands that read Kafka's topics need one that outlives them."""

from streams.bootstrap.connection import connection_to
from streams.exceptions import SettingsError
from streams.runtime.kafka.connection import KafkaConnection
from streams.settings import Settings


def real_kafka(settings: Settings, command: str) -> KafkaConnection:
    """Return how Kafka is reached; raises `SettingsError` on the embedded broker."""
    if settings.embedded:
        raise SettingsError(
            f"LIVELINE_KAFKA: found 'embedded', a broker that lives inside one process; {command} needs a real Kafka, "
            "expected bootstrap servers such as kafka:9092"
        )
    return connection_to(settings)
