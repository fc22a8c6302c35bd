"""Consumer groups as an administrator sees them: what they have committed, who is in them, their end.

Blocking: within a running loop, use a thread.
"""

import time
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar

from confluent_kafka import ConsumerGroupTopicPartitions, KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient

from streams.exceptions import BrokerError
from streams.runtime.kafka.connection import KafkaConnection

_SECONDS: Final = 30.0
_AGAIN_SECONDS: Final = 0.2
_PASSING: Final = {
    KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
    KafkaError.COORDINATOR_NOT_AVAILABLE,
    KafkaError.NOT_COORDINATOR,
}
"""The broker has only just started, or moves the group."""
Result = TypeVar("Result")


def committed_offsets(connection: KafkaConnection, group: str, topic: str, partitions: Iterable[int]) -> dict[int, int]:
    """Return what a group has committed, of the partitions of which it has; raises `BrokerError`."""
    partitions = list(partitions)
    if not partitions:
        return {}
    # Asked for no partition in particular, confluent-kafka 2 crashes on a group that has never committed.
    asked = [ConsumerGroupTopicPartitions(group, [TopicPartition(topic, partition) for partition in partitions])]
    found = _call(connection, group, lambda admin: _only(admin.list_consumer_group_offsets(asked)))
    return {each.partition: each.offset for each in found.topic_partitions if each.offset >= 0}


def members_of(connection: KafkaConnection, group: str) -> list[str]:
    """Return the id of each member of a group; none of a group that does not exist; raises `BrokerError`."""
    try:
        found = _call(connection, group, lambda admin: _only(admin.describe_consumer_groups([group])))
    except _NoGroupError:
        return []
    return [member.member_id for member in found.members]


def delete_group(connection: KafkaConnection, group: str) -> None:
    """Forget a group and what it has committed; one that does not exist is as good; raises `BrokerError`."""
    try:
        _call(connection, group, lambda admin: _only(admin.delete_consumer_groups([group])))
    except _NoGroupError:
        return


class _NoGroupError(BrokerError):
    """There is no such group."""


def _call(connection: KafkaConnection, group: str, what: Callable[[AdminClient], Result]) -> Result:
    admin, deadline = AdminClient({**connection.confluent(), "log_level": 0}), time.monotonic() + _SECONDS
    while True:
        try:
            return what(admin)
        except KafkaException as error:
            code = error.args[0].code()
            if code == KafkaError.GROUP_ID_NOT_FOUND:
                raise _NoGroupError(f"there is no consumer group {group}") from None
            if code not in _PASSING or time.monotonic() > deadline:
                raise BrokerError(f"consumer group {group}: {error.args[0].str()}") from error
        time.sleep(_AGAIN_SECONDS)


def _only(answers: Any) -> Any:
    (answer,) = answers.values()
    return answer.result(_SECONDS)
