"""A group's start on a broker that takes connections and answers nothing."""

import asyncio

import pytest

from streams.exceptions import BrokerError
from streams.runtime.kafka import group_start
from streams.runtime.kafka.connection import KafkaConnection


async def test_a_broker_that_does_not_answer_is_an_error_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked again for a while; a client's own time-out must not end the worker as a bug of ours would."""
    monkeypatch.setattr(group_start, "_SECONDS", 1.0)
    monkeypatch.setattr(group_start, "_ANSWER_SECONDS", 0.3)
    server = await asyncio.start_server(lambda reader, _: reader.read(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        with pytest.raises(BrokerError, match="can't be given a start on entries"):
            await asyncio.to_thread(group_start.begin_group, KafkaConnection(f"127.0.0.1:{port}"), "group", "entries")
    finally:
        server.close()
