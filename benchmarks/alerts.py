"""50 rules of every kind over 20,000 entries: processor time, and how often each kind of revision came out.

python benchmarks/alerts.py [--heavy]

With `--heavy` the entries are long and rich, and each rule reads much of them and fires often.
"""

import argparse
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from random import Random
from typing import Any

from schemas import Entry, Newsroom
from streams.alerts import Engine

ENTRIES, RULES = 20_000, 50
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
CONDITIONS = (
    'entry.urgency <= 2 && entry.figures.exists(f, f.kind in ["dead", "injured"])',
    "entry.breaking",
    'entry.mentions("Ada Ruiz")',
    'entry.figure("dead") >= 7',
    "entry.near(53.1, -1.2, 20)",
    'entry.headline.contains("quake")',
    'entry.headline.matches("(?i)flood.*river")',
    'entry.entities.exists(e, e.type == "person" && e.name == "Bo Lind")',
    'entry.places.exists(p, p.country == "GB") && entry.urgency == 1',
    'entry.body_text.contains("evacuated") || entry.is_correction',
)
HEAVY = (
    'entry.body_text.matches("(?i)(flood|storm).{1,40}(river|bridge)") && entry.urgency <= 3',
    '["Ada Ruiz", "Bo Lind", "Quayside", "council"].exists(n, entry.mentions(n)) && entry.urgency <= 3',
    'entry.entities.exists(e, e.type == "person" && e.name.startsWith("Name 3") && e.text in ["Person 3", "Person 7"])',
    'entry.figures.exists(f, f.kind in ["dead", "injured"] && f.value >= 2) && entry.urgency <= 3',
    'entry.places.exists(p, p.country in ["GB", "IE"]) && entry.near(57.7, 11.9, 99) && entry.urgency <= 3',
    'entry.body_text.contains("minister") && entry.entities.filter(e, e.type == "place").size() >= 9',
    'entry.figure("dead") >= 7 || entry.figure("injured") >= 8 || entry.figure("missing") >= 1',
    'entry.entities.exists(e, entry.places.exists(p, p.name == e.name && p.country == "SE")) && entry.urgency <= 3',
    '["bridge", "train", "vote"].exists(w, entry.headline.contains(w)) && entry.urgency <= 2',
    '!entry.body_text.matches("(?i)drill|exercise|rehearsal") && entry.urgency <= 2',
)
WORDS = (
    *("fire", "quay", "crew", "smoke", "road", "bridge", "river", "flood", "council", "minister"),
    *("police", "train", "harbour", "wind", "night", "school", "vote"),
)


def rules(*, heavy: bool) -> list[dict[str, Any]]:
    """Return 40 conditions, some with a count, a hold or figures that rise; 5 bursts and 5 silences."""
    extras: tuple[dict[str, Any], ...] = (
        {},
        {"rises": ["dead", "injured"], "urgent": "entry.urgency == 1"},
        {"hold": "2m"},
        {"count": {"entries": 3, "within": "10m"}, "per": "coverage"},
        {"count": {"sources": 2, "within": "10m"}},
    )
    found: list[dict[str, Any]] = [
        {
            "id": f"when-{number}",
            "when": (HEAVY if heavy else CONDITIONS)[number % 10],
            **extras[number % 5 - number // 10],
        }
        for number in range(40)
    ]
    found += [{"id": f"burst-{number}", "burst": {"within": f"{number + 3}m"}} for number in range(5)]
    return found + [{"id": f"silence-{number}", "silence": f"{20 * number + 20}m"} for number in range(5)]


def entries(*, heavy: bool) -> list[bytes]:
    """Return entries of ten coverages and six sources over two days; one in four is an edit or a withdrawal."""
    rng = Random(7)
    found: list[bytes] = []
    known: list[str] = []
    newest: dict[str, tuple[int, dict[str, Any]]] = {}
    for number in range(ENTRIES):
        at = NOON + timedelta(seconds=9 * number)
        words = " ".join(rng.choices(WORDS, k=400 if heavy else 120))
        fields = {
            "source_id": f"s{number % 6}",
            "coverage_id": f"c{number % 10}",
            "headline": " ".join(rng.choices(WORDS, k=8)).capitalize() + (" quake" if rng.random() < 0.01 else ""),
            "body_text": words + (" Ada Ruiz spoke." if rng.random() < 0.01 else ""),
            "urgency": rng.choices((1, 2, 3, 4, 5, 6), (1, 2, 7, 20, 40, 30))[0],
            "breaking": rng.random() < 0.01,
            "story_id": f"story-{number // 50}",
            "figures": [{"kind": "dead", "value": rng.randrange(1, 9), "text": "3", "start": 0, "end": 1}]
            if rng.random() < 0.05
            else [],
            "entities": [{"type": "person", "name": "Bo Berg", "text": "Berg", "start": 0, "end": 4}] * 4,
            "places": [{"name": "Quayside", "country": "SE", "latitude": 57.7, "longitude": 11.9}],
        }
        fields |= _riches(rng) if heavy else {}
        entry_id, revision, change = f"e{number}", 1, "created"
        if known and rng.random() < 0.27:
            entry_id = known[rng.randrange(max(0, len(known) - 300), len(known))]
            revision, kept = newest[entry_id]
            revision += 1
            fields |= kept
            change = "retracted" if rng.random() < 0.07 else "updated"
        base = {"entry_id": entry_id, "revision": revision, "change": change, "received_at": at, "processed_at": at}
        entry = Entry.model_validate({**base, "status": "usable", "first_published_at": at, **fields})
        if change == "created":
            known.append(entry_id)
        newest[entry_id] = revision, {name: fields[name] for name in ("source_id", "coverage_id", "story_id")}
        found.append(entry.to_json())
    return found


def _riches(rng: Random) -> dict[str, Any]:
    """Return figures, entities and places as a long report has them."""
    span = {"start": 0, "end": 1}
    return {
        "figures": [
            {
                "kind": rng.choice(("dead", "injured", "rescued", "money")),
                "value": rng.randrange(1, 9),
                "text": "3",
                **span,
            }
            for _ in range(rng.randrange(5))
        ],
        "entities": [
            {
                "type": rng.choice(("person", "place")),
                "name": f"Name {rng.randrange(40)}",
                "text": f"Person {n}",
                **span,
            }
            for n in range(12)
        ],
        "places": [
            {
                "name": f"Name {rng.randrange(40)}",
                "country": rng.choice(("SE", "GB", "NO")),
                "latitude": 57.0 + n,
                "longitude": 11.9,
            }
            for n in range(4)
        ],
    }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--heavy", action="store_true")
    heavy = parser.parse_args().heavy
    lines = entries(heavy=heavy)
    coverages = [{"id": f"c{number}"} for number in range(10)]
    newsroom = Newsroom.model_validate(
        {"coverages": coverages, "alerts": list(islice(cycle(rules(heavy=heavy)), RULES))}
    )
    start = time.process_time()
    engine = Engine(newsroom)
    said: Counter[str] = Counter()
    for line in lines:
        for alert in engine.see(Entry.from_json(line)):
            said[alert.change.value] += 1
            alert.to_json()
    spent = time.process_time() - start
    print(f"{RULES} rules x {ENTRIES} entries: {spent:.1f} s of processor time")
    print(f"{sum(said.values())} revisions: {dict(said)}")
    start = time.process_time()
    records = list(engine.memory.changes())
    size = sum(len(value) for _, value in records)
    print(f"memory: {len(records)} records, {size / 1e6:.1f} MB, written in {time.process_time() - start:.1f} s")


if __name__ == "__main__":
    main()
