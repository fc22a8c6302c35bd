"""Does a broker really answer? A Metadata request by hand, so that the starter needs no package."""

from __future__ import annotations

import socket
import struct

METADATA = 3
VERSION = 1


def brokers_known_to(port: int, timeout: float = 2.0) -> set[int]:
    """Return the ports of the living brokers as the one on this port knows them; empty if it doesn't answer."""
    # Header: api key, version, correlation id, client id; body: an empty list of topics.
    request = struct.pack(">hhih", METADATA, VERSION, 1, 5) + b"probe" + struct.pack(">i", 0)
    try:
        with socket.create_connection(("127.0.0.1", port), timeout) as connection:
            connection.settimeout(timeout)
            connection.sendall(struct.pack(">i", len(request)) + request)
            answer = connection.makefile("rb")
            (size,) = struct.unpack(">i", answer.read(4))
            return _ports(answer.read(size))
    except (OSError, struct.error):
        return set()


def _ports(body: bytes) -> set[int]:
    # Correlation id, then the brokers: node id, host, port, rack.
    (count,) = struct.unpack_from(">i", body, 4)
    at, ports = 8, set()
    for _ in range(count):
        (length,) = struct.unpack_from(">h", body, at + 4)
        (port,) = struct.unpack_from(">i", body, at + 6 + length)
        (rack,) = struct.unpack_from(">h", body, at + 10 + length)
        ports.add(port)
        at += 12 + length + max(0, rack)
    return ports
