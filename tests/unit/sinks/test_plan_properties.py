"""Over any alerts, failures, batches and kills: the same messages, each alert in order, nothing lost in silence."""

from collections import Counter
from datetime import timedelta
from itertools import count
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sink_world import OPEN, Coming, World, alert, at, entry, rules

from schemas.alert import Insistence
from streams.sinks.most import HOUR
from streams.sinks.plan import Planned
from streams.sinks.silence import Silence

END = at(3 * 24 * 60)


@st.composite
def stories(draw: st.DrawFn) -> list[Coming]:
    """Return revisions of a few alerts, each alert's in order, some of one entry, some withdrawn."""
    found, newest, gone = [], Counter[str](), set()
    minutes = 0.0
    for number in range(draw(st.integers(1, 12))):
        minutes += draw(st.sampled_from([0, 0, 0.001, 1, 7, 45, 130]))
        for name in sorted(draw(st.sets(st.sampled_from("abc"), min_size=1))):
            if name in gone:
                continue
            newest[name] += 1
            change = "raised" if newest[name] == 1 else draw(st.sampled_from(["updated", "updated", "withdrawn"]))
            gone |= {name} if change == "withdrawn" else set()
            insists = (
                Insistence.WITHDRAWAL if change == "withdrawn" else draw(st.sampled_from([None, Insistence.URGENT]))
            )
            made = minutes - draw(st.sampled_from([0, 0, 0, 90]))
            told = alert(name, newest[name], change, made, entry=entry(f"e{number}"), urgency=draw(st.integers(1, 4)))
            found.append(Coming(at(minutes), told, insists))
    return found


RULES: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "quiet": st.just({"from": "13:00", "to": "15:30", "unless": "alert.urgency <= 2"}),
        "digest": st.just("10m"),
        "most": st.just(2),
    },
)
SILENCES = st.sampled_from([Silence(), Silence({"a"}), Silence(stories={"story-b"})])


def fails(message: Planned) -> bool:
    """Fail the first attempt of every second message; which that is follows from its name."""
    return message.attempts == 0 and sum(map(ord, message.id)) % 2 == 0


def played(comings: list[Coming], given_rules: dict[str, Any], silence: Silence, **how: Any) -> World:
    """Return the world after all has come and gone."""
    one_by_one = how.pop("one_by_one", False)
    world = World(rules(**given_rules), silence=lambda _: silence, works=lambda message: not fails(message), **how)
    world.run(comings, until=END, one_by_one=one_by_one)
    return world


@settings(max_examples=80, deadline=None)
@given(stories(), RULES, SILENCES)
def test_nothing_is_lost_doubled_or_told_out_of_order(
    comings: list[Coming], given_rules: dict[str, Any], silence: Silence
) -> None:
    """In the end every revision is over; what was sent was sent once, in each alert's order."""
    world = played(comings, given_rules, silence)

    assert not [each for each in world.rows.values() if each.status in OPEN]
    told = [name for message in world.messages() for name in message]
    assert Counter(told) == Counter(name for name, status in world.status().items() if status == "sent")
    for one in "abc":
        own = [int(name[1:]) for name in told if name[0] == one]
        assert own == sorted(own)


@settings(max_examples=80, deadline=None)
@given(stories(), RULES, SILENCES)
def test_what_is_not_told_is_so_by_a_rule(comings: list[Coming], given_rules: dict[str, Any], silence: Silence) -> None:
    """Late, muted or never told before: each by the contract's own words; a withdrawal of what was sent is sent."""
    world = played(comings, given_rules, silence)

    status = world.status()
    for row in world.rows.values():
        what, name = row.status.value, row.alert.alert_id
        if row.withdraws:
            tried = any(each.attempt for each in world.rows.values() if each.alert.alert_id == name and each is not row)
            assert what == ("sent" if tried else "dropped")
        elif what == "late":
            assert row.insists is not Insistence.WITHDRAWAL
            assert row.attempt or row.due - row.alert.at > timedelta(hours=1)
        elif what == "muted":
            assert row.insists is None
            assert silence.covers(row.alert)
        elif what == "dropped":
            assert (
                status[f"{name}{max(r.alert.revision for r in world.rows.values() if r.alert.alert_id == name)}"]
                == "dropped"
            )
        else:
            assert what == "sent"
            assert row.insists is not None or not silence.covers(row.alert)


@settings(max_examples=80, deadline=None)
@given(stories(), RULES, SILENCES)
def test_quiet_hours_and_most_hold_for_all_but_withdrawals(
    comings: list[Coming], given_rules: dict[str, Any], silence: Silence
) -> None:
    """No hour has more messages than `most`; within quiet hours each message has what may be sent then."""
    world = played(comings, given_rules, silence)

    rows = {f"{row.alert.alert_id}{row.alert.revision}": row for row in world.rows.values()}
    plain = [(time, names) for time, names in world.sent if not any(rows[name].withdraws for name in names)]
    if "most" in given_rules:
        for time, names in plain:
            if rows[names[0]].attempt == 1:  # an attempt that is made again is no new message
                assert sum(time - HOUR < other <= time for other, _ in world.sent) <= given_rules["most"] + sum(
                    rows[each[0]].attempt > 1 or any(rows[name].withdraws for name in each) for _, each in world.sent
                )
    if "quiet" in given_rules:
        for time, names in plain:
            if "13:00" <= f"{time:%H:%M}" < "15:30" and rows[names[0]].attempt == 1:
                assert any(rows[name].alert.urgency <= 2 for name in names)


@settings(max_examples=80, deadline=None)
@given(stories(), RULES, SILENCES)
def test_batches_change_no_message(comings: list[Coming], given_rules: dict[str, Any], silence: Silence) -> None:
    """Alerts that come one by one lead to what they lead to all at once."""
    at_once = played(comings, given_rules, silence)

    assert played(comings, given_rules, silence, one_by_one=True).sent == at_once.sent


@settings(max_examples=80, deadline=None)
@given(stories(), RULES, SILENCES, st.sets(st.integers(0, 11)))
def test_kills_change_no_message(
    comings: list[Coming], given_rules: dict[str, Any], silence: Silence, kills: set[int]
) -> None:
    """Wherever a deliverer ended: of each alert the same revisions in the same order, doubled only if in doubt.

    A message that is sent again is sent later, so those of other alerts may overtake it, or go along with it.
    """
    without = World(rules(**given_rules), silence=lambda _: silence)
    without.run(comings, until=END)
    calls = count()
    killed = World(rules(**given_rules), silence=lambda _: silence, killed=lambda _: next(calls) in kills)
    killed.run(comings, until=END)

    assert by_alert(killed) == by_alert(without)
    told = Counter(name for names in killed.messages() for name in names)
    twice = {f"{name[0]}:{name[1:]}" for name, times in told.items() if times > 1}
    in_doubt = {f"{row.alert.alert_id}:{row.alert.revision}" for row in killed.rows.values() if row.attempt > 1}
    assert twice <= in_doubt | killed.in_doubt


def by_alert(world: World) -> dict[str, list[str]]:
    """Return the revisions that were told of each alert, each once, in the order of their first telling."""
    found: dict[str, list[str]] = {}
    for name in dict.fromkeys(name for names in world.messages() for name in names):
        found.setdefault(name[0], []).append(name)
    return found
