"""A process that appends to an archive until it is killed: `python tests/archive_writer.py URL`.

It prints the position at which it begins, then the position after each batch.
"""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import structlog
from archive_behaviour import opened, revision

ENTRIES = 50


async def write(url: str) -> None:
    """Append batches of ten, revising fifty entries in turn."""
    async with opened(url) as archive:
        offset = archive.position[0]
        print(offset, flush=True)
        while True:
            batch = [revision(at % ENTRIES, at // ENTRIES + 1, offset=at) for at in range(offset, offset + 10)]
            offset += len(batch)
            await archive.append(batch, {0: offset})
            print(offset, flush=True)


structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
asyncio.run(write(sys.argv[1]))
