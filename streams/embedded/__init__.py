"""The broker for trying out: in memory, without Java or Docker."""

from streams.embedded.broker import EmbeddedBroker
from streams.embedded.limits import (
    FETCH_WAIT_MS,
    LARGEST_MESSAGE_BYTES,
    LIMITS,
    RESTING_FETCH_WAIT_MS,
    SESSION_TIMEOUT_MS,
)

__all__ = [
    "FETCH_WAIT_MS",
    "LARGEST_MESSAGE_BYTES",
    "LIMITS",
    "RESTING_FETCH_WAIT_MS",
    "SESSION_TIMEOUT_MS",
    "EmbeddedBroker",
]
