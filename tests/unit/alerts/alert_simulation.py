"""Random newsrooms: rules of every kind and entries as deduplication and enrichment publish them."""

from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from alert_desk import NOON, entry, figure
from alert_model import Condition, Rule, biggest

from schemas import AlertRule, Entry

_KINDS = ("dead", "injured")
CONDITIONS = (
    Condition("entry.urgency <= 3", lambda e: e.urgency is not None and e.urgency <= 3, lambda e: e.urgency),
    Condition("entry.breaking", lambda e: e.breaking, lambda e: e.breaking),
    Condition("true", lambda _: True, lambda _: None),
    Condition(
        'entry.figures.exists(f, f.kind == "dead" && f.value >= 2) || entry.breaking',
        lambda e: any(f.kind == "dead" and f.value >= 2 for f in e.figures) or e.breaking,
        lambda e: (tuple((f.kind, f.value) for f in e.figures), e.breaking),
        ("dead",),
    ),
    Condition(
        'entry.figure("injured") >= 1 || entry.urgency == 1',
        lambda e: (biggest(e, "injured") or 0) >= 1 or e.urgency == 1,
        lambda e: (biggest(e, "injured"), e.urgency),
        ("injured",),
    ),
    Condition(
        'entry.mentions("Fire")', lambda e: "fire" in (e.headline or "").casefold().split(), lambda e: e.headline
    ),
)
URGENT = Condition("entry.urgency == 1", lambda e: e.urgency == 1, lambda e: e.urgency)

_MINUTES = tuple(timedelta(minutes=m) for m in (1, 2, 5, 10, 15))

_PACES = ((0, 0, 1), (0, 1, 1, 2, 5, 16), (1, 2, 5, 16, 40, 70))
"""Minutes between two revisions."""


def when_rule(rng: Random) -> Rule:
    """Draw a rule with a condition, perhaps with a count."""
    count = rng.choice(["", "", "sources", "entries"])
    number = rng.randint(1, 3)
    more = rng.choice([(), ("corroborated",), ("retracted",)])
    return Rule(
        kind="when",
        when=rng.choice(CONDITIONS),
        urgent=rng.choice([None, None, URGENT]),
        on=(*rng.choice([("created", "updated", "restored"), ("created",), ("updated",)]), *more),
        per=rng.choice(["story", "coverage", "entry"]),
        cooldown=rng.choice([timedelta(0), timedelta(minutes=5), timedelta(minutes=15)]),
        rises=rng.choice([(), (), ("dead",), ("dead", "injured")]),
        hold=rng.choice([timedelta(0), timedelta(0), timedelta(minutes=2), timedelta(minutes=7)]),
        fresh=rng.choice([timedelta(hours=1), timedelta(minutes=5), None]),
        over_after=rng.choice([timedelta(hours=6), timedelta(minutes=30), timedelta(minutes=10)]),
        urgency=rng.choice([None, None, 2]),
        sources=number if count == "sources" else None,
        entries=number if count == "entries" else None,
        within=rng.choice(_MINUTES) if count else timedelta(0),
    )


def burst_rule(rng: Random) -> Rule:
    """Draw a burst."""
    return Rule(
        kind="burst",
        within=rng.choice(_MINUTES),
        times=rng.choice([2.0, 4.0]),
        least=rng.randint(1, 4),
        fresh=rng.choice([timedelta(hours=1), None]),
        urgency=rng.choice([None, 2]),
    )


def silence_rule(rng: Random) -> Rule:
    """Draw a silence."""
    return Rule(
        kind="silence",
        silence=rng.choice(_MINUTES),
        between=rng.choice([None, (time(12, 30), time(14)), (time(23), time(12, 10)), (time(13), time(12))]),
        timezone=rng.choice(["UTC", "Europe/London"]),
    )


def configured(rule: Rule) -> AlertRule:
    """Return a rule as `liveline.yaml` has it."""
    given: dict[str, Any] = {"id": "rule"}
    if rule.kind == "when":
        assert rule.when
        given |= {
            "when": rule.when.cel,
            "on": rule.on,
            "per": rule.per,
            "cooldown": rule.cooldown,
            "rises": rule.rises,
            "hold": rule.hold,
            "over_after": rule.over_after,
            "fresh": rule.fresh,
        }
        if rule.urgent:
            given["urgent"] = rule.urgent.cel
        if rule.sources or rule.entries:
            given["count"] = {"sources": rule.sources, "entries": rule.entries, "within": rule.within}
    elif rule.kind == "burst":
        given["burst"] = {"within": rule.within, "times": rule.times, "least": rule.least}
        given["fresh"] = rule.fresh
    else:
        given["silence"] = rule.silence
        if rule.between:
            given |= {"between": rule.between, "timezone": rule.timezone}
    if rule.urgency:
        given["urgency"] = rule.urgency
    return AlertRule.model_validate(given)


def stream(rng: Random, most: int = 40, steps: tuple[int, ...] | None = None) -> list[Entry]:
    """Draw a coverage's entries in the log's order: each revision follows from the one before."""
    found: list[Entry] = []
    newest: dict[str, Entry] = {}
    clock = NOON
    steps = steps or rng.choice(_PACES)
    for _ in range(rng.randint(1, most)):
        clock += timedelta(minutes=rng.choice(steps))
        known = sorted(newest)
        name = rng.choice([*known, f"e{len(known)}"])
        before = newest.get(name)
        revision = _created(rng, name, clock, newest) if before is None else _next(rng, before, clock, newest)
        found.append(revision)
        newest[name] = revision
    return found


def _content(rng: Random) -> dict[str, Any]:
    kinds = rng.choices(_KINDS, k=rng.randint(0, 2))
    return {
        "headline": rng.choice(["Fire on the quay", "Firemen at the quay", "A quiet evening"]),
        "urgency": rng.choice([None, 1, 2, 3, 5]),
        "breaking": rng.random() < 0.5,
        "is_correction": rng.choice([False, False, True]),
        "figures": [figure(kind, rng.randint(1, 4)) for kind in kinds],
        "story_id": rng.choice([None, "s1", "s1", "s2"]),
    }


def _created(rng: Random, name: str, clock: datetime, newest: dict[str, Entry]) -> Entry:
    age = rng.choice([timedelta(0), timedelta(minutes=3), timedelta(minutes=8), timedelta(hours=2)])
    firsts = [each for each in sorted(newest) if newest[each].duplicate_of is None]
    first = rng.choice([None, None, *firsts[:2]])
    return entry(
        name,
        clock,
        source_id=rng.choice(["a", "b", "c"]),
        first_published_at=rng.choice([clock - age, clock - age, None]),
        duplicate_of=first,
        **_content(rng),
    )


def _next(rng: Random, before: Entry, clock: datetime, newest: dict[str, Entry]) -> Entry:
    kept = {"source_id": before.source_id, "first_published_at": before.first_published_at}
    gone = before.change == "retracted"
    change = "restored" if gone else rng.choice(["updated", "updated", "corroborated", "retracted"])
    if change == "retracted":
        content: dict[str, Any] = {"duplicate_of": before.duplicate_of}
    elif change == "corroborated":
        content = before.model_dump(include={"headline", "urgency", "breaking", "is_correction", "figures", "story_id"})
        others = rng.sample(["a", "b", "c", "d"], k=rng.randint(1, 2))
        content["sources"] = [{"source_id": other, "entry_id": f"of {other}"} for other in others]
        content["duplicate_of"] = before.duplicate_of
    else:
        same = not gone and rng.random() < 0.5
        content = _content(rng)
        if same:
            content |= before.model_dump(include={"urgency", "breaking", "figures"})
        firsts = [e for e in sorted(newest) if newest[e].duplicate_of is None and e != before.entry_id]
        content["duplicate_of"] = rng.choice([before.duplicate_of, None, *firsts[:1]])
    return entry(before.entry_id, clock, change, before.revision + 1, **kept, **content)
