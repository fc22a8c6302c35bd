"""One node, or three, in a data folder: made once, started and stopped as often as you like."""

from __future__ import annotations

import base64
import fcntl
import json
import random
import socket
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from failure import Failure
from node import Node
from probe import brokers_known_to
from properties import Ports, server_properties

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

START_SECONDS = 90.0
PORT_SECONDS = 2.0
# Below the range from which systems take the ports of outgoing connections (Linux from 32768, macOS from 49152).
# Inside it a client that tries again and again to reach a stopped broker may be given the broker's own port.
FREE_PORTS = range(20000, 32000)


@dataclass(frozen=True)
class Cluster:
    """What a data folder holds."""

    folder: Path
    ports: dict[int, Ports]
    cluster_id: str

    @property
    def address(self) -> str:
        """The bootstrap servers."""
        return ",".join(f"127.0.0.1:{ports.broker}" for ports in self.ports.values())

    def nodes(self, only: int | None = None) -> list[Node]:
        """Return its nodes, or the one asked for."""
        if only is not None and only not in self.ports:
            raise Failure(f"there is no node {only}, only {', '.join(map(str, self.ports))}")
        numbers = self.ports if only is None else [only]
        return [Node(number, self.folder / f"node-{number}") for number in numbers]

    def start(self, only: int | None = None) -> None:
        """Start the nodes that don't run, and wait until each answers and knows the others."""
        starting = [node for node in self.nodes(only) if node.pid is None]
        for node in starting:
            _refuse_taken(self.ports[node.number].broker)
            node.folder.mkdir(parents=True, exist_ok=True)
            node.properties.write_text(server_properties(node.number, self.ports, node.data))
            node.format(self.cluster_id)
        for node in starting:
            node.launch()
        running = [node for node in self.nodes() if node.pid is not None or node in starting]
        self._wait(running)

    def end(self, only: int | None = None, *, hard: bool = False) -> None:
        """End the nodes: in good order, or with kill -9."""
        nodes = self.nodes(only)
        # All are told before any is waited for: the last ones would find no quorum to sign off at, and wait in vain.
        for node in nodes:
            node.tell(hard=hard)
        for node in nodes:
            node.wait()

    def _wait(self, running: list[Node]) -> None:
        deadline = time.monotonic() + START_SECONDS
        wanted = {self.ports[node.number].broker for node in running}
        for node in running:
            # The one that was killed last may still be named until its session ends, so: at least these.
            while not wanted <= brokers_known_to(self.ports[node.number].broker):
                if node.pid is None:
                    raise Failure(f"node {node.number} ended at its start: {node.last_words()}")
                if time.monotonic() > deadline:
                    raise Failure(f"node {node.number} did not answer within {START_SECONDS:.0f} s; see {node.folder}")
                time.sleep(0.05)


def load(folder: Path) -> Cluster | None:
    """Return the cluster of this data folder, None if none has been made."""
    try:
        told = json.loads((folder / "cluster.json").read_text())
    except FileNotFoundError:
        return None
    return Cluster(folder, {int(number): Ports(*pair) for number, pair in told["ports"].items()}, told["cluster_id"])


def make(folder: Path, nodes: int, port: int) -> Cluster:
    """Set up a new cluster; port 0 means any that are free."""
    firsts = _free_ports(2 * nodes) if port == 0 else list(range(port, port + 2 * nodes))
    ports = {number + 1: Ports(firsts[2 * number], firsts[2 * number + 1]) for number in range(nodes)}
    # Not with a hyphen at its start, as Kafka's own ids: StorageTool would take it for an option, once in 64 times.
    cluster_id = "A" + base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")[1:]
    folder.mkdir(parents=True, exist_ok=True)
    told = {"cluster_id": cluster_id, "ports": {number: [p.broker, p.controller] for number, p in ports.items()}}
    (folder / "cluster.json").write_text(json.dumps(told))
    return Cluster(folder, ports, cluster_id)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Let one command at a time work on a data folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _free_ports(count: int) -> list[int]:
    found: list[int] = []
    while len(found) < count:
        port = random.choice(FREE_PORTS)  # noqa: S311  (no secret)
        if port not in found and not _taken(port):
            found.append(port)
    return found


def _refuse_taken(port: int) -> None:
    # A process that was killed a moment ago is gone from the list of processes before its sockets are closed.
    deadline = time.monotonic() + PORT_SECONDS
    while _taken(port) and time.monotonic() < deadline:
        time.sleep(0.05)
    if _taken(port):
        raise Failure(
            f"port {port} is in use by another program: stop it, or use a new data folder with another --port"
        )


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        # As Java does: connections of a former broker that still linger don't count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False
