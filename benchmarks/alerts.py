"""50 rules of every kind over 20,000 entries: processor time, and how often each kind of revision came out.

python benchmarks/alerts.py
"""

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
WORDS = (
    *("fire", "quay", "crew", "smoke", "road", "bridge", "river", "flood", "council", "minister"),
    *("police", "train", "harbour", "wind", "night", "school", "vote"),
)


def rules() -> list[dict[str, Any]]:
    """Return 40 conditions, some with a count, a hold or figures that rise; 5 bursts and 5 silences."""
    extras: tuple[dict[str, Any], ...] = (
        {},
        {"rises": ["dead", "injured"], "urgent": "entry.urgency == 1"},
        {"hold": "2m"},
        {"count": {"entries": 3, "within": "10m"}, "per": "coverage"},
        {"count": {"sources": 2, "within": "10m"}},
    )
    found: list[dict[str, Any]] = [
        {"id": f"when-{number}", "when": CONDITIONS[number % 10], **extras[number % 5 - number // 10]}
        for number in range(40)
    ]
    found += [{"id": f"burst-{number}", "burst": {"within": f"{number + 3}m"}} for number in range(5)]
    return found + [{"id": f"silence-{number}", "silence": f"{20 * number + 20}m"} for number in range(5)]


def entries() -> list[bytes]:
    """Return entries of ten coverages and six sources over two days; one in four is an edit or a withdrawal."""
    rng = Random(7)
    found, known = [], []
    for number in range(ENTRIES):
        at = NOON + timedelta(seconds=9 * number)
        words = " ".join(rng.choices(WORDS, k=120))
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
        entry_id, revision, change = f"e{number}", 1, "created"
        if known and rng.random() < 0.27:
            entry_id, revision, kept = known[rng.randrange(max(0, len(known) - 300), len(known))]
            revision += 1
            fields |= kept
            change = "retracted" if rng.random() < 0.07 else "updated"
        base = {"entry_id": entry_id, "revision": revision, "change": change, "received_at": at, "processed_at": at}
        entry = Entry.model_validate({**base, "status": "usable", "first_published_at": at, **fields})
        known.append((entry_id, revision, {name: fields[name] for name in ("source_id", "coverage_id", "story_id")}))
        found.append(entry.to_json())
    return found


def main() -> None:
    """Print the figures."""
    lines = entries()
    coverages = [{"id": f"c{number}"} for number in range(10)]
    newsroom = Newsroom.model_validate({"coverages": coverages, "alerts": list(islice(cycle(rules()), RULES))})
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
