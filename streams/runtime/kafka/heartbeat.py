"""A process's sign of life on the compacted `liveline.control`: what it is, where it runs, and what it holds."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Self
from uuid import uuid4

import orjson
import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from schemas.envelope import rfc3339
from streams.background import end_task
from streams.runtime.clock import Clock, system_clock

log = structlog.get_logger(__name__)

KEY: Final = "process/"
"""What the keys of these records begin with; the process's own id follows."""
EVERY_SECONDS: Final = 15.0
_LOOK_SECONDS: Final = 1.0
_FAREWELL_SECONDS: Final = 5.0

Tell = Callable[[], Awaitable[Mapping[str, Any]]]


@dataclass(slots=True)
class Heartbeat:
    """Writes a record every 15 s and at each change, and its tombstone at a clean stop; `async with` runs it.

    `tell` gives what changes: partitions, why the process is not ready. Kafka that does not answer stops nothing.
    """

    kafka: Mapping[str, Any]
    """aiokafka's keyword arguments."""
    topic: str
    kind: str
    """`worker`, `gateway`, `poller`, `deliverer`, or `up` for all of them."""
    version: str
    tell: Tell
    watch: Callable[[], object] = lambda: None
    """What is looked at each second: another value than before is told at once."""
    clock: Clock = system_clock
    every_seconds: float = EVERY_SECONDS
    id: str = field(default_factory=lambda: uuid4().hex[:12])
    _since: datetime | None = field(default=None, init=False)
    _task: "asyncio.Task[None] | None" = field(default=None, init=False)

    async def __aenter__(self) -> Self:
        """Begin."""
        self._since = self.clock()
        self._task = asyncio.create_task(self._run(), name="heartbeat")
        return self

    async def __aexit__(self, *_: object) -> None:
        """Say that the process has stopped, if Kafka answers soon."""
        await end_task(self._task, again_seconds=2 * _FAREWELL_SECONDS)

    async def _run(self) -> None:
        producer: AIOKafkaProducer | None = None
        try:
            while True:
                told = self.watch()
                try:
                    if producer is None:
                        producer = AIOKafkaProducer(**self.kafka)
                        await producer.start()
                    await self._send(producer, orjson.dumps(await self._record()))
                except (KafkaError, OSError) as error:
                    log.info("heartbeat.not_written", error=f"{type(error).__name__}: {error}")
                except Exception:
                    # A sign of life that could not be put together must not be the end of all that follow.
                    log.exception("heartbeat.failed")
                await self._until_due(told)
        finally:
            if producer is not None:
                with contextlib.suppress(KafkaError, OSError, TimeoutError):
                    async with asyncio.timeout(_FAREWELL_SECONDS):
                        await self._send(producer, None)
                with contextlib.suppress(KafkaError, OSError):
                    await producer.stop()

    async def _until_due(self, told: object) -> None:
        """Wait until the next record is due, or something is not as it was told."""
        loop = asyncio.get_running_loop()
        due = loop.time() + self.every_seconds
        while (left := due - loop.time()) > 0 and self.watch() == told:  # noqa: ASYNC110  (nobody tells of changes)
            await asyncio.sleep(min(left, _LOOK_SECONDS))

    async def _send(self, producer: AIOKafkaProducer, value: bytes | None) -> None:
        await producer.send_and_wait(self.topic, value, key=f"{KEY}{self.id}".encode(), partition=0)

    async def _record(self) -> dict[str, Any]:
        now = self.clock()
        return {
            "kind": self.kind,
            "version": self.version,
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "since": rfc3339(self._since or now),
            "at": rfc3339(now),
            "every_seconds": self.every_seconds,
            **await self.tell(),
        }
