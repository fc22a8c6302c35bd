"""How Kafka is reached and what its topics must be like, by the settings; without what a gateway or a worker loads."""

from streams.exceptions import SettingsError
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.topic_plan import Plan
from streams.settings import Settings
from streams.topology import Names


def connection_to(settings: Settings, bootstrap: str | None = None) -> KafkaConnection:
    """Return how the broker of the settings is reached, or the embedded one at `bootstrap`."""
    if bootstrap is not None:
        return KafkaConnection(bootstrap)
    if settings.embedded:
        raise SettingsError(
            "LIVELINE_KAFKA: found 'embedded', a broker that lives inside one process; expected bootstrap servers, "
            "or use `liveline up`, which runs everything in one"
        )
    password = settings.kafka_sasl_password
    return KafkaConnection(
        bootstrap=settings.kafka,
        security_protocol=settings.kafka_security_protocol,
        sasl_mechanism=settings.kafka_sasl_mechanism,
        sasl_username=settings.kafka_sasl_username,
        sasl_password=password.get_secret_value() if password else None,
        ca_file=settings.kafka_ca_file,
    )


def plan_of(settings: Settings) -> Plan:
    """Return what the topics must be like."""
    return Plan(Names(settings.topic_prefix), settings.partitions, settings.replication)
