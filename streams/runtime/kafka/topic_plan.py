"""What our topics must be like, and how those that are there differ; pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from streams.topology import TOPICS, Names, Role

CLUSTER_DEFAULT: Final = -1
"""A replication that leaves the number of copies to the cluster."""

PARTITIONS: Final = "partitions"
"""`Problem.what` of a wrong partition count."""

_CREATE: Final = "liveline topics create"
_AT_LEAST: Final = frozenset({"retention.ms", "max.message.bytes", "min.insync.replicas"})
"""More than we ask for is the operator's choice; less loses data or refuses documents."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is wanted of all topics together."""

    names: Names = field(default_factory=Names)
    partitions: int = 4
    replication: int = CLUSTER_DEFAULT
    retention_ms: Mapping[Role, int] = field(default_factory=dict)
    """Where it isn't the topology's own; -1: no end."""
    roles: Collection[Role] = tuple(Role)
    """Only these."""

    def topics(self) -> tuple["WantedTopic", ...]:
        """Return each topic as it should be."""
        wanted = []
        for topic in TOPICS:
            if topic.role not in self.roles:
                continue
            config = topic.config()
            if topic.role in self.retention_ms and not topic.compacted:
                config["retention.ms"] = str(self.retention_ms[topic.role])
            partitions = self.partitions if topic.co_partitioned else 1
            name = self.names.of(topic.role)
            wanted.append(WantedTopic(name, partitions, self.replication, config, grows=topic.role is Role.ALERTS))
        return tuple(wanted)

    def partition_counts(self) -> dict[str, int]:
        """Return how many partitions each topic has: all that the embedded broker can be told."""
        return {topic.name: topic.partitions for topic in self.topics()}


@dataclass(frozen=True, slots=True)
class WantedTopic:
    """A topic as it should be; `min.insync.replicas` follows from how many copies there are."""

    name: str
    partitions: int
    replication: int
    config: Mapping[str, str]
    grows: bool = False
    """While it is empty, `create` may add partitions: the alerts' topic had one before it shared the others' count."""

    def config_with(self, replication: int) -> dict[str, str]:
        """Return the settings for this many copies."""
        # With three copies, two must have a record before it counts as written: one broker may be lost.
        # With fewer, asking for two would stop all writing as soon as one broker restarts.
        return {**self.config, "min.insync.replicas": "2" if replication >= 3 else "1"}  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class FoundTopic:
    """A topic as the cluster describes it."""

    name: str
    partitions: int
    replication: int
    config: Mapping[str, str]
    empty: bool = False
    """No partition holds a record; only looked up for a topic with fewer partitions than it should have."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One way in which a topic differs, and what puts it right."""

    topic: str
    what: str
    """`topic`, `partitions`, `replication` or the name of a topic setting."""
    found: str
    expected: str
    remedy: str
    """A command, or what a person has to decide."""

    @property
    def altered_by_create(self) -> bool:
        """Whether `liveline topics create` puts it right by itself, with nothing lost."""
        return self.remedy == _CREATE

    def __str__(self) -> str:
        return f"{self.topic}: {self.what} is {self.found}, expected {self.expected}: {self.remedy}"


def problems(wanted: Iterable[WantedTopic], found: Mapping[str, FoundTopic]) -> tuple[Problem, ...]:
    """Return all that differs, topic by topic."""
    told: list[Problem] = []
    for topic in wanted:
        if topic.name in found:
            told += _shape(topic, found[topic.name])
            told += _config(topic, found[topic.name])
        else:
            told.append(Problem(topic.name, "topic", "missing", f"{topic.partitions} partitions", _CREATE))
    return tuple(told)


def _shape(wanted: WantedTopic, found: FoundTopic) -> Iterable[Problem]:
    if found.partitions != wanted.partitions and wanted.grows and found.empty and found.partitions < wanted.partitions:
        yield Problem(wanted.name, PARTITIONS, str(found.partitions), str(wanted.partitions), _CREATE)
    elif found.partitions != wanted.partitions:
        # Never changed for the operator: a coverage's documents would go to another partition than what is known of it.
        yield Problem(
            wanted.name,
            PARTITIONS,
            str(found.partitions),
            str(wanted.partitions),
            _another_count(wanted, found),
        )
    if found.replication < wanted.replication:
        yield Problem(
            wanted.name,
            "replication",
            str(found.replication),
            str(wanted.replication),
            f"kafka-reassign-partitions.sh with {wanted.replication} replicas for each partition of {wanted.name}",
        )


def _another_count(wanted: WantedTopic, found: FoundTopic) -> str:
    if wanted.grows:
        return (
            f"delete {wanted.name} once nothing in it is needed, then {_CREATE}; the number can't change under records"
        )
    return (
        f"set LIVELINE_PARTITIONS={found.partitions} if all topics have as many, or use another "
        "LIVELINE_TOPIC_PREFIX; the number can't change under what is stored"
    )


def _config(wanted: WantedTopic, found: FoundTopic) -> Iterable[Problem]:
    for name, value in wanted.config_with(found.replication).items():
        have = found.config.get(name, "unset")
        if have == value or (name in _AT_LEAST and _limit(name, have) >= _limit(name, value)):
            continue
        by_hand = (
            f"kafka-configs.sh --alter --entity-type topics --entity-name {wanted.name} --add-config {name}={value}"
        )
        yield Problem(wanted.name, name, have, value, _CREATE if _safe(name, have, value) else by_hand)


def _safe(name: str, have: str, value: str) -> bool:
    """Say whether the change can lose nothing that is stored."""
    # Deletion by time starts where there was none: what is older goes at once. That is a person's decision.
    return not (name == "cleanup.policy" and value == "delete" and "delete" not in have.split(","))


def _limit(name: str, value: str) -> float:
    if name == "retention.ms" and value == "-1":
        return float("inf")
    return float(value) if value.lstrip("-").isdigit() else -1.0
