"""How good the stories are on four days of feeds, beside plain TF-IDF, and what a decision costs.

    .venv/bin/python benchmarks/stories.py [--wrong]

`stories_labels.csv` names 320 pairs of feed items by a hash of their links, labelled by reading: the same development
in other words, another topic of the same event, unrelated. They were drawn before the stories were written, across
sources: 233 by strata of the likeness of runs of five letters, most of them above what two topics of an event usually
have, so that `other topic` is the hard kind; the others at random among the items of one event (`same event`). A third,
drawn by number, was kept aside while thresholds were chosen.
"""

import argparse
import csv
import json
import random
import re
import statistics
import time
import tracemalloc
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha1
from math import log, sqrt
from pathlib import Path

from dedupe_pairs import DATA, blogs

from schemas import Change, Document, Entry, Status
from streams.dedupe import Memory
from streams.dedupe.memory.coverage import CoverageMemory
from streams.dedupe.memory.remembered import Remembered, State
from streams.pipeline import Pipeline
from streams.stories import StoryThresholds, find_story

LABELS = Path(__file__).with_name("stories_labels.csv")
AT = datetime(2024, 5, 1, tzinfo=UTC)
KINDS = ("same", "other topic", "same event", "unrelated")
Key = tuple[str, str]


def documents() -> list[tuple[Key, Document]]:
    """Return the feeds' English items, a document each, a coverage a day, in the order of their times."""
    found = []
    for day in sorted((DATA / "rss").glob("20*")):
        for path in sorted(day.glob("*.json")):
            for item in json.loads(path.read_text()):
                if item["language"].startswith("en"):
                    link = sha1(item["link"].encode(), usedforsecurity=False).hexdigest()[:12]
                    found.append((item["date_published"], path.stem, (day.name, link), item))
    return [(key, _document(key, source, item)) for _, source, key, item in sorted(found, key=lambda row: row[:3])]


def _document(key: Key, source: str, item: dict[str, str]) -> Document:
    post = {
        "id": item["link"],
        "headline": item["title"],
        "body_html": item["description"],
        "published_at": item["date_published"].replace(" ", "T"),
        "language": "en-GB" if item["language"] == "en-UK" else item["language"],
    }
    return Document(
        id=key[1],
        source_id=re.sub(r"\W+", "-", source),
        coverage_id=key[0],
        received_at=datetime.fromisoformat(item["date_published"]),
        content_type="application/vnd.liveline.post+json",
        body=json.dumps({name: value for name, value in post.items() if value}).encode(),
    )


def labels() -> list[tuple[str, str, Key, Key]]:
    """Return relation, part and the two items of each labelled pair."""
    with LABELS.open() as rows:
        return [
            (row["relation"], row["part"], (row["day"], row["a"]), (row["day"], row["b"]))
            for row in csv.DictReader(rows)
        ]


def by_stories(given: list[tuple[Key, Document]]) -> tuple[dict[Key, str | None], dict[Key, Entry]]:
    """Return the story of each item after the pipeline, and its first revision."""
    memory, stories, entries = Memory(), dict[Key, str | None](), dict[Key, Entry]()
    for key, document in given:
        draft = memory.draft()
        made = Pipeline().run([(document, None)], draft, AT).entries
        memory.apply(draft)
        if made:
            stories[key], entries[key] = made[0].story_id, made[0]
    return stories, entries


def by_tfidf(entries: dict[Key, Entry]) -> Callable[[Key, Key], float]:
    """Return the cosine of two items by all their words, each weighed once by the whole day: the peer."""
    words = {
        key: Counter(re.findall(r"\w+", f"{entry.headline} {entry.body_text}".lower()))
        for key, entry in entries.items()
    }
    days = Counter(day for day, _ in words)
    having = defaultdict[str, Counter[str]](Counter)
    for (day, _), counted in words.items():
        having[day].update(counted.keys())

    def cosine(a: Key, b: Key) -> float:
        one, other = (
            {word: times * log(days[key[0]] / having[key[0]][word]) for word, times in words[key].items()}
            for key in (a, b)
        )
        norms = sum(x * x for x in one.values()) * sum(x * x for x in other.values())
        return sum(one[word] * other[word] for word in one.keys() & other.keys()) / sqrt(norms) if norms else 0.0

    return cosine


def measure_quality(*, wrong: bool) -> None:
    """Print the share of pairs of each kind that share a story."""
    stories, entries = by_stories(documents())
    pairs = [row for row in labels() if row[2] in entries and row[3] in entries]
    cosine = by_tfidf(entries)
    topics = sorted((cosine(a, b) for kind, _, a, b in pairs if kind in KINDS[1:3]), reverse=True)
    peer = topics[len(topics) // 25]  # at which 4 % of the pairs on other topics are over it
    print(f"{len(entries)} items, {len(set(stories.values()))} stories; TF-IDF cosine from {peer:.2f} on")
    for kind in KINDS:
        for part in ("development", "aside"):
            chosen = [(a, b) for relation, of, a, b in pairs if (relation, of) == (kind, part)]
            told = sum(stories[a] == stories[b] for a, b in chosen)
            over = sum(cosine(a, b) > peer for a, b in chosen)
            print(f"{kind:12} {part:12} {told:3} of {len(chosen):3}, {told / len(chosen):.3f}; TF-IDF {over:3}")
            for a, b in (
                pair for pair in chosen if wrong and (stories[pair[0]] == stories[pair[1]]) != (kind == "same")
            ):
                print(f"    {entries[a].headline} | {entries[b].headline}")
    dice = random.Random(3)
    keys = defaultdict[str, list[Key]](list)
    for key in entries:
        keys[key[0]].append(key)
    drawn = [dice.sample(keys[day], 2) for day in ("2022-09-08", "2022-11-15") for _ in range(5_000)]
    print(f"any two of a day: {sum(stories[a] == stories[b] for a, b in drawn) / len(drawn):.4f} of {len(drawn):,}")


def measure_cost() -> None:
    """Print what a decision costs in coverages of several sizes, and what an entry takes in memory."""
    bodies = [post.body for _, posts in sorted(blogs().items()) for post in posts]
    dice = random.Random(5)
    dice.shuffle(bodies)
    for one, other in zip(bodies[:2_000], bodies[2_000:4_000], strict=True):  # more than there are, no two alike
        bodies.append(f"{one[: len(one) // 2]} {other[len(other) // 2 :]}")
    entries = [_entry(number, body) for number, body in enumerate(bodies)]
    thresholds = StoryThresholds()
    for size in (100, 1_000, 10_000):
        tracemalloc.start()
        layer = CoverageMemory()
        for entry in entries[:size]:
            layer.put(_remembered(entry))
        before = tracemalloc.get_traced_memory()[0]
        for entry in entries[:size]:
            find_story(entry, layer, thresholds)
        more = tracemalloc.get_traced_memory()[0] - before
        tracemalloc.stop()
        costs = []
        for entry in entries[size : size + 400]:
            draft = layer.layer()
            draft.put(_remembered(entry))
            began = time.process_time_ns()
            find_story(entry, draft, thresholds)
            costs.append((time.process_time_ns() - began) / 1000)
        costs.sort()
        terms = sum(len(known.terms) for known in layer.entries.values()) / size
        print(
            f"{size:6,} entries: {statistics.median(costs):.0f} us (median), {costs[380]:.0f} us (95 %); "
            f"{more / size:.0f} bytes more an entry, {terms:.0f} of them terms"
        )


def _entry(number: int, body: str) -> Entry:
    return Entry(
        entry_id=f"{number:032x}",
        revision=1,
        change=Change.CREATED,
        status=Status.USABLE,
        coverage_id="c",
        source_id="s",
        received_at=AT + timedelta(seconds=number),
        processed_at=AT,
        body_text=body,
    )


def _remembered(entry: Entry) -> Remembered:
    return Remembered(
        entry_id=entry.entry_id, source_id="s", post_id=None, place=int(entry.entry_id, 16), revision=1,
        state=State.USABLE, fingerprint=b"", hash="", received=int(entry.received_at.timestamp() * 1e6), content=b"-",
    )  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wrong", action="store_true", help="print the pairs that are wrong")
    measure_quality(wrong=parser.parse_args().wrong)
    measure_cost()
