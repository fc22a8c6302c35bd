"""A partition's memory, read from its compacted topic up to its last stable offset."""

from typing import Protocol, TypeVar

from aiokafka.errors import KafkaError

from streams.exceptions import BrokerError
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.read_to_end import read_until_end
from streams.runtime.ledger.ledger import LedgerError


class Loads(Protocol):
    """A memory that takes up its records."""

    def load(self, key: bytes, value: bytes | None, /) -> None:
        """Take up a record, in the order of the log; None is a tombstone."""


Memory = TypeVar("Memory", bound=Loads)


async def load_memory(connection: KafkaConnection, topic: str, partition: int, memory: Memory) -> Memory:
    """Let an empty memory take up what was committed, and nothing that was not; raises `LedgerError`.

    The former owner must be fenced first: then its transaction has ended, and the last stable offset is the end.
    """
    try:
        await read_until_end(
            connection, topic, lambda record: memory.load(record.key or b"", record.value), [partition]
        )
    except (KafkaError, BrokerError, OSError) as error:
        raise LedgerError(f"the memory of partition {partition} can't be loaded: {error!r}") from error
    return memory
