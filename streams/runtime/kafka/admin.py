"""Liveline's topics on a real Kafka: made, checked, and told apart from others of their name.

Blocking, for the command line and for a process's start; within a running loop, use a thread.
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from confluent_kafka import IsolationLevel, KafkaError, KafkaException, TopicCollection, TopicPartition
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    NewTopic,
    OffsetSpec,
    ResourceType,
    TopicDescription,
)

from streams.exceptions import BrokerError
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.topic_plan import PARTITIONS, FoundTopic, Plan, Problem, WantedTopic, problems

if TYPE_CHECKING:
    from concurrent.futures import Future

_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Creation:
    """What `create_topics` did, and what it must leave to a person."""

    created: tuple[str, ...]
    altered: tuple[Problem, ...]
    left: tuple[Problem, ...]


def check_topics(connection: KafkaConnection, plan: Plan) -> tuple[Problem, ...]:
    """Return what differs from the plan; nothing is changed."""
    return problems(plan.topics(), _Admin(connection).find(plan.topics()))


def create_topics(connection: KafkaConnection, plan: Plan) -> Creation:
    """Make what is missing and alter what can be altered without loss; twice is as good as once."""
    admin, wanted = _Admin(connection), plan.topics()
    there = admin.find(wanted)
    missing = [topic for topic in wanted if topic.name not in there]
    admin.create(missing)

    def look() -> tuple[Problem, ...]:
        # A topic that was being deleted when it was asked for is made once its name is free.
        found = admin.find(wanted)
        admin.create([topic for topic in wanted if topic.name not in found])
        return problems(wanted, found)

    told = _seen(look, lambda told: all(problem.what != "topic" for problem in told))
    altered = tuple(problem for problem in told if problem.altered_by_create and problem.what != "topic")
    admin.alter(altered)
    left = _seen(lambda: problems(wanted, admin.find(wanted)), lambda told: not set(told) & set(altered))
    return Creation(tuple(topic.name for topic in missing), altered, left)


def log_identity(connection: KafkaConnection, topic: str) -> str:
    """Return a short id of this very topic: one of the same name, made anew or elsewhere, has another.

    A subscriber's cursor carries it, so that offsets are never taken for another log's.
    """
    admin = _Admin(connection)
    description = admin.describe([topic]).get(topic)
    if description is None:
        raise BrokerError(f"there is no topic {topic}: liveline topics create")
    return hashlib.sha256(f"{admin.cluster_id()}/{description.topic_id}".encode()).hexdigest()[:12]


def _seen(
    look: Callable[[], tuple[Problem, ...]], enough: Callable[[tuple[Problem, ...]], bool]
) -> tuple[Problem, ...]:
    """Look until the broker that we ask has heard of what the controller has done; usually it has."""
    deadline = time.monotonic() + _SECONDS
    while not enough(told := look()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return told


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a partition holds at a moment: offsets from `start`, up to and without `end`."""

    start: int
    end: int
    """The last stable offset: no transaction is open before it."""


def partition_count(connection: KafkaConnection, topic: str) -> int | None:
    """Return how many partitions a topic has, or None if there is no such topic."""
    description = _Admin(connection).describe([topic]).get(topic)
    return None if description is None else len(description.partitions)


def bounds_of(connection: KafkaConnection, topic: str) -> dict[int, Bounds]:
    """Return what each partition of a topic holds now; raises `BrokerError` if there is no such topic."""
    admin = _Admin(connection)
    description = admin.describe([topic]).get(topic)
    if description is None:
        raise BrokerError(f"there is no topic {topic} on Kafka at {connection.bootstrap}: liveline topics create")
    numbers = [partition.id for partition in description.partitions]
    return dict(zip(numbers, admin.bounds(topic, numbers), strict=True))


def has_topic(connection: KafkaConnection, topic: str) -> bool:
    """Return whether there is such a topic; raises `BrokerError`."""
    return topic in _Admin(connection).describe([topic])


def end_of(connection: KafkaConnection, topic: str, partition: int) -> int:
    """Return the offset after a partition's newest record, whether it is committed or not; raises `BrokerError`."""
    return _Admin(connection).end(topic, partition)


def offsets_since(connection: KafkaConnection, topic: str, time_: datetime) -> dict[int, int]:
    """Return where records of a time, by Kafka's timestamps, begin in each partition; the end where there are none."""
    admin, bounds = _Admin(connection), bounds_of(connection, topic)
    found = admin.at_time(topic, list(bounds), int(time_.timestamp() * 1000))
    return {partition: found.get(partition, bound.end) for partition, bound in bounds.items()}


def delete_topics(connection: KafkaConnection, names: Sequence[str]) -> tuple[str, ...]:
    """Delete topics and all that is in them; returns those that there were."""
    return _Admin(connection).delete(names)


def set_config(connection: KafkaConnection, topics: Mapping[str, Mapping[str, str]]) -> None:
    """Set settings of topics, and leave all others as they are."""
    _Admin(connection).alter(
        Problem(topic, name, "", value, "") for topic, config in topics.items() for name, value in config.items()
    )


class _Admin:
    """confluent-kafka's admin client, with its errors in words."""

    def __init__(self, connection: KafkaConnection) -> None:
        self._bootstrap = connection.bootstrap
        self._reasons: list[str] = []
        # log_level: librdkafka's own lines would stand on the terminal beside ours; the reason comes by error_cb.
        settings: dict[str, Any] = {**connection.confluent(), "log_level": 0, "error_cb": self._note}
        self._client = AdminClient(settings)

    def find(self, wanted: Sequence[WantedTopic]) -> dict[str, FoundTopic]:
        """Return those of the topics that exist."""
        described = self.describe([topic.name for topic in wanted])
        growing = {topic.name: topic.partitions for topic in wanted if topic.grows}
        asked = [ConfigResource(ResourceType.TOPIC, name) for name in described]
        configs = self._client.describe_configs(asked, request_timeout=_SECONDS) if asked else {}
        found = {}
        for resource, future in configs.items():
            # Just made, it may be known to the node that describes topics, not yet to the one that knows settings.
            entries = self._result(future, KafkaError.UNKNOWN_TOPIC_OR_PART)
            if entries is None:
                continue
            partitions = described[resource.name].partitions
            found[resource.name] = FoundTopic(
                resource.name,
                len(partitions),
                min(len(partition.replicas) for partition in partitions),
                {name: str(entry.value) for name, entry in entries.items()},
                empty=len(partitions) < growing.get(resource.name, 0)
                and self._is_empty(resource.name, [partition.id for partition in partitions]),
            )
        return found

    def describe(self, names: list[str]) -> dict[str, TopicDescription]:
        """Return the descriptions of those that exist."""
        futures = self._client.describe_topics(TopicCollection(names), request_timeout=_SECONDS)
        answers = {name: self._result(future, KafkaError.UNKNOWN_TOPIC_OR_PART) for name, future in futures.items()}
        return {name: answer for name, answer in answers.items() if answer is not None}

    def cluster_id(self) -> str:
        """Return the cluster's own id."""
        return str(self._result(self._client.describe_cluster(request_timeout=_SECONDS)).cluster_id)

    def create(self, topics: Iterable[WantedTopic]) -> None:
        """Make topics; one that another process has just made is as good."""
        new = [
            NewTopic(
                topic.name,
                topic.partitions,
                topic.replication,
                # How many copies the cluster's default means shows afterwards, and with it min.insync.replicas.
                config=topic.config_with(topic.replication) if topic.replication > 0 else dict(topic.config),
            )
            for topic in topics
        ]
        if new:
            for future in self._client.create_topics(new, request_timeout=_SECONDS).values():
                self._result(future, KafkaError.TOPIC_ALREADY_EXISTS)

    def alter(self, changes: Iterable[Problem]) -> None:
        """Set what the problems expect, one setting each, and leave all others as they are."""
        resources: dict[str, ConfigResource] = {}
        grown = []
        for change in changes:
            if change.what == PARTITIONS:
                grown.append(NewPartitions(change.topic, int(change.expected)))
                continue
            resource = resources.setdefault(change.topic, ConfigResource(ResourceType.TOPIC, change.topic))
            entry = ConfigEntry(change.what, change.expected, incremental_operation=AlterConfigOpType.SET)
            resource.add_incremental_config(entry)
        if grown:
            for future in self._client.create_partitions(grown, request_timeout=_SECONDS).values():
                self._result(future)
        if resources:
            answers = self._client.incremental_alter_configs(list(resources.values()), request_timeout=_SECONDS)
            for future in answers.values():
                self._result(future)

    def bounds(self, topic: str, partitions: Sequence[int]) -> list[Bounds]:
        """Return what each partition holds; waits for leaders, which a topic that has just been made may not have."""
        deadline = time.monotonic() + _SECONDS
        while True:
            first = self._offsets(topic, partitions, OffsetSpec.earliest())  # type: ignore[no-untyped-call]
            last = self._offsets(topic, partitions, OffsetSpec.latest(), stable=True)  # type: ignore[no-untyped-call]
            found = [Bounds(a, b) for a, b in zip(first, last, strict=True) if a is not None and b is not None]
            if len(found) == len(partitions):
                return found
            if time.monotonic() > deadline:
                raise self._failure(f"a partition of {topic} has no leader")
            time.sleep(0.05)

    def end(self, topic: str, partition: int) -> int:
        """Return where the log ends; waits for a leader."""
        deadline = time.monotonic() + _SECONDS
        while True:
            (end,) = self._offsets(topic, [partition], OffsetSpec.latest())  # type: ignore[no-untyped-call]
            if end is not None:
                return end
            if time.monotonic() > deadline:
                raise self._failure(f"a partition of {topic} has no leader")
            time.sleep(0.05)

    def at_time(self, topic: str, partitions: Sequence[int], milliseconds: int) -> dict[int, int]:
        """Return the first offset with this timestamp or a later one, of the partitions that have one."""
        spec = OffsetSpec.for_timestamp(milliseconds)
        found = zip(partitions, self._offsets(topic, partitions, spec), strict=True)
        return {partition: offset for partition, offset in found if offset is not None and offset >= 0}

    def delete(self, names: Sequence[str]) -> tuple[str, ...]:
        """Delete topics; one that is gone already is as good."""
        there = tuple(self.describe(list(names)))
        if there:
            for future in self._client.delete_topics(list(there), request_timeout=_SECONDS).values():
                self._result(future, KafkaError.UNKNOWN_TOPIC_OR_PART)
        return there

    def _is_empty(self, topic: str, partitions: Sequence[int]) -> bool:
        """Whether no partition holds a record; a topic that has just been made may not have leaders yet."""
        deadline = time.monotonic() + _SECONDS
        while True:
            first = self._offsets(topic, partitions, OffsetSpec.earliest())  # type: ignore[no-untyped-call]
            last = self._offsets(topic, partitions, OffsetSpec.latest())  # type: ignore[no-untyped-call]
            known = None not in (*first, *last)
            if known or time.monotonic() > deadline:
                return known and first == last
            time.sleep(0.05)

    def _offsets(
        self, topic: str, partitions: Sequence[int], spec: OffsetSpec, *, stable: bool = False
    ) -> list[int | None]:
        """Return each partition's offset, None where it has no leader for now."""
        asked = {TopicPartition(topic, number): spec for number in partitions}
        isolation = IsolationLevel.READ_COMMITTED if stable else IsolationLevel.READ_UNCOMMITTED
        answers = self._client.list_offsets(asked, isolation_level=isolation, request_timeout=_SECONDS)
        leaderless = (KafkaError.NOT_LEADER_FOR_PARTITION, KafkaError.LEADER_NOT_AVAILABLE)
        results = [self._result(future, *leaderless) for future in answers.values()]
        return [None if result is None else int(result.offset) for result in results]

    def _result(self, future: "Future[Any]", *fine: int) -> Any:
        try:
            return future.result(_SECONDS + 1)
        except KafkaException as error:
            if error.args[0].code() in fine:
                return None
            raise self._failure(error.args[0].str()) from None
        except TimeoutError:
            raise self._failure("no answer") from None

    def _failure(self, told: str) -> BrokerError:
        self._client.poll(0)  # hand over what error_cb has been told
        reason = self._reasons[-1] if self._reasons else told
        return BrokerError(f"Kafka at {self._bootstrap} (LIVELINE_KAFKA): {reason}")

    def _note(self, error: KafkaError) -> None:
        self._reasons.append(error.str())
