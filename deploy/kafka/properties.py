"""A node's server.properties: KRaft, broker and controller in one process, on 127.0.0.1 only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LARGEST_MESSAGE = 8 * 1024 * 1024
BATCH_OVERHEAD = 64 * 1024
DAY_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True)
class Ports:
    """Where a node listens."""

    broker: int
    controller: int


def server_properties(node: int, ports: dict[int, Ports], data: Path) -> str:
    """Return the settings of one node among those in `ports`."""
    copies = min(3, len(ports))
    mine = ports[node]
    settings = {
        "process.roles": "broker,controller",
        "node.id": node,
        "controller.quorum.voters": ",".join(f"{n}@127.0.0.1:{p.controller}" for n, p in ports.items()),
        "listeners": f"BROKER://127.0.0.1:{mine.broker},CONTROLLER://127.0.0.1:{mine.controller}",
        "advertised.listeners": f"BROKER://127.0.0.1:{mine.broker}",
        "listener.security.protocol.map": "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "inter.broker.listener.name": "BROKER",
        "controller.listener.names": "CONTROLLER",
        "log.dirs": data,
        # Topics are made by `liveline topics create`, with the right settings, or not at all.
        "auto.create.topics.enable": "false",
        "message.max.bytes": LARGEST_MESSAGE,
        "replica.fetch.max.bytes": LARGEST_MESSAGE + BATCH_OVERHEAD,
        "default.replication.factor": copies,
        "min.insync.replicas": max(1, copies - 1),
        # Few partitions: each one is files to make at the first start and to check at each later one.
        "offsets.topic.num.partitions": 4,
        "offsets.topic.replication.factor": copies,
        "transaction.state.log.num.partitions": 4,
        "transaction.state.log.replication.factor": copies,
        "transaction.state.log.min.isr": max(1, copies - 1),
        "share.coordinator.state.topic.num.partitions": 1,
        "share.coordinator.state.topic.replication.factor": copies,
        "share.coordinator.state.topic.min.isr": 1,
        # For tests: groups form at once, and a session may be short.
        "group.initial.rebalance.delay.ms": 0,
        "group.min.session.timeout.ms": 1000,
        "transaction.abort.timed.out.transaction.cleanup.interval.ms": 1000,
        # Nothing is deleted for its age: a record has its document's time, and samples and tests are of days long past.
        # Kafka looks half a minute after its start, and then at each interval.
        "log.initial.task.delay.ms": DAY_MS,
        "log.retention.check.interval.ms": DAY_MS,
        # A node that was killed may come back only after its old session has ended: 9 s by default.
        "broker.session.timeout.ms": 4000,
        "broker.heartbeat.interval.ms": 500,
        "num.network.threads": 2,
        "num.io.threads": 4,
        "log.cleaner.dedupe.buffer.size": 16 * 1024 * 1024,
    }
    return "".join(f"{name}={value}\n" for name, value in settings.items())
