"""What a sink is sent, and when: each rule of the contract as a short story."""

from typing import Any

import pytest
from sink_world import Coming, World, alert, at, entry, rules

from schemas.alert import Insistence
from streams.sinks.silence import Silence


def coming(name: str, minutes: float = 0, revision: int = 1, change: str = "raised", **fields: Any) -> Coming:
    """Return a revision that comes as soon as it is made, unless `arrives` says when."""
    arrives = fields.pop("arrives", minutes)
    insists = fields.pop("insists", None)
    return Coming(at(arrives), alert(name, revision, change, minutes, **fields), insists)


def test_one_entry_that_meets_several_rules_is_one_message_that_names_them_all() -> None:
    """What came within the gathering time counts along; another entry of that moment is a message of its own."""
    world = World(rules())

    world.run(
        [coming("a", entry=entry("e")), coming("b", entry=entry("e")), coming("c", entry=entry("f")), coming("d")],
        until=at(1),
    )

    assert world.messages() == [("a1", "b1"), ("c1",), ("d1",)]


def test_what_is_late_is_recorded_and_not_sent() -> None:
    """Phones do not ring for a week of news after an outage; a withdrawal of what was sent goes all the same."""
    world = World(rules(late="1h"))

    world.run(
        [
            coming("a", 0), coming("b", 0, arrives=60), coming("c", 0, arrives=61),
            coming("a", 10, 2, "withdrawn", arrives=300), coming("c", 10, 2, "withdrawn", arrives=300),
        ],
        until=at(301),
    )  # fmt: skip

    assert world.messages() == [("a1",), ("a2",)]
    assert world.status() == {"a1": "sent", "b1": "late", "c1": "late", "a2": "sent", "c2": "dropped"}


def test_quiet_hours_keep_back_until_their_end_and_tell_as_one_message() -> None:
    """What is urgent goes at once, and takes along what is kept back of its alert, for each alert is told in order."""
    world = World(
        rules(quiet={"from": "14:00", "to": "20:00", "timezone": "Europe/London", "unless": "alert.urgency <= 2"})
    )

    world.run(
        [
            coming("a", 0), coming("b", 70), coming("c", 80), coming("d", 85, urgency=2),
            coming("b", 90, 2, "updated", urgency=1),
        ],
        until=at(1000),
    )  # fmt: skip

    assert world.messages() == [("a1",), ("d1",), ("b1", "b2"), ("c1",)]
    assert [time for time, _ in world.sent][-1] == at(7 * 60)  # 20:00 in London's summer


def test_what_comes_at_once_with_something_urgent_goes_along_and_not_by_itself() -> None:
    """Also where the sink had no time to keep it back: two revisions of one moment are one message."""
    world = World(rules(quiet={"from": "12:00", "to": "20:00", "unless": "alert.urgency <= 2"}))

    world.run([coming("a", 0), coming("a", 0, 2, "updated", urgency=1)], until=at(10))

    assert world.messages() == [("a1", "a2")]


def test_a_withdrawal_goes_at_night_if_the_sink_was_told_and_ends_what_is_kept_back_if_not() -> None:
    """Nobody is woken to hear that what they never heard is not so."""
    world = World(rules(quiet={"from": "13:00", "to": "20:00"}))

    world.run(
        [coming("a", 0), coming("b", 70), coming("a", 80, 2, "withdrawn"), coming("b", 80, 2, "withdrawn")],
        until=at(1000),
    )

    assert world.messages() == [("a1",), ("a2",)]
    assert world.status() == {"a1": "sent", "b1": "dropped", "a2": "sent", "b2": "dropped"}


def test_a_digest_gathers_from_its_first_revision_on() -> None:
    """All that came meanwhile is one message, each alert's revisions in order; the next one begins a new digest."""
    world = World(rules(digest="10m"))

    world.run([coming("a", 0), coming("b", 4), coming("a", 9, 2, "updated"), coming("c", 11)], until=at(30))

    assert world.messages() == [("a1", "b1", "a2"), ("c1",)]
    assert [round((time - at(0)).total_seconds() / 60) for time, _ in world.sent] == [10, 21]


def test_beyond_most_an_hour_is_gathered_and_told_once_there_is_room() -> None:
    """Nothing is thrown away; a withdrawal of what was sent does not wait for room."""
    world = World(rules(most=2))

    world.run(
        [*(coming(name, minute) for minute, name in enumerate("abcd")), coming("a", 5, 2, "withdrawn")], until=at(200)
    )

    assert world.messages() == [("a1",), ("b1",), ("a2",), ("c1", "d1")]
    assert world.sent[-1][0] >= at(61)  # when b was an hour ago: a's withdrawal counts as well


@pytest.mark.parametrize(
    "silence",
    [Silence(acknowledged={"a"}), Silence(coverages={"c"}), Silence(stories={"story-a"})],
    ids=["acknowledged", "coverage", "story"],
)
def test_what_was_acknowledged_or_muted_is_told_again_only_if_it_insists(silence: Silence) -> None:
    """A withdrawal, a correction, what is urgent, and a figure that rises."""
    world = World(rules(), silence=lambda now: silence if now > at(5) else Silence())

    world.run(
        [
            coming("a", 0), coming("a", 10, 2, "updated"), coming("a", 20, 3, "updated", insists=Insistence.URGENT),
            coming("a", 30, 4, "updated", insists=Insistence.RISES), coming("a", 40, 5, "lapsed"),
            coming("a", 50, 6, "updated", insists=Insistence.CORRECTION), coming("a", 60, 7, "withdrawn"),
        ],
        until=at(100),
    )  # fmt: skip

    assert world.messages() == [("a1",), ("a3",), ("a4",), ("a6",), ("a7",)]
    assert world.status()["a2"] == world.status()["a5"] == "muted"


def test_what_is_acknowledged_while_it_is_kept_back_is_not_told() -> None:
    """Who took note of it at the desk needs no digest of it."""
    world = World(rules(digest="10m"), silence=lambda now: Silence({"a"} if now > at(5) else ()))

    world.run([coming("a", 0), coming("b", 1)], until=at(30))

    assert world.messages() == [("b1",)]
    assert world.status() == {"a1": "muted", "b1": "sent"}


def test_a_message_that_fails_keeps_back_its_alerts_only() -> None:
    """Each alert is told in order; others do not wait, and a rule's word on the same entry is no reason to, either."""
    world = World(rules(), works=lambda message: message.id != "a:1" or message.attempts >= 20)

    world.run(
        [
            coming("a", 0), coming("b", 0), coming("a", 1, 2, "updated", entry=entry("e")),
            coming("b", 1, 2, "updated", entry=entry("e")),
        ],
        until=at(10),
    )  # fmt: skip

    assert world.messages() == [("b1",), ("b2",), ("a1",), ("a2",)]


def test_a_message_that_fails_for_too_long_is_late() -> None:
    """A sink that was out of order for hours does not ring for what is old by then, unless to take something back."""
    world = World(rules(late="1h"), works=lambda _: world.now > at(120))

    world.run([coming("a", 0), coming("a", 5, 2, "withdrawn"), coming("b", 90)], until=at(130))

    assert world.status() == {"a1": "late", "a2": "sent", "b1": "sent"}


def test_what_was_kept_back_is_late_only_by_the_time_after_that() -> None:
    """Quiet hours of nine hours do not make everything late; an outage at their end does."""
    world = World(rules(late="1h", quiet={"from": "13:00", "to": "22:00"}))

    world.run([coming("a", 70)], until=at(1000))

    assert world.status() == {"a1": "sent"}
