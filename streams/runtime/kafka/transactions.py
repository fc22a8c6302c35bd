"""Records written in transactions: all of a transaction is there, or nothing of it."""

import time
import uuid
from collections.abc import Callable
from typing import Any, Final, Self

from confluent_kafka import KafkaError, KafkaException, Producer

from schemas.envelope import Headers
from streams.exceptions import BrokerError
from streams.runtime.kafka.connection import KafkaConnection
from streams.topology import MAX_MESSAGE_BYTES

_SECONDS: Final = 30.0
_TIMEOUT_MS: Final = 30_000
"""After so long the broker ends what a killed process has left open; until then it hides what comes after."""
_ROOM_BYTES: Final = 1024 * 1024
_OVERTAKEN: Final = {
    KafkaError._FENCED,  # noqa: SLF001  (the client's own codes have such names)
    KafkaError.INVALID_PRODUCER_EPOCH,
    KafkaError.PRODUCER_FENCED,
}


class OvertakenError(BrokerError):
    """Somebody else began to write under the same transactional id: nothing of this transaction stands."""


def fence(connection: KafkaConnection, transactional_id: str) -> None:
    """Shut out whoever writes under an id and end what it left open; raises `BrokerError`.

    When it returns, nothing more of that writer can be committed.
    """
    with Transactions(connection, transactional_id, whole_id=True):
        pass


class Transactions:
    """A producer whose records count once `commit` has returned; a context manager that leaves nothing half done."""

    def __init__(
        self, connection: KafkaConnection, name: str, *, own_id: str | None = None, whole_id: bool = False
    ) -> None:
        """Take a name for the transactional id; with `own_id`, who writes under it later fences who did before.

        `whole_id`: the name is the id.
        """
        self._bootstrap = connection.bootstrap
        self._reasons: list[str] = []
        self._open = False
        settings: dict[str, Any] = {
            **connection.confluent(),
            "transactional.id": name if whole_id else f"liveline-{name}-{own_id or uuid.uuid4().hex}",
            "transaction.timeout.ms": _TIMEOUT_MS,
            "compression.type": "zstd",
            "message.max.bytes": MAX_MESSAGE_BYTES + _ROOM_BYTES,
            # Java's own: a key's partition is the same whoever writes.
            "partitioner": "murmur2_random",
            "linger.ms": 5,
            "log_level": 0,
            "error_cb": self._note,
        }
        self._producer = Producer(settings)

    def __enter__(self) -> Self:
        """Connect; from here on, nobody else writes under this id."""
        self._call(self._producer.init_transactions, _SECONDS)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Take back what is not committed."""
        if self._open:
            try:
                self._producer.abort_transaction(_SECONDS)
            except KafkaException as error:
                if kind is None:
                    raise self._failure(error) from None

    def write(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        headers: Headers = (),
        *,
        partition: int | None = None,
        timestamp_ms: int | None = None,
    ) -> None:
        """Write a record; without a partition, to its key's."""
        if not self._open:
            self._call(self._producer.begin_transaction)
            self._open = True
        where: dict[str, Any] = {} if partition is None else {"partition": partition}
        if timestamp_ms is not None and timestamp_ms > 0:
            where["timestamp"] = timestamp_ms
        while True:
            try:
                self._producer.produce(topic, value, key, headers=list(headers), on_delivery=self._delivered, **where)
            except BufferError:
                self._producer.poll(0.1)
            except KafkaException as error:
                raise self._failure(error) from None
            else:
                break
        self._producer.poll(0)

    def commit(self) -> None:
        """Make known all that was written since the last commit; raises `BrokerError` if it is not."""
        if self._open:
            self._call(self._producer.commit_transaction, _SECONDS)
            self._open = False

    def _call(self, what: Callable[..., object], *arguments: float) -> None:
        deadline = time.monotonic() + 2 * _SECONDS
        while True:
            try:
                what(*arguments)
            except KafkaException as error:
                # The same call goes on where it stopped.
                if error.args[0].retriable() and time.monotonic() < deadline:
                    continue
                raise self._failure(error) from None
            else:
                return

    def _failure(self, error: KafkaException) -> BrokerError:
        told = self._reasons[-1] if self._reasons else error.args[0].str()
        kind = OvertakenError if error.args[0].code() in _OVERTAKEN else BrokerError
        return kind(f"Kafka at {self._bootstrap} (LIVELINE_KAFKA): the transaction did not end well: {told}")

    def _delivered(self, error: KafkaError | None, _: Any) -> None:
        if error is not None:
            self._reasons.append(error.str())

    def _note(self, error: KafkaError) -> None:
        self._reasons.append(error.str())
        del self._reasons[:-1]
