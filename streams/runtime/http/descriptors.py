"""Bounds on connections brought within what this process may have open at all."""

import resource
from dataclasses import replace
from typing import Final

import structlog

from streams.runtime.http.connections import ConnectionLimits

_RESERVED_DESCRIPTORS: Final = 64
"""For Kafka, the archive, logs and what a moment brings."""
_LEAST_CONNECTIONS: Final = 8
_LARGEST_SHARE: Final = 0.75
"""Of all connections, what one address may have: whatever one client does, others have room."""


def within_descriptors(
    limits: ConnectionLimits, log: structlog.stdlib.BoundLogger, descriptors: int | None = None
) -> ConnectionLimits:
    """Return limits under which accepting a connection never takes the last descriptor; a log line tells of it."""
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0] if descriptors is None else descriptors
    total = limits.total
    if soft != resource.RLIM_INFINITY:
        total = min(total, max(soft - _RESERVED_DESCRIPTORS, _LEAST_CONNECTIONS))
    if total < limits.total:
        log.info("connections.limited", wanted=limits.total, connections=total, descriptors=soft)
    return replace(limits, total=total, per_address=min(limits.per_address, int(total * _LARGEST_SHARE)))
