"""The pure step in a loop, batches of 500, no Kafka: documents from a file, figures to standard output.

python pure.py FILE WARM: FILE holds pickled raw records.
"""

import json
import pickle
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from step import StepOf, steps, warm_up

from streams.topology import Names

_BATCH = 2000  # over four partitions, so that a batch of one is about 500


def main() -> None:
    """Run the records partition by partition, as the worker gets them; the first WARM are not counted."""
    records = pickle.loads(Path(sys.argv[1]).read_bytes())  # noqa: S301  (written by entries_step.py a moment ago)
    warm = int(sys.argv[2])
    warm_up()
    of = steps(Names("pure."))
    entries = _play(records[:warm], 0, of)
    warm_entries, before = entries, [of(partition).core_seconds for partition in range(4)]
    began, used = time.perf_counter(), time.process_time()
    entries += _play(records[warm:], warm, of)
    took, spent, counted = time.perf_counter() - began, time.process_time() - used, len(records) - warm
    core = sum(of(partition).core_seconds - before[partition] for partition in range(4))
    print(
        json.dumps(
            {
                "entries": entries,
                "warm_entries": warm_entries,
                "rate": counted / took,
                "cpu_rate": counted / spent,
                "core_rate": counted / (took * core / spent),
                "core_cpu_rate": counted / core,
            }
        )
    )


def _play(records: Sequence[tuple[int, bytes, Any]], first: int, of: StepOf) -> int:
    entries = 0
    for start in range(0, len(records), _BATCH):
        by_partition: dict[int, list[tuple[int, bytes, Any]]] = {}
        for offset, (partition, value, headers) in enumerate(records[start : start + _BATCH], first + start):
            by_partition.setdefault(partition, []).append((offset, value, headers))
        for partition, batch in by_partition.items():
            entries += sum(record.topic == "pure.entries" for record in of(partition).run(batch))
    return entries


if __name__ == "__main__":
    main()
