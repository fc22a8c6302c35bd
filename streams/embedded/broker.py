"""A broker inside this process: librdkafka's mock cluster, which speaks Kafka's protocol over TCP on 127.0.0.1.

Any client of this machine, in this process or another, connects to its address. It has topics and partitions, consumer
groups and committed offsets. It isn't Kafka: see `limits.py`, and mind what was seen with librdkafka 2.16:

- Don't write to it in transactions. It fences nobody, and its transaction markers have a wrong checksum, on which
  aiokafka's consumers stop with CorruptRecordException.
- A topic that nobody made is made by the first request for its metadata, with four partitions.
- `offsets_for_times` finds nothing, a partition doesn't say that it was cut: an old offset is simply out of range.
"""

import ctypes
from collections.abc import Mapping
from types import TracebackType
from typing import Final, Self
from uuid import uuid4

from streams.embedded.library import load
from streams.exceptions import BrokerError

_PRODUCER: Final = 0
_EXISTS: Final = 36


class EmbeddedBroker:
    """One broker in memory, from `start` to `stop`."""

    def __init__(self) -> None:
        self._library = load()
        self._handle: int | None = None
        self._cluster: int | None = None
        self.bootstrap = ""
        """Its address, once it runs."""
        self.log_identity = ""
        """What tells this start's log from any other's; it has no topic ids."""

    def start(self, topics: Mapping[str, int] | None = None) -> str:
        """Start it, make topics with these partition counts, return its address."""
        if self._cluster is not None:
            return self.bootstrap
        error = ctypes.create_string_buffer(512)
        settings = self._library.rd_kafka_conf_new()
        # Its notes on each connection that ends are of no use to anybody; errors still reach stderr.
        self._library.rd_kafka_conf_set(settings, b"log_level", b"3", error, len(error))
        # The mock cluster hangs on a client; a producer that sends nothing is the lightest one.
        self._handle = self._library.rd_kafka_new(_PRODUCER, settings, error, len(error))
        if not self._handle:
            raise BrokerError(f"the embedded broker did not start: {error.value.decode()}")
        self._cluster = self._library.rd_kafka_mock_cluster_new(self._handle, 1)
        if not self._cluster:
            self.stop()
            raise BrokerError("the embedded broker did not start: no port of 127.0.0.1 could be had")
        self._library.rd_kafka_mock_group_initial_rebalance_delay_ms(self._cluster, 0)
        self.bootstrap = self._library.rd_kafka_mock_cluster_bootstraps(self._cluster).decode()
        self.log_identity = uuid4().hex[:12]
        for name, partitions in (topics or {}).items():
            self.create_topic(name, partitions)
        return self.bootstrap

    def create_topic(self, name: str, partitions: int) -> None:
        """Make a topic; one that exists stays as it is."""
        if self._cluster is None:
            raise BrokerError("the embedded broker is not running")
        error = self._library.rd_kafka_mock_topic_create(self._cluster, name.encode(), partitions, 1)
        if error not in {0, _EXISTS}:
            told = self._library.rd_kafka_err2str(error).decode()
            raise BrokerError(f"topic {name} with {partitions} partitions on the embedded broker: {told}")

    def stop(self) -> None:
        """End it; all it held is gone. Stop its clients first: they would try to reach it for ever."""
        if self._cluster is not None:
            self._library.rd_kafka_mock_cluster_destroy(self._cluster)
        if self._handle is not None:
            self._library.rd_kafka_destroy(self._handle)
        self._cluster = self._handle = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self.stop()
