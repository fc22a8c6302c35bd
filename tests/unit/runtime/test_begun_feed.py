"""A feed of which a reader is not concerned with the beginning."""

import asyncio

from faust.types import TP

from streams.runtime.partition.begun_feed import BegunFeed
from streams.runtime.partition.owned import Start
from streams.testing.broker import FakeBroker
from streams.testing.feed import FakeFeed
from streams.testing.ledger import FakeLedger

SOURCE = TP("source", 0)


def start_of(committed: int | None, begin: int) -> Start:
    """Return where an owner starts."""
    broker = FakeBroker()
    feed = FakeFeed(broker, "group")
    asyncio.run(_commit(broker, committed))
    return asyncio.run(BegunFeed(feed, {0: begin}).start_offset(SOURCE))


async def _commit(broker: FakeBroker, offset: int | None) -> None:
    if offset is not None:
        ledger = FakeLedger(broker, "group-0", "group", SOURCE)
        await ledger.open()
        await ledger.commit((), offset)


def test_what_was_committed_before_the_beginning_counts_as_never_committed() -> None:
    """So the beginning is committed before anything is read, and nothing counts as deleted unread."""
    assert start_of(None, 7) == Start(7, None)
    assert start_of(5, 7) == Start(7, None)
    assert start_of(7, 7) == Start(0, 7)
    assert start_of(9, 7) == Start(0, 9)
