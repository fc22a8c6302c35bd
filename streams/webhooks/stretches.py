"""The pieces of the entries' logs that a webhook gets, one generation after the other.

Each has a log of its own in the positions: the same topic, live for the second time, is another one.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from streams.generations.record import Live, Offsets
from streams.topology import LIVE, Names

log = structlog.get_logger(__name__)

IdentityOf = Callable[[str], Awaitable[str | None]]
"""Returns which log a topic is; None if there is no such topic."""
_FIRST: Final = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a generation's entries, as it is read."""

    topic: str
    log: str
    begins: Offsets
    until: Offsets | None
    """None: it goes on."""
    prefix: str
    """Of its messages' ids."""


async def pieces_of(live: Live, prefix: str, identity: IdentityOf) -> Sequence[Piece]:
    """Return the pieces in their order, without those whose topics are gone; the last one is live."""
    pieces = []
    for stretch in live.stretches:
        topic = Names(prefix, stretch.generation).entries
        found = await identity(topic)
        if found is None:
            log.warning("deliver.generation_gone", topic=topic)
            continue
        own = found if stretch.number == _FIRST else f"{found}#{stretch.number}"
        of_ids = "" if stretch.generation == LIVE else f"{stretch.generation}:"
        pieces.append(Piece(topic, own, stretch.begins, stretch.until, of_ids))
    return pieces
