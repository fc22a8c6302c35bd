"""A document that is being sent when the process is told to stop: the stop is never swallowed."""

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
import structlog

from schemas.document import Document
from streams.ingest import producer as module
from streams.ingest.producer import DocumentProducer

DOCUMENT = Document(
    id="d1", source_id="post", coverage_id="pier", received_at=datetime(2024, 5, 1, tzinfo=UTC),
    content_type="text/plain", body=b"Trams are back.",
)  # fmt: skip


class SlowKafka:
    """A producer whose acknowledgement comes when the test lets it."""

    def __init__(self, **_: Any) -> None:
        """Take what aiokafka's takes."""

    acknowledged: asyncio.Future[SimpleNamespace]

    async def start(self) -> None:
        """Connect."""

    async def stop(self) -> None:
        """Disconnect."""

    async def send_and_wait(self, *_: Any, **__: Any) -> SimpleNamespace:
        """Return where the record stands."""
        return await SlowKafka.acknowledged


async def test_a_stop_that_comes_with_the_acknowledgement_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both arrive in one turn of the loop: a poller that missed the stop would run for ever."""
    monkeypatch.setattr(module, "AIOKafkaProducer", SlowKafka)
    SlowKafka.acknowledged = asyncio.get_running_loop().create_future()
    producer = DocumentProducer({}, "raw", log=structlog.get_logger())
    await producer.start()
    await asyncio.sleep(0)  # connected
    sending = asyncio.create_task(producer.send(DOCUMENT))
    for _ in range(3):
        await asyncio.sleep(0)  # under way

    SlowKafka.acknowledged.set_result(SimpleNamespace(partition=0, offset=7))
    sending.cancel()

    with pytest.raises(asyncio.CancelledError):
        await sending
    await producer.stop()
