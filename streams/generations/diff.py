"""A generation compared with the live one over Kafka: counts, and some entries of each kind; blocking."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from streams.generations.compare import DIFFERENT, Comparison, Kind, Newest, Reach, changes, counted
from streams.generations.control import read_generations
from streams.generations.name import group_of
from streams.generations.record import Generation
from streams.runtime.kafka.admin import bounds_of
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.groups import committed_offsets
from streams.runtime.kafka.read_until import ReadUntil
from streams.topology import Names

_EXAMPLES: Final = 5
"""Of each kind."""


@dataclass(frozen=True, slots=True)
class Example:
    """An entry that would change, and how."""

    kind: str
    entry_id: str
    coverage_id: str
    source_id: str
    headline: str | None
    changes: Mapping[str, tuple[Any, Any]]
    """The fields that differ, with live's value and the other's; of an entry that only one has, none."""

    def to_dict(self) -> dict[str, Any]:
        """Return it as it is printed; what is absent is left out."""
        before = {name: value for name, (value, _) in self.changes.items() if value is not None}
        after = {name: value for name, (_, value) in self.changes.items() if value is not None}
        found = {
            "kind": self.kind, "entry_id": self.entry_id, "coverage_id": self.coverage_id, "source_id": self.source_id,
            "headline": self.headline, "live": before or None, "other": after or None,
        }  # fmt: skip
        return {name: value for name, value in found.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Diff:
    """What would change."""

    counts: Mapping[str, int]
    examples: tuple[Example, ...]
    differs: bool


def compare(
    connection: KafkaConnection, names: Names, application: str, stop: Callable[[], bool] = lambda: False
) -> Diff:
    """Compare the generation of these names with the live one; raises `BrokerError`."""
    generations = read_generations(connection, names)
    live = Names(names.prefix, generations.live.generation)
    others = generations.others
    # How far each has come is asked before its entries are read: what comes meanwhile counts as not compared.
    other_reach = _reach(connection, names, application, others.get(names.generation))
    live_reach = _reach(connection, live, application, others.get(live.generation))
    comparison = Comparison(
        _newest(connection, live.latest, stop), _newest(connection, names.latest, stop), live_reach, other_reach
    )
    kinds: Counter[Kind] = Counter()
    chosen: dict[Kind, list[str]] = defaultdict(list)
    for entry_id, kind in comparison.kinds():
        kinds[kind] += 1
        if kind in DIFFERENT and kinds[kind] <= _EXAMPLES:
            chosen[kind].append(entry_id)
    ids = {entry_id for those in chosen.values() for entry_id in those}
    mine, theirs = _values(connection, live.latest, ids, stop), _values(connection, names.latest, ids, stop)
    examples = [
        _example(kind, names.generation, mine.get(entry_id), theirs.get(entry_id))
        for kind in DIFFERENT
        for entry_id in chosen[kind]
    ]
    return Diff(counted(kinds, names.generation), tuple(examples), bool(ids))


def _reach(connection: KafkaConnection, names: Names, application: str, found: Generation | None) -> Reach:
    raw = bounds_of(connection, names.raw)
    ends = committed_offsets(connection, group_of(names, application), names.raw, raw)
    return Reach(found.begins if found else {}, ends, found.since if found else None)


def _example(kind: Kind, name: str, live: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> Example:
    shown = live or other or {}
    return Example(
        f"only_{name}" if kind is Kind.ONLY_OTHER else kind.value,
        shown.get("entry_id", ""),
        shown.get("coverage_id", ""),
        shown.get("source_id", ""),
        (other or {}).get("headline") or shown.get("headline"),
        changes(live, other) if live and other else {},
    )


def _newest(connection: KafkaConnection, topic: str, stop: Callable[[], bool]) -> dict[str, Newest]:
    found: dict[str, Newest] = {}

    def take(entry_id: str, value: bytes | None) -> None:
        if value is None:
            found.pop(entry_id, None)
        else:
            found[entry_id] = Newest.of(orjson.loads(value))

    _read(connection, topic, take, stop)
    return found


def _values(
    connection: KafkaConnection, topic: str, ids: Iterable[str], stop: Callable[[], bool]
) -> dict[str, dict[str, Any]]:
    wanted, found = set(ids), dict[str, dict[str, Any]]()

    def take(entry_id: str, value: bytes | None) -> None:
        if value is not None and entry_id in wanted:
            found[entry_id] = orjson.loads(value)

    if wanted:
        _read(connection, topic, take, stop)
    return found


def _read(
    connection: KafkaConnection, topic: str, take: Callable[[str, bytes | None], None], stop: Callable[[], bool]
) -> None:
    with ReadUntil(connection, topic, bounds_of(connection, topic)) as reading:
        while not reading.done and not stop():
            for message in reading.read():
                take((message.key() or b"").decode(errors="replace"), message.value())
