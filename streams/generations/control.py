"""The generations as `liveline.control` has them, read at once; blocking."""

from streams.generations.record import Generations
from streams.runtime.kafka.admin import bounds_of, has_topic
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.read_until import ReadUntil
from streams.topology import LIVE, Names


def read_generations(connection: KafkaConnection, names: Names) -> Generations:
    """Return what is committed now; raises `BrokerError`."""
    generations = Generations()
    with ReadUntil(connection, names.control, bounds_of(connection, names.control)) as reading:
        while not reading.done:
            for message in reading.read():
                generations.load(message.key(), message.value())
    return generations


def live_names(connection: KafkaConnection, prefix: str) -> Names:
    """Return the topics' names as the live generation has them, those of the first without a topic of control.

    Raises `BrokerError`.
    """
    if not has_topic(connection, Names(prefix, LIVE).control):
        return Names(prefix, LIVE)
    return Names(prefix, read_generations(connection, Names(prefix, LIVE)).live.generation)
