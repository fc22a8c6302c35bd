"""What the embedded broker can't do, for the program to say at its start and to keep within."""

from typing import Final

LARGEST_MESSAGE_BYTES: Final = 4 * 1024 * 1024
"""A partition holds 5 MB; a message above that pushes out all others and then itself, with no error."""

FETCH_WAIT_MS: Final = 10
"""It answers a fetch that finds nothing only when its wait is over, also when a message came meanwhile.

So a consumer's `fetch_max_wait_ms` is the delay of its messages; a real broker answers at once.
"""

LIMITS: Final = """\
Embedded broker, for trying out. It lives in this process and in memory:
  - what it holds is gone when this process ends, and each partition keeps its newest 5 MB at most
  - no transactions: after a crash at the wrong moment an entry may be published twice
  - no compaction, no retention by time, no look-up by time, no topic administration, no access control
Set LIVELINE_KAFKA to the address of a real Kafka for anything you need to keep."""
