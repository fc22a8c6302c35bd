"""Consumer groups as an administrator sees them: what they have committed, who is in them, their end.

Blocking: within a running loop, use a thread.
"""

import time
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient

from streams.exceptions import BrokerError
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.group_offsets import read_offsets

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
    return _call(group, lambda: read_offsets(connection, group, topic, partitions, _SECONDS))


def members_of(connection: KafkaConnection, group: str) -> list[str]:
    """Return the id of each member of a group; none of a group that does not exist; raises `BrokerError`."""
    admin = _admin(connection)
    try:
        found = _call(group, lambda: _only(admin.describe_consumer_groups([group])))
    except _NoGroupError:
        return []
    return [member.member_id for member in found.members]


def delete_group(connection: KafkaConnection, group: str) -> None:
    """Forget a group and what it has committed; one that does not exist is as good; raises `BrokerError`."""
    admin = _admin(connection)
    try:
        _call(group, lambda: _only(admin.delete_consumer_groups([group])))
    except _NoGroupError:
        return


class _NoGroupError(BrokerError):
    """There is no such group."""


def _admin(connection: KafkaConnection) -> AdminClient:
    return AdminClient({**connection.confluent(), "log_level": 0})


def _call(group: str, what: Callable[[], Result]) -> Result:
    deadline = time.monotonic() + _SECONDS
    while True:
        try:
            return what()
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
