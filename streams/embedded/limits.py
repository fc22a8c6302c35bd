"""What the embedded broker can't do, for the program to say at its start and to keep within."""

from typing import Final

LARGEST_MESSAGE_BYTES: Final = 2 * 1024 * 1024
"""A partition holds 5 MB. When making room pushes out all it holds, the new message is lost as well, with no error;
below half of 5 MB that can't happen. It holds for a producer's batch as for a single message.
"""

SESSION_TIMEOUT_MS: Final = 3000
"""A group that a member has left takes this less a second to form again, so a shorter one is a quicker restart."""

FETCH_WAIT_MS: Final = 10
"""It answers a fetch that finds nothing only when its wait is over, also when a message came meanwhile.

So a consumer's `fetch_max_wait_ms` is the delay of its messages; a real broker answers at once.
"""

RESTING_FETCH_WAIT_MS: Final = 60
"""The same once nothing has come for some seconds: fewer questions, and the first message comes this much later."""

LIMITS: Final = """\
Embedded broker, for trying out. It lives in this process and in memory:
  - what it holds is gone when this process ends, and each partition keeps its newest 5 MB at most
  - no transactions: after a crash at the wrong moment an entry may be published twice
  - one worker: a second one can't join its group
  - no compaction, no retention by time, no look-up by time, no topic administration, no access control
Set LIVELINE_KAFKA to the address of a real Kafka for anything you need to keep."""
