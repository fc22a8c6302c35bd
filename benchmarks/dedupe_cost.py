"""What a decision costs and what remembering takes, by how much is remembered; datasketch and rapidfuzz as peers.

One process, one core, real posts with words exchanged so that no two are alike. Figures depend on the machine; what
counts is how they compare within a run. Processor time is counted, since the machine may be shared.
"""

import argparse
import gc
import random
import statistics
import time
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from datasketch import MinHash, MinHashLSH
from dedupe_pairs import blogs
from rapidfuzz import fuzz, process

from schemas import Coverage, Document, Post, Source
from streams.dedupe import Memory

START = datetime(2024, 5, 1, tzinfo=UTC)


def texts(seed: int) -> Iterator[str]:
    """Yield texts like real posts, without end, no two alike."""
    dice = random.Random(seed)
    real = [post.body for _, posts in sorted(blogs().items()) for post in posts if 80 < len(post.body) < 1500]
    words = sorted({word for text in real for word in text.split()})
    while True:
        yield " ".join(dice.choice(words) if dice.random() < 0.5 else word for word in dice.choice(real).split())


def document(number: int, source: str, coverage: str) -> Document:
    """Return a document of that second."""
    return Document(
        id=str(number), source_id=source, coverage_id=coverage, received_at=START + timedelta(seconds=number),
        content_type="application/json", body=b"-",
    )  # fmt: skip


def post(number: int, text: str) -> Post:
    """Return a post of that second."""
    return Post(id=f"p{number}", body_text=text, published_at=START + timedelta(seconds=number))


def fill(
    memory: Memory, count: int, coverages: int, made: Iterator[str], log: list[tuple[bytes, bytes | None]]
) -> None:
    """Remember posts, spread over coverages, two sources each, 100 a document."""
    number = 0
    each = max(1, count // coverages)
    for place in range(coverages):
        for begin in range(0, each, 100):
            size = min(100, each - begin)
            posts = [post(number + i, next(made)) for i in range(size)]
            number += size
            draft, source = memory.draft(), f"s{(begin // 100) % 2}"
            draft.decide(
                document(number, source, f"c{place}"),
                Source(id=source),
                Coverage(id=f"c{place}"),
                posts,
                snapshot=False,
            )
            log += draft.records()
            memory.apply(draft)


def decisions(memory: Memory, made: Iterator[str], coverages: int, times: int = 400) -> tuple[float, float]:
    """Return the median cost of deciding a new post and an unchanged one, in microseconds; drafts are dropped."""
    new, same = [], []
    dice = random.Random(3)
    asked = [f"c{dice.randrange(coverages)}" for _ in range(times)]
    for coverage in asked:
        memory.coverage(coverage)  # decoded when it is first spoken of: that is counted under recovery
    gc.collect()
    gc.freeze()  # what is remembered for long is not searched for garbage again and again; a worker does the same
    for number, coverage in enumerate(asked):
        item = post(10_000_000 + number, next(made))
        draft = memory.draft()
        given = document(9_000_000 + number, "s9", coverage), Source(id="s9"), Coverage(id=coverage), [item]
        for spent in (new, same):
            begin = time.process_time()
            draft.decide(*given, snapshot=False)
            spent.append(time.process_time() - begin)
    gc.unfreeze()
    return statistics.median(new) * 1e6, statistics.median(same) * 1e6


def main() -> None:
    """Print three tables: over coverages, in one coverage, recovery; and the peers."""
    options = argparse.ArgumentParser()
    options.add_argument("--most", type=int, default=1_000_000, help="entries over coverages; 1,000,000 takes minutes")
    options.add_argument("--peers", type=int, default=20_000)
    chosen = options.parse_args()

    page = [post(n, text) for n, text in zip(range(500), texts(1), strict=False)]
    memory = Memory()
    for _ in range(2):
        draft = memory.draft()
        begin = time.process_time()
        draft.decide(document(1, "s", "c"), Source(id="s"), Coverage(id="c"), page, snapshot=True)
        spent = time.process_time() - begin
        memory.apply(draft)
    print(f"an unchanged post in a page of 500: {spent / 500 * 1e6:.1f} us")

    print("one coverage: entries, us a new post, us an unchanged one alone")
    for count in (100, 1_000, 5_000, 20_000):
        memory, made = Memory(), texts(2)
        log: list[tuple[bytes, bytes | None]] = []
        fill(memory, count, 1, made, log)
        new, same = decisions(memory, made, 1)
        print(f"{count:10,} {new:8.0f} {same:8.1f}")
    peers(chosen.peers)

    print("over coverages of 200 entries: entries, us a new post, us an unchanged one alone")
    base = Memory()
    made, log = texts(4), []
    fill(base, 4_000, 20, made, log)
    for count in sorted({1_000, 10_000, 100_000, chosen.most}):
        memory, coverages = Memory(), count // 200
        begin = time.process_time()
        for place in range(coverages):  # records of twenty coverages stand for any number of them
            old = f"c{place % 20}\0".encode()
            for key, value in log:
                if key.startswith(old):
                    memory.load(f"c{place}\0".encode() + key[len(old) :], bytes(bytearray(value or b"")))
        loaded = time.process_time() - begin
        new, same = decisions(memory, made, coverages)
        print(f"{count:10,} {new:8.0f} {same:8.1f}   {loaded:.1f} s to copy and load")
        del memory
    recovery(log)


def recovery(log: list[tuple[bytes, bytes | None]]) -> None:
    """Print how long 200,000 entries take to be known again."""
    records = [(f"d{copy}-".encode() + key, value) for copy in range(50) for key, value in log]
    entries = [value for key, value in records if not key.endswith(b"\0") and value]
    print(f"recovery of {len(entries):,} entries, {sum(map(len, entries)) / len(entries):,.0f} bytes a record")
    memory = Memory()
    begin = time.process_time()
    for key, value in records:
        memory.load(key, value)
    loaded = time.process_time() - begin
    begin = time.process_time()
    for copy in range(50):
        for place in range(20):
            memory.coverage(f"d{copy}-c{place}")
    woken = time.process_time() - begin
    print(f"  load {loaded:.2f} s ({len(records) / loaded:,.0f}/s); decoded and indexed when next spoken of:"
          f" {woken:.2f} s more ({len(records) / (loaded + woken):,.0f}/s for both)")  # fmt: skip
    weigh(log)


def weigh(log: list[tuple[bytes, bytes | None]]) -> None:
    """Print what an entry takes in memory, as tracemalloc counts it."""
    count = sum(not key.endswith(b"\0") for key, _ in log)
    tracemalloc.start()
    memory = Memory()
    for key, value in log:
        memory.load(bytes(bytearray(key)), bytes(bytearray(value or b"")))
    asleep = tracemalloc.get_traced_memory()[0]
    for place in range(20):
        memory.coverage(f"c{place}")
    awake = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    print(f"  an entry in memory: {asleep / count:,.0f} bytes as loaded, {awake / count:,.0f} once decoded and indexed")


def peers(count: int) -> None:
    """Print what the same question costs the peers in one coverage."""
    made = texts(2)
    kept = [next(made) for _ in range(count)]
    asked = [next(made) for _ in range(30)]
    index = MinHashLSH(threshold=0.5, num_perm=128)
    begin = time.process_time()
    for number, text in enumerate(kept):
        index.insert(number, _minhash(text))
    built = time.process_time() - begin
    spent = [_timed(lambda text=text: index.query(_minhash(text))) for text in asked]
    print(
        f"  datasketch MinHashLSH, {count:,}: {statistics.median(spent) * 1e6:,.0f} us a query, "
        f"{built / count * 1e6:,.0f} us an insert"
    )
    spent = [
        _timed(lambda text=text: process.extractOne(text, kept, scorer=fuzz.token_set_ratio, score_cutoff=90))
        for text in asked[:5]
    ]
    print(f"  rapidfuzz token_set_ratio scan, {count:,}: {statistics.median(spent) * 1e6:,.0f} us a query")


def _minhash(text: str) -> MinHash:
    words = text.split()
    made = MinHash(num_perm=128)
    made.update_batch([f"{a} {b}".encode() for a, b in pairwise(words)])
    return made


def _timed(run: object) -> float:
    begin = time.process_time()
    run()  # type: ignore[operator]
    return time.process_time() - begin


if __name__ == "__main__":
    main()
