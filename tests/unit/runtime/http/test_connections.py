"""How many connections there may be, and which one makes room."""

import asyncio
from ipaddress import ip_network
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from streams.runtime.http.connections import ConnectionLimits, Connections, Slot, State
from streams.runtime.http.descriptors import within_descriptors


class Transport(asyncio.Transport):
    """A connection from an address, with what waits for its client."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.waiting = 0
        self.aborted = False

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Return the address."""
        return (self.address, 40000) if name == "peername" else default

    def get_write_buffer_size(self) -> int:
        """Return what waits."""
        return self.waiting

    def abort(self) -> None:
        """Be cut."""
        self.aborted = True


class Server:
    """Connections over a clock of its own, and what was counted."""

    def __init__(self, **limits: Any) -> None:
        self.seconds = 0.0
        self.cut: list[str] = []
        self.connections = Connections(
            ConnectionLimits(**limits),
            log=structlog.get_logger(),
            refused=lambda reason, _: self.cut.append(reason),
            now=lambda: self.seconds,
        )

    def connect(self, address: str = "192.0.2.1", state: State | None = None) -> Slot:
        """Connect, and be in a state."""
        slot = self.connections.admit(Transport(address))
        assert isinstance(slot, Slot), slot
        if state is not None:
            self.connections.move(slot, State.BUSY)
            self.connections.move(slot, state)
        return slot

    def refused(self, address: str = "192.0.2.1") -> str:
        """Connect, and be told why not."""
        reason = self.connections.admit(Transport(address))
        assert isinstance(reason, str)
        return reason


def aborted(slot: Slot) -> bool:
    """Say whether a connection was cut."""
    return slot.transport.aborted  # type: ignore[attr-defined, no-any-return]


def test_a_half_request_makes_room_for_a_new_connection() -> None:
    """The oldest that never sent a head, then the oldest that is kept alive; what is answered stays."""
    server = Server(total=4)
    busy, idle = server.connect(state=State.BUSY), server.connect(state=State.IDLE)
    first, second = server.connect(), server.connect()

    server.connect(state=State.BUSY)
    assert [aborted(slot) for slot in (busy, idle, first, second)] == [False, False, True, False]
    server.connect(state=State.BUSY)
    assert aborted(second)
    server.connect(state=State.BUSY)
    assert aborted(idle)
    assert server.refused() == "total"
    assert not aborted(busy)
    assert len(server.connections) == 4
    assert server.cut == ["evicted"] * 3 + ["total"]


def test_an_address_has_its_share_and_no_more() -> None:
    """Its own half requests make room for it; another address is not touched. An IPv6 client is its /64."""
    server = Server(total=100, per_address=2)
    other = server.connect("198.51.100.7")
    half = server.connect()
    server.connect(state=State.BUSY)
    server.connect(state=State.BUSY)

    assert aborted(half)
    assert server.refused() == "address"
    assert not aborted(other)
    for _ in range(2):
        server.connect("2001:db8::1", state=State.BUSY)
    assert server.refused("2001:db8::ffff:2") == "address"
    server.connect("2001:db8:0:1::1")


def test_a_proxys_connections_count_for_its_clients() -> None:
    """As far as it says who they are."""
    server = Server(per_address=1, trusted=(ip_network("10.0.0.0/8"),))
    slots = [server.connect("10.0.0.1", state=State.BUSY) for _ in range(3)]

    assert server.connections.count_as(slots[0], "192.0.2.1")
    assert not server.connections.count_as(slots[1], "192.0.2.1")
    assert server.connections.count_as(slots[1], "192.0.2.2")
    assert server.refused("192.0.2.1") == "address"
    server.connections.release(slots[0])
    server.connect("192.0.2.1")


def test_a_head_that_does_not_end_is_cut() -> None:
    """Counted from the connection's begin, whatever trickles in; a request under way has its own bounds."""
    server = Server(head_timeout=10)
    slow = server.connect()
    busy = server.connect(state=State.BUSY)
    server.seconds = 9
    young = server.connect()
    server.connections.sweep()
    assert not aborted(slow)
    server.seconds = 10
    server.connections.sweep()

    assert [aborted(slot) for slot in (slow, busy, young)] == [True, False, False]
    assert (server.cut, len(server.connections)) == (["head_timeout"], 2)


def test_a_client_that_reads_nothing_is_cut() -> None:
    """That more is written to it is no sign of life; that less is waiting is one."""
    server = Server(stall_timeout=20)
    reads, stalled, empty = (server.connect(state=State.BUSY) for _ in range(3))
    for second in range(25):
        server.seconds = second
        reads.transport.waiting = 1000 - second  # type: ignore[attr-defined]
        stalled.transport.waiting = 1000 + second // 10  # type: ignore[attr-defined]
        server.connections.sweep()

    assert [aborted(slot) for slot in (reads, stalled, empty)] == [False, True, False]
    assert server.cut == ["stalled"]


def test_what_waits_for_all_together_is_bounded() -> None:
    """Those for whom most is waiting are cut, no more of them than needed."""
    server = Server(waiting_bytes=1000)
    slots = [server.connect(state=State.BUSY) for _ in range(4)]
    for slot, waiting in zip(slots, (500, 100, 700, 300), strict=True):
        slot.transport.waiting = waiting  # type: ignore[attr-defined]
    server.connections.sweep()

    assert [aborted(slot) for slot in slots] == [False, False, True, False]


def test_a_slot_is_given_back_once() -> None:
    """A connection that was cut also ends by itself."""
    server = Server(total=2)
    slot = server.connect(state=State.BUSY)
    for _ in range(2):
        server.connections.release(slot)
    server.connections.move(slot, State.IDLE)

    assert len(server.connections) == 0
    assert [aborted(server.connect(state=State.BUSY)) for _ in range(2)] == [False, False]
    assert server.refused() == "total"


def test_an_attack_is_a_line_now_and_then() -> None:
    """It says how many were cut, and does not fill the disk."""
    with capture_logs() as logs:
        server = Server(total=1)
        for second in range(31):
            server.seconds = second / 2
            server.connect()
        server.seconds = 99
        server.connections.sweep()

    told = [line for line in logs if line["event"] == "connections.cut"]
    assert [line.get("evicted") for line in told] == [1, 20, 9]
    assert told[-1]["head_timeout"] == 1
    assert {line["open"] for line in told} <= {0, 1}


@pytest.mark.parametrize(
    ("descriptors", "total", "per_address"), [(256, 192, 144), (1024, 960, 720), (100_000, 20_000, 2000), (60, 8, 6)]
)
def test_the_last_descriptor_is_never_taken(descriptors: int, total: int, per_address: int) -> None:
    """Nor all connections by one address; the log says what is missing."""
    with capture_logs() as logs:
        found = within_descriptors(ConnectionLimits(), structlog.get_logger(), descriptors)

    assert (found.total, found.per_address) == (total, per_address)
    assert bool(logs) == (total < 20_000)
