"""What a coverage takes in memory and on its topic, live and quiet, and what it costs to let it rest and to wake it.

One process, one core; made-up posts of 60 words, since what a skeleton takes does not depend on them. Bytes are counted
by tracemalloc, processor time by the process's own clock: trust the ratios.
"""

import argparse
import random
import time
import tracemalloc
from datetime import UTC, datetime, timedelta

from schemas import Coverage, Document, Post, Source
from streams.dedupe import Memory

START = datetime(2024, 5, 1, tzinfo=UTC)
EACH = 200  # entries of a coverage
MADE = 5  # coverages whose records are copied for the others


def document(coverage: str, received: datetime) -> Document:
    """Return a document of that time; its posts are given apart."""
    return Document(
        id="d", source_id="s", coverage_id=coverage, received_at=received, content_type="text/html", body=b"-"
    )


def posts(dice: random.Random, *, ids: bool) -> list[Post]:
    """Return a coverage's posts."""
    words = ["".join(dice.choices("abcdefghijklmnoprstuvw", k=dice.randint(3, 9))) for _ in range(3_000)]
    return [
        Post(
            id=f"post-{n}" if ids else None,
            headline=" ".join(dice.choices(words, k=7)),
            body_text=" ".join(dice.choices(words, k=60)),
            published_at=START + timedelta(minutes=n),
            updated_at=START + timedelta(minutes=n),
            version=str(n % 5 + 1) if ids else None,
        )
        for n in range(EACH)
    ]


def records(*, ids: bool) -> tuple[list[list[tuple[bytes, bytes]]], list[Post]]:
    """Return the records of some coverages, without their names, and the posts of the last one."""
    dice, found = random.Random(3), []
    for number in range(MADE):
        memory, made = Memory(), posts(dice, ids=ids)
        draft = memory.draft()
        draft.decide(
            document("c", START + timedelta(days=number % 2)), Source(id="s"), Coverage(id="c"), made, snapshot=True
        )
        found.append([(key.rpartition(b"\0")[2], value or b"") for key, value in draft.records()])
    return found, made


def measure(entries: int, *, ids: bool) -> None:
    """Print the figures of so many entries."""
    made, last = records(ids=ids)
    coverages = entries // EACH
    tracemalloc.start()
    memory = Memory()
    for place in range(coverages):
        for key, value in made[place % MADE]:
            memory.load(f"coverage-{place}\0".encode() + key, bytes(bytearray(value)))
    loaded = tracemalloc.get_traced_memory()[0]
    for place in range(coverages):
        memory.coverage(f"coverage-{place}")
    awake = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    written = sum(len(key) + len(value) for coverage in made for key, value in coverage) / MADE / EACH
    kind = "with ids" if ids else "without ids"
    print(f"{entries:,} entries {kind} in {coverages:,} coverages, bytes an entry")
    print(f"  live: {loaded / entries:,.0f} as loaded, {awake / entries:,.0f} decoded; {written:,.0f} on the topic")

    draft = memory.draft()
    draft.decide(document("now", START + timedelta(days=7)), Source(id="s"), Coverage(id="now"), [], snapshot=False)
    memory.apply(draft)
    log: dict[bytes, bytes] = {}
    begin = time.process_time()
    sweeps = 0
    while True:
        draft = memory.draft()
        if not draft.forget(START + timedelta(days=7)).coverages:
            break
        log.update((key, value) for key, value in draft.records() if value is not None)
        memory.apply(draft)
        sweeps += 1
    spent = time.process_time() - begin
    del memory
    tracemalloc.start()
    memory = Memory()
    for key, value in log.items():
        memory.load(bytes(bytearray(key)), bytes(bytearray(value)))
    quiet = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    size = sum(len(key) + len(value) for key, value in log.items())
    print(f"  quiet: {quiet / entries:,.0f} in memory; {size / entries:,.0f} on the topic")
    print(f"  let to rest in {sweeps} sweeps, {spent / entries * 1e6:.1f} us an entry")

    coverage = f"coverage-{coverages - 1 - (coverages - 1 - (MADE - 1)) % MADE}"
    for name in ("woken by its page, unchanged", "its page again"):
        draft = memory.draft()
        begin = time.process_time()
        said = draft.decide(
            document(coverage, START + timedelta(days=8)), Source(id="s"), Coverage(id=coverage), last, snapshot=True
        )
        spent = time.process_time() - begin
        memory.apply(draft)
        print(f"  {name}: {spent / EACH * 1e6:.1f} us a post, {len(said)} revisions")


def main() -> None:
    """Print the figures for posts with and without ids."""
    options = argparse.ArgumentParser()
    options.add_argument("--entries", type=int, default=100_000)
    chosen = options.parse_args()
    for ids in (True, False):
        measure(chosen.entries, ids=ids)


if __name__ == "__main__":
    main()
