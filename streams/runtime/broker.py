"""The broker as a worker's agents are told of it: real Kafka, or one without transactions."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from streams.runtime.kafka.connection import KafkaConnection

AtStep = Callable[[str], Awaitable[None]]
"""Is told each step of a transaction (`begin`, `sent`, `offset`, `committed`): tests kill the process there."""


@dataclass(frozen=True, slots=True)
class Broker:
    """How it is reached and what it can do."""

    connection: KafkaConnection
    session_seconds: float
    """A worker that it has not heard of for so long loses its partitions."""
    fetch_wait_ms: int = 500
    """How long it may keep a fetch that finds nothing."""
    resting_fetch_wait_ms: int | None = None
    """The same once nothing has come for some seconds, where a short wait costs processor time; None: no other."""
    plain_message_bytes: int | None = None
    """The largest message of a broker without transactions; None if it has them."""
    at_step: AtStep | None = None


def heartbeat_seconds(session_seconds: float) -> float:
    """Return the seconds between two heartbeats of a member with this session time-out.

    A quarter of it is enough to stay. But a member learns of a rebalance by its next heartbeat, and the whole group
    stands still until the last one has: half a second keeps a rolling restart's share of that short.
    """
    return min(session_seconds / 4, 0.5)
