"""How quickly a topic is replayed beside a bare confluent-kafka consumer that only counts, and in how much memory.

python benchmarks/replay.py [--records 200000] [--rounds 5] [--json FOLDER]

Both read the same records of `liveline.entries` to the end, taking turns. The bare consumer is a `poll` loop with its
defaults. A process's figures are from its start to its end; without the start, those of the same command that ends
after one record are taken off. Memory is the most that the process held, for all records and for a tenth of them.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from uuid import UUID

from documents import START, Story, random
from harness import PARTITIONS, ROOT, Raw, Results, fill, kafka, options, topics

_BARE = """
import sys
from confluent_kafka import Consumer, TopicPartition
bootstrap, topic, partitions, count = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "bare", "enable.auto.commit": False})
consumer.assign([TopicPartition(topic, partition, 0) for partition in range(partitions)])
while count:
    message = consumer.poll(1)
    count -= message is not None and message.error() is None
"""


def entries(count: int) -> Iterator[Raw]:
    """Yield records as a worker writes them."""
    story = Story("harbour-fire", ("evening-post",), random.Random(1))
    texts = [" ".join(story.sentence() for _ in range(8)) for _ in range(500)]
    for number in range(count):
        at = (START + timedelta(milliseconds=100 * number)).isoformat().replace("+00:00", "Z")
        entry = {
            "entry_id": str(UUID(int=number)), "revision": 1, "change": "created", "status": "usable",
            "coverage_id": "harbour-fire", "source_id": "evening-post", "headline": texts[number % 499][:80],
            "body_text": texts[number % 500], "first_published_at": at, "received_at": at, "processed_at": at,
            "content_hash": "0" * 64, "schema_version": "1.0",
        }  # fmt: skip
        yield Raw(number % PARTITIONS, entry["entry_id"].encode(), json.dumps(entry).encode(), ())


def run(*arguments: str, **environment: str) -> tuple[float, int]:
    """Run Python to its end; return the seconds, and the most memory of all that have run, in MB."""
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, check=True
    )
    took = time.perf_counter() - began
    return took, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024


def main() -> None:
    """Measure."""
    chosen = options(__doc__, records=200_000, rounds=5)
    results = Results("replay")
    count, tenth = chosen.records, chosen.records // 10
    with kafka() as bootstrap, topics(bootstrap) as few, topics(bootstrap) as names:
        for topic, records in ((few.entries, entries(tenth)), (names.entries, entries(count))):
            # A child's memory counts from the copy of this process that it begins as, so this one stays small.
            while part := list(islice(records, 20_000)):
                fill(bootstrap, topic, part)

        def replay(prefix: str, *more: str) -> tuple[float, int]:
            return run("-m", "streams", "replay", *more, LIVELINE_KAFKA=bootstrap, LIVELINE_TOPIC_PREFIX=prefix)

        results.note = f"{count:,} entries of {len(next(entries(1)).value):,} bytes and more, {PARTITIONS} partitions"
        # Of all children the largest is told, so the smaller ones come first.
        results.add("replay, MB, a tenth of the records", replay(few.prefix)[1])
        for _ in range(chosen.rounds):
            bare, _ = run("-c", _BARE, bootstrap, names.entries, str(PARTITIONS), str(count))
            bare_start, _ = run("-c", _BARE, bootstrap, names.entries, str(PARTITIONS), "1")
            whole, memory = replay(names.prefix)
            start, _ = replay(names.prefix, "--limit", "1")
            results.add("bare consumer, records/s", count / (bare - bare_start))
            results.add("replay, records/s", count / (whole - start))
            results.add("bare consumer with its start, records/s", count / bare)
            results.add("replay with its start, records/s", count / whole)
        results.add("replay, MB, all records", memory)
    results.print({"median": lambda name: f"{results.median(name):,.0f}"})
    share = results.ratio("replay, records/s", "bare consumer, records/s")
    with_start = results.ratio("replay with its start, records/s", "bare consumer with its start, records/s")
    print(f"\nof the bare consumer's: {share:.0%}, with the start of the process {with_start:.0%}")
    results.write(chosen.json, share=share, share_with_start=with_start)


if __name__ == "__main__":
    main()
