"""The records of generations on `liveline.control`."""

from datetime import UTC, datetime

from streams.generations.record import LIVE_KEY, Generation, Generations, Live, Stretch

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
WEEK = Generation("week", "abc", "1/x", {0: 17, 1: 0}, NOON, NOON, follows=True)


def test_records_come_back_as_they_were() -> None:
    """With and without what is optional."""
    switched = Live().switched("week", "abc", {0: 5, 1: 6}, {0: 7, 1: 8}, NOON).stopped(NOON)

    assert Generation.read(WEEK.to_json()) == WEEK
    assert Live.read(switched.to_json()) == switched
    assert Live.read(Live().to_json()) == Live()


def test_a_switch_ends_one_stretch_and_begins_another() -> None:
    """So a reader that was away reads the one to its end, then the other from its beginning."""
    there = Live().stopped(NOON).switched("week", "abc", {0: 5}, {0: 7}, NOON)
    back = there.switched("live", None, {0: 9}, {0: 6}, NOON)

    assert there.stretches == (Stretch(0, "live", {}, {0: 5}), Stretch(1, "week", {0: 7}))
    assert (there.generation, there.newsroom, there.ends, there.stopping) == ("week", "abc", {0: 7}, False)
    assert back.stretches[1:] == (Stretch(1, "week", {0: 7}, {0: 9}), Stretch(2, "live", {0: 6}))
    assert (back.generation, back.newsroom) == ("live", None)


def test_the_record_names_the_generation_its_rules_and_where_it_goes_on() -> None:
    """What other programs may read in it."""
    value = Live().switched("week", "abc", {0: 5}, {0: 7}, NOON).to_json()

    assert b'"generation":"week","newsroom":"abc","ends":{"0":7}' in value


def test_the_newest_record_of_each_counts_and_others_are_passed_over() -> None:
    """Without any, the first generation is live; a tombstone ends one."""
    generations = Generations()
    assert (generations.live, generations.others) == (Live(), {})

    generations.load(b"dead-letter/liveline.dead-letters/0-1", b'{"state": "retried"}')
    generations.load(WEEK.key, WEEK.to_json())
    generations.load(LIVE_KEY, Live().switched("week", "abc", {}, {}, NOON).to_json())
    assert (generations.live.generation, generations.others) == ("week", {"week": WEEK})

    generations.load(WEEK.key, None)
    assert generations.others == {}


def test_only_the_last_switches_are_kept() -> None:
    """The record does not grow for ever."""
    live = Live()
    for number in range(50):
        live = live.switched(f"g{number}", None, {0: number}, {0: number}, NOON)

    assert len(live.stretches) == 20
    assert live.stretches[-1] == Stretch(50, "g49", {0: 49})
