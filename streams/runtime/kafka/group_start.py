"""Where a consumer group begins that has never read: at the log's end or at a time, for all its partitions at once.

Decided before any worker joins the group, so that a partition which is added later, and has no offset either, is read
from its beginning: what came into it before a worker saw it is not passed over.

Blocking: within a running loop, use a thread.
"""

import time
from datetime import datetime
from typing import Any, Final

from confluent_kafka import IsolationLevel, KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

from streams.exceptions import BrokerError
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.group_offsets import read_offsets, write_offsets

_SECONDS: Final = 60.0
"""A broker that has only just started makes the topic of all offsets first, and answers nothing before."""
_ANSWER_SECONDS: Final = 15.0
_AGAIN_SECONDS: Final = 0.2
_PASSING: Final = {
    KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
    KafkaError.COORDINATOR_NOT_AVAILABLE,
    KafkaError.NOT_COORDINATOR,
    KafkaError._TIMED_OUT,  # noqa: SLF001  (the client's own codes have such names)
    KafkaError._TRANSPORT,  # noqa: SLF001
}
"""The broker has only just started, or moves the group."""
_ALREADY_AT_WORK: Final = {KafkaError.UNKNOWN_MEMBER_ID, KafkaError.NON_EMPTY_GROUP}


def begin_group(connection: KafkaConnection, group: str, topic: str, since: datetime | None = None) -> bool:
    """Commit a start for each partition if the group has none; return whether it was done.

    `since`: the first record of that time or later, else the end. Raises `BrokerError`.
    """
    admin, deadline = AdminClient({**connection.confluent()}), time.monotonic() + _SECONDS
    while True:
        try:
            return _begin(connection, admin, group, topic, since)
        except KafkaException as error:
            code = error.args[0].code()
            if code in _ALREADY_AT_WORK:  # another worker has joined it, and has done this before
                return False
            if code not in _PASSING or time.monotonic() > deadline:
                raise BrokerError(f"the consumer group {group} can't be given a start on {topic}: {error}") from error
        except TimeoutError as error:
            if time.monotonic() > deadline:
                raise BrokerError(
                    f"the consumer group {group} can't be given a start on {topic}: no answer within {_SECONDS:g} s"
                ) from error
        time.sleep(_AGAIN_SECONDS)


def _begin(connection: KafkaConnection, admin: AdminClient, group: str, topic: str, since: datetime | None) -> bool:
    partitions = admin.list_topics(topic, timeout=_ANSWER_SECONDS).topics[topic].partitions
    if read_offsets(connection, group, topic, partitions, _ANSWER_SECONDS):
        return False
    starts = _offsets(admin, topic, partitions, OffsetSpec.latest())  # type: ignore[no-untyped-call]
    if since is not None:
        later = _offsets(admin, topic, partitions, OffsetSpec.for_timestamp(int(since.timestamp() * 1000)))
        starts |= {partition: offset for partition, offset in later.items() if offset >= 0}
    write_offsets(connection, group, topic, starts)
    return True


def _offsets(admin: AdminClient, topic: str, partitions: Any, spec: OffsetSpec) -> dict[int, int]:
    asked = {TopicPartition(topic, partition): spec for partition in partitions}
    answers = admin.list_offsets(asked, isolation_level=IsolationLevel.READ_COMMITTED, request_timeout=_ANSWER_SECONDS)
    return {asked.partition: answer.result(_ANSWER_SECONDS).offset for asked, answer in answers.items()}
