"""The contract's section "Alert", sentence by sentence."""

from datetime import timedelta
from typing import Any

import pytest
from alert_desk import at, entry, figure, newsroom, run, short

from schemas import Entry
from streams.alerts import Engine

URGENT = {"when": "entry.urgency <= 3"}
ANY = {"when": "true"}
Said = list[tuple[str, str, str]]


def hurt(number: int, kind: str = "dead") -> dict[str, Any]:
    """Return the fields of an entry with a figure."""
    return {"figures": [figure(kind, number)], "story_id": "s"}


HURT = {"when": 'entry.figures.exists(f, f.kind == "dead")'}
S = {"story_id": "s", "urgency": 3}
OLD = {"first_published_at": at("09:00")}
CONFIRMED = {**URGENT, "count": {"sources": 3, "within": "10m"}}
THREE = {**URGENT, "count": {"entries": 3, "within": "10m"}}
QUIET = {"silence": "20m"}

CASES: dict[str, tuple[dict[str, Any], list[Entry], Said]] = {
    "a further cause joins the alert and tells nobody": (
        URGENT,
        [entry("a", "12:00", **S), entry("b", "12:14", **S)],
        [("12:00", "raised", "told"), ("12:14", "updated", "cooldown")],
    ),
    "a cause after the cooldown raises a new alert": (
        URGENT,
        [entry("a", "12:00", **S), entry("b", "12:15", **S)],
        [("12:00", "raised", "told"), ("12:15", "raised", "told")],
    ),
    "what is held back does not prolong the cooldown": (
        URGENT,
        [entry("a", "12:00", **S), entry("b", "12:10", **S), entry("c", "12:16", **S)],
        [("12:00", "raised", "told"), ("12:10", "updated", "cooldown"), ("12:16", "raised", "told")],
    ),
    "urgent is told within the cooldown": (
        {**URGENT, "urgent": "entry.urgency == 1"},
        [entry("a", "12:00", **S), entry("b", "12:05", story_id="s", urgency=1)],
        [("12:00", "raised", "told"), ("12:05", "updated", "told")],
    ),
    "a higher figure is told, a kind not told before is higher": (
        {**HURT, "rises": ["dead", "injured"]},
        [
            entry("a", "12:00", **hurt(2)),
            entry("b", "12:01", **hurt(2)),
            entry("c", "12:02", **hurt(3)),
            entry("d", "12:03", story_id="s", figures=[figure("dead", 1), figure("injured", 1)]),
        ],
        [
            ("12:00", "raised", "told"),
            ("12:01", "updated", "cooldown"),
            ("12:02", "updated", "told"),
            ("12:03", "updated", "told"),
        ],
    ),
    "the largest of a kind in an entry counts": (
        {**HURT, "rises": ["dead"]},
        [
            entry("a", "12:00", story_id="s", figures=[figure("dead", 5), figure("dead", 2)]),
            entry("b", "12:01", **hurt(4)),
        ],
        [("12:00", "raised", "told"), ("12:01", "updated", "cooldown")],
    ),
    "a figure that falls is told": (
        {"when": 'entry.figure("dead") >= 1'},
        [entry("a", "12:00", **hurt(5)), entry("a", "12:05", "updated", 2, **hurt(3))],
        [("12:00", "raised", "told"), ("12:05", "updated", "told")],
    ),
    "a figure that the rule does not name falls in silence": (
        URGENT,
        [
            entry("a", "12:00", **S, figures=[figure("dead", 5)]),
            entry("a", "12:05", "updated", 2, **S, figures=[figure("dead", 3)]),
        ],
        [("12:00", "raised", "told"), ("12:05", "updated", "unchanged")],
    ),
    "a correction is told whatever it changed, once": (
        URGENT,
        [
            entry("a", "12:00", **S),
            entry("a", "12:05", "updated", 2, **S, is_correction=True),
            entry("a", "12:06", "updated", 3, **S, is_correction=True),
        ],
        [("12:00", "raised", "told"), ("12:05", "updated", "told"), ("12:06", "updated", "unchanged")],
    ),
    "an edit that changes nothing that the rule reads is unchanged, even after the cooldown and before urgent": (
        {"when": "entry.urgency <= 3", "urgent": "entry.urgency == 1"},
        [
            entry("a", "12:00", urgency=1),
            entry("a", "12:05", "updated", 2, urgency=1, headline="Other words"),
            entry("a", "12:30", "updated", 3, urgency=1, headline="And others"),
        ],
        [("12:00", "raised", "told"), ("12:05", "updated", "unchanged"), ("12:30", "updated", "unchanged")],
    ),
    "an edit of a cause after the cooldown raises a new alert, and the entry belongs to both": (
        URGENT,
        [
            entry("a", "12:00", urgency=3),
            entry("a", "12:20", "updated", 2, urgency=2),
            entry("a", "12:25", "retracted", 3),
        ],
        [
            ("12:00", "raised", "told"),
            ("12:20", "raised", "told"),
            ("12:25", "withdrawn", "told"),
            ("12:25", "withdrawn", "told"),
        ],
    ),
    "when no cause stands it is withdrawn, told through the cooldown; the next cause raises a new alert": (
        URGENT,
        [entry("a", "12:00", **S), entry("a", "12:01", "retracted", 2), entry("b", "12:02", **S)],
        [("12:00", "raised", "told"), ("12:01", "withdrawn", "told"), ("12:02", "raised", "told")],
    ),
    "when the raiser goes and others stand it is told; another one is unchanged": (
        URGENT,
        [
            entry("a", "12:00", **S),
            entry("b", "12:01", **S),
            entry("c", "12:02", **S),
            entry("b", "12:03", "retracted", 2),
            entry("a", "12:04", "retracted", 2),
        ],
        [
            ("12:00", "raised", "told"),
            ("12:01", "updated", "cooldown"),
            ("12:02", "updated", "cooldown"),
            ("12:03", "updated", "unchanged"),
            ("12:04", "updated", "told"),
        ],
    ),
    "a cause that meets the condition no more lapses": (
        URGENT,
        [entry("a", "12:00", urgency=3), entry("a", "12:01", "updated", 2, urgency=5)],
        [("12:00", "raised", "told"), ("12:01", "lapsed", "told")],
    ),
    "an edit that `on` leaves out still lapses": (
        {**URGENT, "on": ["created"]},
        [
            entry("a", "12:00", urgency=3),
            entry("a", "12:01", "updated", 2, urgency=2),
            entry("a", "12:02", "updated", 3, urgency=5),
        ],
        [("12:00", "raised", "told"), ("12:02", "lapsed", "told")],
    ),
    "when the last causes go in different ways the last one's way names the change": (
        URGENT,
        [
            entry("a", "12:00", **S),
            entry("b", "12:01", **S),
            entry("a", "12:02", "updated", 2, story_id="s", urgency=9),
            entry("b", "12:03", "retracted", 2),
        ],
        [
            ("12:00", "raised", "told"),
            ("12:01", "updated", "cooldown"),
            ("12:02", "updated", "told"),
            ("12:03", "withdrawn", "told"),
        ],
    ),
    "a raiser that comes back is the raiser again": (
        URGENT,
        [
            entry("a", "12:00", **S),
            entry("b", "12:01", **S),
            entry("a", "12:02", "retracted", 2),
            entry("a", "12:03", "restored", 3, **S),
            entry("a", "12:04", "retracted", 4),
        ],
        [
            ("12:00", "raised", "told"),
            ("12:01", "updated", "cooldown"),
            ("12:02", "updated", "told"),
            ("12:03", "updated", "cooldown"),
            ("12:04", "updated", "told"),
        ],
    ),
    "a corroboration is unchanged, whatever `on` says and after the cooldown": (
        {**URGENT, "on": ["created"]},
        [
            entry("a", "12:00", urgency=3),
            entry("a", "12:40", "corroborated", 2, urgency=3, sources=[{"source_id": "b", "entry_id": "x"}]),
        ],
        [("12:00", "raised", "told"), ("12:40", "updated", "unchanged")],
    ),
    "a duplicate is no cause and makes no revision": (
        URGENT,
        [entry("a", "12:00", **S), entry("b", "12:05", **S, source_id="coast", duplicate_of="a")],
        [("12:00", "raised", "told")],
    ),
    "an unchanged edit of an entry that is no cause raises": (
        {**URGENT, "on": ["updated"]},
        [entry("a", "12:00", urgency=3), entry("a", "12:01", "updated", 2, urgency=3)],
        [("12:01", "raised", "told")],
    ),
    "old tells nobody, its end neither, and a fresh cause raises a new alert": (
        URGENT,
        [
            entry("a", "12:00", **S, **OLD),
            entry("b", "12:01", **S, **OLD),
            entry("c", "12:02", **S),
            entry("a", "12:03", "retracted", 2),
            entry("b", "12:04", "retracted", 2),
        ],
        [
            ("12:00", "raised", "old"),
            ("12:01", "updated", "old"),
            ("12:02", "raised", "told"),
            ("12:03", "updated", "old"),
            ("12:04", "withdrawn", "old"),
        ],
    ),
    "an entry's edits are no older than it was when first received": (
        URGENT,
        [
            entry("a", "12:00", urgency=5),
            entry("a", "15:00", "updated", 2, urgency=3, first_published_at=at("11:59")),
        ],
        [("15:00", "raised", "told")],
    ),
    "an entry published exactly `fresh` before is fresh": (
        URGENT,
        [entry("a", "12:00", urgency=3, first_published_at=at("11:00"))],
        [("12:00", "raised", "told")],
    ),
    "fresh: off": ({**URGENT, "fresh": "off"}, [entry("a", "12:00", **S, **OLD)], [("12:00", "raised", "told")]),
    "old is said before cooldown, unchanged before old": (
        URGENT,
        [entry("a", "12:00", **S), entry("b", "12:01", **S, **OLD), entry("b", "12:02", "updated", 2, **S, **OLD)],
        [("12:00", "raised", "told"), ("12:01", "updated", "old"), ("12:02", "updated", "unchanged")],
    ),
    "after hold, at and the cooldown count from its end; a second waiting cause joins": (
        {**URGENT, "hold": "2m"},
        [entry("a", "12:00", **S), entry("b", "12:01", **S), entry("c", "12:16", **S), entry("d", "12:30", **S)],
        [("12:02", "raised", "told"), ("12:16", "updated", "cooldown")],
    ),
    "what does not stand through hold is not raised": (
        {**URGENT, "hold": "2m"},
        [entry("a", "12:00", **S), entry("a", "12:01", "retracted", 2), entry("b", "12:10", urgency=9)],
        [],
    ),
    "urgent does not wait": (
        {**URGENT, "hold": "2m", "urgent": "entry.urgency == 1"},
        [entry("a", "12:00", **S), entry("b", "12:01", story_id="s", urgency=1), entry("c", "12:09", urgency=9)],
        [("12:01", "raised", "told")],
    ),
    "over is the last match and over_after; corroborations and duplicates prolong it": (
        {**URGENT, "over_after": "30m"},
        [
            entry("a", "12:00", urgency=3),
            entry("a", "12:10", "corroborated", 2, urgency=3),
            entry("b", "12:20", urgency=3, duplicate_of="a", source_id="coast"),
            entry("c", "13:00", urgency=9),
        ],
        [("12:00", "raised", "told"), ("12:10", "updated", "unchanged"), ("12:50", "ended", "over")],
    ),
    "count: distinct entries whose first match was received within": (
        {**THREE, "per": "coverage"},
        [
            entry("a", "12:00", urgency=3),
            entry("b", "12:05", urgency=3),
            entry("b", "12:06", "updated", 2, urgency=2),
            entry("c", "12:10", urgency=3),
            entry("d", "12:11", urgency=3),
            entry("e", "12:12", urgency=3),
        ],
        [("12:11", "raised", "told"), ("12:12", "updated", "cooldown")],
    ),
    "count: retracted, lapsed and old ones do not count": (
        {**THREE, "per": "coverage"},
        [
            entry("a", "12:00", urgency=3),
            entry("a", "12:01", "retracted", 2),
            entry("b", "12:01", urgency=3),
            entry("b", "12:02", "updated", 2, urgency=9),
            entry("c", "12:03", urgency=3, **OLD),
            entry("d", "12:04", urgency=3),
            entry("e", "12:05", urgency=3),
            entry("f", "12:06", urgency=3),
        ],
        [("12:06", "raised", "told")],
    ),
    "count: sources, those in `sources` included": (
        CONFIRMED,
        [
            entry("a", "12:00", urgency=3),
            entry("b", "12:03", urgency=3, source_id="coast", duplicate_of="a"),
            entry("a", "12:03", "corroborated", 2, urgency=3, sources=[{"source_id": "coast", "entry_id": "b"}]),
            entry("c", "12:06", urgency=3, source_id="radio", duplicate_of="a"),
            entry("a", "12:06", "corroborated", 3, urgency=3, sources=[{"source_id": "radio", "entry_id": "c"}]),
        ],
        [("12:06", "raised", "told")],
    ),
    "a silence is raised when it is complete, ended by a sign of life, and that is told": (
        QUIET,
        [entry("a", "12:00"), entry("b", "12:30"), entry("c", "12:40")],
        [("12:20", "raised", "told"), ("12:30", "ended", "told")],
    ),
    "a corroboration by another is no sign of life; a retraction is one": (
        QUIET,
        [entry("a", "12:00"), entry("a", "12:10", "corroborated", 2), entry("a", "12:25", "retracted", 3)],
        [("12:20", "raised", "told"), ("12:25", "ended", "told")],
    ),
    "a silence that began before `between` is raised when it begins": (
        {**QUIET, "between": ["13:00", "23:00"]},
        [entry("a", "12:00"), entry("b", "13:10")],
        [("13:00", "raised", "told"), ("13:10", "ended", "told")],
    ),
    "`between` has a time zone and may wrap over midnight": (
        {**QUIET, "between": ["23:00", "13:00"], "timezone": "Europe/London"},
        [entry("a", "11:50"), entry("b", "22:30")],
        [("22:00", "raised", "told"), ("22:30", "ended", "told")],
    ),
    "a silence names its sources; one never heard is not silent": (
        {**QUIET, "sources": ["evening-post", "radio"]},
        [entry("a", "12:00"), entry("b", "12:30", source_id="coast"), entry("c", "13:00", source_id="coast")],
        [("12:20", "raised", "told")],
    ),
    "on: retracted, too": (
        {"when": 'entry.change == "retracted"', "on": ["retracted"]},
        [entry("a", "12:00"), entry("a", "12:01", "retracted", 2)],
        [("12:01", "raised", "told")],
    ),
    "an error while a condition is evaluated is no match": (
        {"when": "entry.authors[0] == 'Ada'"},
        [entry("a", "12:00"), entry("b", "12:01", authors=["Ada"])],
        [("12:01", "raised", "told")],
    ),
    "coverages: * stands for any characters": (
        {**ANY, "coverages": ["harbour-*"]},
        [entry("a", "12:00"), entry("b", "12:01", coverage_id="budget")],
        [("12:00", "raised", "told")],
    ),
    "a duplicate that tells other news now, or is gone, counts no more": (
        CONFIRMED,
        [
            entry("a", "12:00", **S),
            entry("b", "12:01", **S, source_id="coast", duplicate_of="a"),
            entry("a", "12:01", "corroborated", 2, **S, sources=[{"source_id": "coast", "entry_id": "b"}]),
            entry("b", "12:02", "updated", 2, source_id="coast", urgency=9),
            entry("a", "12:02", "updated", 3, **S),
            entry("c", "12:03", **S, source_id="radio", duplicate_of="a"),
            entry("c", "12:04", "retracted", 2, source_id="radio", duplicate_of="a"),
            entry("d", "12:05", **S, source_id="herald", duplicate_of="a"),
            entry("a", "12:05", "corroborated", 4, **S, sources=[{"source_id": "herald", "entry_id": "d"}]),
        ],
        [],
    ),
    "a duplicate that came before its original matched and is gone counts no more": (
        CONFIRMED,
        [
            entry("a", "12:00", urgency=9),
            entry("b", "12:01", urgency=9, source_id="coast", duplicate_of="a"),
            entry("a", "12:02", "updated", 2, **S, sources=[{"source_id": "coast", "entry_id": "b"}]),
            entry("b", "12:03", "retracted", 2, source_id="coast", duplicate_of="a"),
            entry("a", "12:03", "updated", 3, **S),
            entry("c", "12:04", **S, source_id="radio", duplicate_of="a"),
            entry("a", "12:04", "corroborated", 4, **S, sources=[{"source_id": "radio", "entry_id": "c"}]),
        ],
        [],
    ),
    "once the raiser is gone, a figure rises over that of what was told then": (
        {"when": "entry.urgency <= 3", "rises": ["dead"]},
        [
            entry("a", "12:00", **S, figures=[figure("dead", 10)]),
            entry("b", "12:01", **S, figures=[figure("dead", 4)]),
            entry("a", "12:02", "retracted", 2),
            entry("b", "12:03", "updated", 2, **S, figures=[figure("dead", 6)]),
        ],
        [
            ("12:00", "raised", "told"),
            ("12:01", "updated", "cooldown"),
            ("12:02", "updated", "told"),
            ("12:03", "updated", "told"),
        ],
    ),
    "with corroborated in on, a corroboration raises what is over anew": (
        {**URGENT, "on": ["created", "corroborated"], "over_after": "5m"},
        [
            entry("a", "12:00", **S),
            entry("a", "12:10", "corroborated", 2, **S, sources=[{"source_id": "coast", "entry_id": "b"}]),
        ],
        [("12:00", "raised", "told"), ("12:05", "ended", "over"), ("12:10", "raised", "told")],
    ),
    "a correction or a lower figure by which a cause leaves is told, though others stand": (
        {"when": 'entry.figure("dead") >= 3'},
        [
            entry("a", "12:00", **hurt(4)),
            entry("b", "12:01", **hurt(9)),
            entry("c", "12:02", **hurt(9)),
            entry("b", "12:03", "updated", 2, **hurt(1)),
            entry("c", "12:04", "updated", 2, story_id="s", is_correction=True),
        ],
        [
            ("12:00", "raised", "told"),
            ("12:01", "updated", "cooldown"),
            ("12:02", "updated", "cooldown"),
            ("12:03", "updated", "told"),
            ("12:04", "updated", "told"),
        ],
    ),
    "a correction of an entry that stands in two alerts is told once, in the newest": (
        URGENT,
        [
            entry("a", "12:00", urgency=3),
            entry("a", "12:20", "updated", 2, urgency=2),
            entry("a", "12:25", "updated", 3, urgency=2, is_correction=True),
        ],
        [("12:00", "raised", "told"), ("12:20", "raised", "told"), ("12:25", "updated", "told")],
    ),
    "what is corrected or retracted after the cooldown is told by the alert that told it": (
        URGENT,
        [
            entry("a", "12:00", **S),
            entry("b", "12:20", **S),
            entry("a", "12:21", "updated", 2, **S, is_correction=True),
            entry("a", "12:22", "retracted", 3),
        ],
        [
            ("12:00", "raised", "told"),
            ("12:20", "raised", "told"),
            ("12:21", "updated", "told"),
            ("12:22", "withdrawn", "told"),
        ],
    ),
    "an alert that ended says no more, not even of a retraction": (
        {**URGENT, "over_after": "30m"},
        [entry("a", "12:00", **S), entry("a", "12:40", "retracted", 2)],
        [("12:00", "raised", "told"), ("12:30", "ended", "over")],
    ),
    "the same revision twice with other values joins what it raised": (
        {**URGENT, "urgent": "entry.urgency == 1"},
        [
            entry("a", "12:00", urgency=3),
            entry("a", "12:20", urgency=2),
            entry("a", "12:21", "updated", 2, urgency=9),
        ],
        [("12:00", "raised", "told"), ("12:20", "updated", "unchanged"), ("12:21", "lapsed", "told")],
    ),
    "per entry, one story is many subjects": (
        {**URGENT, "per": "entry"},
        [entry("a", "12:00", **S), entry("b", "12:01", **S)],
        [("12:00", "raised", "told"), ("12:01", "raised", "told")],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_rule_means_what_the_contract_says(case: str) -> None:
    """What is said of each entry: when, which change, and whether anyone is told."""
    rule, entries, expected = CASES[case]

    assert short(run(rule, entries)) == expected


def burst(*minutes: int, **rule: Any) -> Said:
    """Return what a burst rule says of new entries at minutes after noon, an hour and more after the first."""
    entries = [entry(f"e{n}", at("12:00") + timedelta(minutes=minute)) for n, minute in enumerate(minutes)]
    given = {"burst": {"within": "5m", "times": 4, "least": 3}, **rule}
    return short(run(given, entries, entries[-1].received_at + timedelta(hours=1)))


def test_a_burst_is_more_than_the_mean_of_the_hour_before_and_ends_by_the_clock() -> None:
    """The window is (t - within, t]: three within five minutes raise, and the first to leave ends it, which is told."""
    assert burst(0, 61, 63, 65) == [("13:05", "raised", "told"), ("13:06", "ended", "told")]
    assert burst(0, 61, 63, 66) == []


def test_there_is_no_burst_before_a_coverage_is_an_hour_old() -> None:
    """What a usual hour is, nobody knows before."""
    assert burst(0, 1, 2, 3, 4) == []
    assert burst(0, 58, 59, 60)[0] == ("13:00", "raised", "told")


def test_a_burst_needs_times_the_mean() -> None:
    """Twelve in the hour before are one in five minutes: four at once are four times as many, three are not."""
    before = range(0, 60, 5)

    assert burst(*before, 66, 67, 68) == []
    assert burst(*before, 66, 67, 68, 68)[0] == ("13:08", "raised", "told")


def test_a_closed_coverage_has_no_silence() -> None:
    """A story that is over is quiet rightly."""
    rules = newsroom({"silence": "20m"}, closed=True)

    assert run(rules, [entry("a", "12:00")], "18:00") == []


def test_a_revision_says_what_the_alert_is_about() -> None:
    """Causes and sources stay when they are gone; the entry is the newest cause, of a withdrawal as it was told."""
    reports = [{"source_id": "radio", "entry_id": "x"}]
    alerts = run(
        URGENT,
        [
            entry("a", "12:00", **S, sources=reports),
            entry("b", "12:01", story_id="s", urgency=2, source_id="coast"),
            entry("a", "12:02", "updated", 2, **S, headline="Edited"),
            entry("a", "12:03", "retracted", 3),
            entry("b", "12:04", "retracted", 2, source_id="coast"),
        ],
    )

    assert [[(c.entry_id, c.revision) for c in alert.causes] for alert in alerts][-1] == [("a", 2), ("b", 1)]
    assert [alert.sources for alert in alerts][-1] == ("evening-post", "radio", "coast")
    assert [alert.urgency for alert in alerts] == [3, 2, 2, 2, 5]
    shown = [(alert.entry.entry_id, alert.entry.revision) for alert in alerts if alert.entry]
    assert shown == [("a", 1), ("b", 1), ("a", 2), ("b", 1), ("b", 1)]
    assert {alert.alert_id for alert in alerts} == {alerts[0].alert_id}
    assert [alert.revision for alert in alerts] == [1, 2, 3, 4, 5]
    assert alerts[-1].title == "Harbour fire: Fire b: withdrawn by coast"
    assert alerts[0].reason == "entry.urgency <= 3 (urgency: 3)"


def test_a_long_title_is_cut_so_that_what_became_of_it_is_said() -> None:
    """Who withdrew it stands at the end of the line."""
    long = {"body_text": "word " * 100}
    entries = [entry("a", "12:00", **S, **long), entry("a", "12:01", "retracted", 2, source_id="coast")]
    alerts = run({**URGENT, "title": "{entry.body_text}"}, entries)

    assert alerts[-1].title.endswith("word…: withdrawn by coast")
    assert [len(alert.title) for alert in alerts] == [300, 300]


def test_a_duplicate_shows_its_source_in_the_next_revision() -> None:
    """It makes none of its own."""
    alerts = run(
        URGENT,
        [
            entry("a", "12:00", **S),
            entry("b", "12:01", **S, source_id="coast", duplicate_of="a"),
            entry("c", "12:02", **S),
        ],
    )

    assert [alert.sources for alert in alerts] == [("evening-post",), ("evening-post", "coast")]


def test_who_tells_other_news_now_is_no_source_of_a_new_alert() -> None:
    """The alert that was raised while it told the same keeps its source."""
    alerts = run(
        URGENT,
        [
            entry("a", "12:00", **S),
            entry("b", "12:01", **S, source_id="coast", duplicate_of="a"),
            entry("a", "12:01", "corroborated", 2, **S, sources=[{"source_id": "coast", "entry_id": "b"}]),
            entry("a", "12:02", "retracted", 3),
            entry("b", "12:02", "updated", 2, urgency=9, source_id="coast"),
            entry("a", "12:03", "restored", 4, **S),
        ],
    )

    assert [alert.sources for alert in alerts[-2:]] == [("evening-post", "coast"), ("evening-post",)]


def test_a_reason_names_who_else_reports_it() -> None:
    """By the ids of the sources, as a person writes them."""
    reports = [{"source_id": "radio", "entry_id": "x"}, {"source_id": "coast", "entry_id": "y"}]
    alerts = run({"when": "entry.sources.size() >= 2"}, [entry("a", "12:00", **S, sources=reports)])

    assert alerts[0].reason == "entry.sources.size() >= 2 (sources: radio, coast)"


def test_an_entry_stays_with_the_subject_under_which_it_first_was_a_cause() -> None:
    """A story that is found later does not make a second alert."""
    alerts = run(URGENT, [entry("a", "12:00", urgency=3), entry("a", "12:01", "updated", 2, urgency=2, story_id="s")])

    assert {(alert.subject.kind, alert.subject.id) for alert in alerts} == {("entry", "a")}
    assert short(alerts)[-1] == ("12:01", "updated", "cooldown")


def test_time_never_goes_back_in_a_coverage() -> None:
    """An entry that was received before the one ahead of it in the log is seen at that one's time."""
    alerts = run({**URGENT, "per": "entry"}, [entry("a", "12:10", urgency=3), entry("b", "12:05", urgency=3)])

    assert short(alerts) == [("12:10", "raised", "told"), ("12:10", "raised", "told")]


def test_the_links_lead_to_the_public_address() -> None:
    """Once there is one."""
    (alert,) = Engine(newsroom(URGENT), public_url="https://live.example.org/").see(entry("a", "12:00", urgency=3))

    assert alert.links is not None
    assert alert.links.page == "https://live.example.org/coverages/harbour-fire"
    assert (run(URGENT, [entry("a", "12:00", urgency=3)])[0]).links is None
