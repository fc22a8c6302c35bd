"""Beginning a generation: its topics, and the record of what it was begun with; blocking.

In this order, each step as good twice as once: a process that is killed in between is called again and goes on.
"""

import contextlib
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from schemas.envelope import rfc3339
from streams.exceptions import LivelineError
from streams.generations.control import read_generations
from streams.generations.name import alerts_group_of, group_of
from streams.generations.record import Generation, Generations, key_of
from streams.replay.source import Source, UnreadableError, reader_of
from streams.runtime.kafka.admin import bounds_of, create_topics, delete_topics, offsets_since
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.groups import delete_group, members_of
from streams.runtime.kafka.read_until import ReadUntil
from streams.runtime.kafka.topic_plan import Plan
from streams.runtime.kafka.transactions import OvertakenError, Transactions, fence
from streams.topology import GENERATION_ROLES, TOPICS, Names

_AHEAD: Final = timedelta(hours=1)
"""How far a document's own time may be ahead of its record's."""
NO_END_MS: Final = -1
_TRIES: Final = 10
_PAUSE_SECONDS: Final = (0.05, 0.5)


class OtherRulesError(LivelineError):
    """The generation was begun with other rules or by other code."""


class GenerationInUseError(LivelineError):
    """The generation is live, or somebody processes it."""


@dataclass(frozen=True, slots=True)
class Begin:
    """What a generation is to be begun with."""

    newsroom: str
    code: str
    since: datetime | None
    follows: bool
    replication: int
    application: str


def begin(connection: KafkaConnection, names: Names, wanted: Begin, told: Callable[[str], None]) -> Generation:
    """Return the generation of these names, begun now or before; raises `OtherRulesError` and `BrokerError`.

    `told` is given a line for a person. Who begins one at the same moment fences us, or is fenced: then once more.
    """
    for _ in range(_TRIES - 1):
        with contextlib.suppress(OvertakenError):
            return _begin(connection, names, wanted, told)
        time.sleep(random.uniform(*_PAUSE_SECONDS))  # noqa: S311  (no secret)
    return _begin(connection, names, wanted, told)


def _begin(connection: KafkaConnection, names: Names, wanted: Begin, told: Callable[[str], None]) -> Generation:
    with Transactions(connection, "generations", own_id=names.prefix) as transactions:
        known = read_generations(connection, names)
        found = known.others.get(names.generation)
        if found is None:
            found = _begun(connection, names, wanted, told)
        else:
            _need_same(found, wanted)
            since = f" from {rfc3339(found.since)} on" if found.since else ""
            told(f"{names.generation}: goes on; it was begun on {rfc3339(found.began_at)}{since}")
            if known.live.generation == names.generation:
                raise GenerationInUseError(f"{names.generation}: is live; the workers process it")
            if any(stretch.generation == names.generation for stretch in known.live.stretches):
                # It was live, and goes on behind the end of what it told: who raises alerts looks again where that is.
                for partition in bounds_of(connection, names.raw):
                    fence(connection, f"{alerts_group_of(wanted.application)}-{partition}")
        found = replace(found, follows=wanted.follows)
        transactions.write(names.control, found.key, found.to_json(), partition=0)
        transactions.commit()
    return found


def drop(connection: KafkaConnection, names: Names, application: str) -> tuple[str, ...]:
    """Delete a generation's topics, its group and its record; returns the topics that there were."""
    name = names.generation
    with Transactions(connection, "generations", own_id=names.prefix) as transactions:
        known = read_generations(connection, names)
        _need_idle(connection, names, known, application)
        deleted = delete_topics(connection, [names.of(role) for role in sorted(GENERATION_ROLES)])
        delete_group(connection, group_of(names, application))
        transactions.write(names.control, key_of(name), None, partition=0)
        transactions.commit()
    return deleted


def _need_idle(connection: KafkaConnection, names: Names, known: Generations, application: str) -> None:
    if known.live.generation == names.generation:
        raise GenerationInUseError(f"{names.generation}: is live; `liveline switch` to another one first")
    if members_of(connection, group_of(names, application)):
        raise GenerationInUseError(f"{names.generation}: a process still writes it; stop `liveline reprocess` first")


def _begun(connection: KafkaConnection, names: Names, wanted: Begin, told: Callable[[str], None]) -> Generation:
    bounds = bounds_of(connection, names.raw)
    oldest = _oldest(connection, names.raw)
    if oldest is None:
        told(f"{names.raw} has no documents yet")
    else:
        told(f"{names.raw} has documents from {rfc3339(oldest)} on")
    if wanted.since is None:
        begins = {partition: bound.start for partition, bound in bounds.items()}
    else:
        begins = offsets_since(connection, names.raw, wanted.since - _AHEAD)
    endless = {topic.role: NO_END_MS for topic in TOPICS if not topic.compacted}
    plan = Plan(names, len(bounds), wanted.replication, endless, GENERATION_ROLES)
    for problem in create_topics(connection, plan).left:
        told(str(problem))
    return Generation(
        names.generation, wanted.newsroom, wanted.code, begins, wanted.since, datetime.now(UTC), wanted.follows
    )


def _need_same(found: Generation, wanted: Begin) -> None:
    if found.newsroom != wanted.newsroom:
        raise OtherRulesError(
            f"{found.name}: was begun with other rules ({found.newsroom}, these are {wanted.newsroom}): give the "
            f"--config that it was begun with, take another name, or `liveline reprocess --drop {found.name}`"
        )
    if found.code != wanted.code:
        raise OtherRulesError(
            f"{found.name}: was begun by another Liveline (parser and enrichers {found.code}, here {wanted.code}): "
            f"take another name, or `liveline reprocess --drop {found.name}`"
        )


def _oldest(connection: KafkaConnection, topic: str) -> datetime | None:
    """Return the earliest time of the first documents of all partitions."""
    read, first = reader_of(Source.RAW), dict[int, datetime]()
    bounds = bounds_of(connection, topic)
    left = set(bounds)
    with ReadUntil(connection, topic, bounds) as reading:
        while left:
            for message in reading.read():
                partition = message.partition()
                with contextlib.suppress(UnreadableError):
                    if partition in left:
                        first[partition] = read(message).time
                        left.discard(partition)
                        reading.hold(partition)
            left -= reading.ended()
    return min(first.values(), default=None)
