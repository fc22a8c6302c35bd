"""A sink's book remembers what waits: it decides as the plan over everything does, at a cost that doesn't grow."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sink_book import LEASE, Desk, fresh_state
from sink_world import Coming, World, alert, at, entry, rules
from test_plan_properties import END, RULES, fails, stories

from streams.archive.state import (
    Acknowledgement,
    Acknowledgements,
    Lease,
    LeaseLostError,
    Leases,
    MuteKind,
    Mutes,
    SinkDeliveries,
    SinkStatus,
    State,
)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    """Give a state database of its own."""
    opened = fresh_state(tmp_path)
    yield opened
    opened.close()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stories(), RULES)
def test_it_decides_as_the_plan_over_all_that_waits(comings: list[Coming], given_rules: dict[str, Any]) -> None:
    """The same messages at the same times, whatever came, failed and was kept back."""
    world = World(rules(**given_rules), works=lambda message: not fails(message))
    world.run(comings, until=END)
    with TemporaryDirectory() as folder:
        state = fresh_state(Path(folder))
        try:
            desk = Desk(state, rules(**given_rules), works=lambda message: not fails(message))
            desk.run(comings, until=END)

            assert desk.status() == world.status()
            assert Counter(desk.sent) == Counter(world.sent)
        finally:
            state.close()


def test_what_is_kept_back_lets_the_later_ones_of_its_alert_be_kept_back(state: State) -> None:
    """What waited for an attempt that failed is beyond `most` once that is sent: all of it is one message later."""
    desk = Desk(state, rules(most=2), works=lambda message: not fails(message))
    comings = [Coming(at(0), alert("a", n, entry=entry(f"e{n}"))) for n in (1, 2, 3)]

    desk.run([comings[0], Coming(at(0), alert("b", entry=entry("e"))), *comings[1:]], until=END)

    assert [names for _, names in desk.sent] == [("b1",), ("a1",), ("a2", "a3")]


def test_a_message_costs_the_same_however_much_waits(tmp_path: Path) -> None:
    """A backlog of an outage drains at the sink's own speed: ten times as much waits, and a message takes no longer."""
    assert cost(tmp_path / "much", 2000) < 4 * cost(tmp_path / "little", 200)


def cost(folder: Path, waiting: int) -> float:
    """Return the processor time of 60 messages while so many revisions of 2 fifths as many alerts wait."""
    folder.mkdir()
    state = fresh_state(folder)
    desk = Desk(state)
    alerts = waiting * 2 // 5
    desk.queue(Coming(at(0), alert(f"a{n % alerts}:", n // alerts + 1, entry=entry(f"e{n}"))) for n in range(waiting))
    desk.now = at(1)
    first, _ = desk.book.begin(lambda: desk.room)
    began = process_time()
    for each in first:
        desk.answer(each)
    while len(desk.sent) < 60:
        outgoing, _ = desk.book.begin(lambda: desk.room)
        for each in outgoing:
            desk.answer(each)
    taken = process_time() - began
    state.close()
    return taken


def test_what_is_acknowledged_or_muted_after_it_was_planned_is_not_sent(state: State) -> None:
    """All was planned at the first look; each message is judged again when its turn comes."""
    desk = Desk(state, room=1)
    desk.queue(Coming(at(0), alert(name)) for name in "abcd")
    desk.now = at(1)
    first, _ = desk.book.begin(lambda: 1)

    Acknowledgements(state).add(Acknowledgement("b", at(1)))
    Mutes(state).add(MuteKind.STORY, "story-c", until=at(60), now=at(1))
    desk.answer(first[0])
    desk.look()

    assert desk.status() == {"a1": "sent", "b1": "muted", "c1": "muted", "d1": "sent"}


def test_quiet_hours_and_lateness_come_over_what_was_planned_before(state: State) -> None:
    """A sink that is slower than the news: what is planned waits for its turn, and the clock goes on."""
    desk = Desk(state, rules(late="1h", quiet={"from": "12:30", "to": "12:40"}))
    desk.queue(Coming(at(0), alert(f"a{n}:", minutes=0 if n < 20 else -15)) for n in range(30))
    desk.now = at(1)
    first, _ = desk.book.begin(lambda: 4)
    desk.now = at(31)
    for each in first:
        desk.answer(each)

    desk.look()
    assert Counter(desk.status().values()) == {"sent": 4, "quiet": 26}
    desk.now = at(101)
    desk.look()
    assert Counter(desk.status().values()) == {"sent": 4, "late": 26}


def test_what_somebody_else_changed_is_read_anew_and_not_sent(state: State) -> None:
    """Whatever wrote there: what is no longer open is not marked as being sent, and the others go."""
    desk = Desk(state)
    desk.queue(Coming(at(0), alert(name)) for name in "abcdef")
    desk.now = at(1)
    first, _ = desk.book.begin(lambda: 1)
    with state.write() as connection:
        assert SinkDeliveries.change(connection, [2, 4], status=SinkStatus.FAILED, at=at(1)) == 2

    desk.answer(first[0])
    desk.look()

    assert [names for _, names in desk.sent] == [("a1",), ("c1",), ("e1",), ("f1",)]


def test_nothing_is_marked_or_kept_without_the_lease(state: State) -> None:
    """Another process took over: what this one has in memory leads to nothing."""
    desk = Desk(state)
    desk.queue(Coming(at(0), alert(name)) for name in "ab")
    desk.now = at(1)
    first, _ = desk.book.begin(lambda: 1)
    Leases(state).release(LEASE)
    assert Leases(state).acquire(Lease(LEASE.name, "two"), at(1), at(9) - at(1))

    with pytest.raises(LeaseLostError):
        desk.book.succeeded(first[0])
    with pytest.raises(LeaseLostError):
        desk.book.begin(lambda: 1)
    assert desk.status() == {"a1": "sending", "b1": "pending"}
