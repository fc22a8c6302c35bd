"""The engine against the naive model, and against itself over restarts and batches."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from alert_desk import at, entry, newsroom, short
from alert_model import Model, Rule
from alert_simulation import burst_rule, configured, silence_rule, stream, when_rule
from hypothesis import given, note, settings
from hypothesis import strategies as st

from schemas import Alert, AlertRule, Entry, Newsroom
from streams.alerts import Engine
from streams.alerts.memory import Memory
from streams.alerts.revise import alert_id
from streams.alerts.state import SubjectKey
from streams.exceptions import NewerMemoryError

AFTER = timedelta(hours=1)


def said(alert: Alert) -> dict[str, Any]:
    """Return a revision in the model's words."""
    return {
        "key": alert.alert_id,
        "revision": alert.revision,
        "change": alert.change.value,
        "held_back": alert.held_back.value if alert.held_back else None,
        "at": alert.at,
        "subject": (alert.subject.kind.value, alert.subject.id),
        "causes": [(cause.entry_id, cause.revision) for cause in alert.causes],
        "sources": list(alert.sources),
        "urgency": alert.urgency,
        "entry": (alert.entry.entry_id, alert.entry.revision) if alert.entry else None,
    }


def by_model(rule: Rule, entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Return what the model says, with ids."""
    found = Model(rule).run(entries, entries[-1].received_at + AFTER)
    for each in found:
        (kind, id_), (entry_id, revision) = each["key"]
        each["key"] = alert_id("rule", SubjectKey(kind, id_), entry_id, revision)
    return found


def by_engine(rule: AlertRule, entries: Sequence[Entry], cuts: frozenset[int] = frozenset()) -> list[Alert]:
    """Return what the engine says, restarted from its records before some entries."""
    newsroom = Newsroom(alerts=(rule,))
    engine = Engine(newsroom)
    records: dict[bytes, bytes] = {}
    alerts = []
    for number, each in enumerate(entries):
        if number in cuts:
            records.update(engine.memory.changes())
            engine = Engine(newsroom, memory=loaded(records))
        alerts += engine.see(each)
    return alerts + engine.advance("harbour-fire", entries[-1].received_at + AFTER)


def loaded(records: dict[bytes, bytes]) -> Memory:
    """Return a memory read from records, in any order of the keys."""
    memory = Memory()
    for key, value in sorted(records.items(), reverse=True):
        memory.load(key, value)
    return memory


def check(rule: Rule, entries: Sequence[Entry]) -> None:
    """Compare alert by alert; of what differs, the shortest beginning is shown."""
    if agree(rule, entries):
        return
    shortest = next(size for size in range(1, len(entries) + 1) if not agree(rule, entries[:size]))
    for each in entries[:shortest]:
        note(each.model_dump_json(exclude={"processed_at", "status", "coverage_id", "schema_version", "kind"}))
    found = [said(alert) for alert in by_engine(configured(rule), entries[:shortest])]
    assert found == by_model(rule, entries[:shortest])


def agree(rule: Rule, entries: Sequence[Entry]) -> bool:
    """Return whether engine and model say the same."""
    return [said(alert) for alert in by_engine(configured(rule), entries)] == by_model(rule, entries)


KINDS = (when_rule, when_rule, when_rule, burst_rule, silence_rule)
SEEDS = st.integers(0, 2**32)


@settings(max_examples=600, deadline=None)
@given(SEEDS)
def test_rules_mean_what_the_contract_says(seed: int) -> None:
    """Whatever a newsroom does, each revision of each alert is the one that the model makes from the contract.

    A seed draws a rule of any kind and a coverage's entries: drawn one by one, so many would take minutes.
    """
    rng = Random(seed)
    check(rng.choice(KINDS)(rng), stream(rng))


@settings(max_examples=100, deadline=None)
@given(SEEDS, st.data())
def test_a_restart_changes_nothing(seed: int, data: st.DataObject) -> None:
    """The same entries in any batches, over any restart from the records alone, give the same alerts."""
    rng = Random(seed)
    rule, entries = configured(rng.choice(KINDS)(rng)), stream(rng)
    cuts = data.draw(st.frozensets(st.integers(0, len(entries) - 1)))

    assert by_engine(rule, entries, cuts) == by_engine(rule, entries)


@settings(max_examples=50, deadline=None)
@given(SEEDS)
def test_rules_do_not_disturb_each_other(seed: int) -> None:
    """What one rule says does not depend on which others there are."""
    rng = Random(seed)
    rules = [configured(rng.choice(KINDS)(rng)).model_copy(update={"id": f"r{number}"}) for number in range(3)]
    entries = stream(rng)
    engine = Engine(Newsroom(alerts=tuple(rules)))
    together = [alert for each in entries for alert in engine.see(each)]

    for rule in rules:
        alone = Engine(Newsroom(alerts=(rule,)))
        expected = [alert for each in entries for alert in alone.see(each)]
        assert [alert for alert in together if alert.rule_id == rule.id] == expected


def test_a_changed_rule_raises_nothing_for_what_was_told() -> None:
    """It goes on from what the rule before it told: an edit is compared by what the new one reads."""
    entries = [
        entry("a", "12:00", urgency=3),
        entry("a", "13:00", "updated", 2, urgency=3, headline="Other words"),
        entry("a", "13:01", "updated", 3, urgency=2, headline="Other words"),
    ]
    before = Engine(newsroom({"when": "entry.urgency <= 3"}))
    told = before.see(entries[0])
    changed = newsroom({"when": "entry.urgency <= 4 && entry.key_event == false", "rises": ["dead"]})
    after = Engine(changed, memory=loaded(dict(before.memory.changes())))

    alerts = [alert for each in entries[1:] for alert in after.see(each)]

    assert short(alerts) == [("13:00", "updated", "unchanged"), ("13:01", "raised", "told")]
    assert alerts[0].alert_id == told[0].alert_id
    assert alerts[0].rule_version != told[0].rule_version


def test_a_rule_of_another_kind_begins_anew() -> None:
    """Of a condition's alerts a silence can make nothing."""
    before = Engine(newsroom({"when": "true"}))
    before.see(entry("a", "12:00"))
    after = Engine(newsroom({"silence": "20m"}), memory=loaded(dict(before.memory.changes())))

    after.see(entry("b", "12:01"))

    assert short(after.advance("harbour-fire", at("13:00"))) == [("12:21", "raised", "told")]


@pytest.mark.parametrize("value", [b"", b"\x02[]"])
def test_a_record_of_another_form_is_refused(value: bytes) -> None:
    """A memory that a newer version wrote is not misread."""
    with pytest.raises(NewerMemoryError, match="newer"):
        Memory().load(b"c\x00rule", value)
