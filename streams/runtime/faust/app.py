"""A Faust app for one agent: an app is one consumer group, so that each agent has its own."""

import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final

import faust
from faust.serializers import codecs
from yarl import URL

from streams.runtime.batch import Batch, batch_serializer
from streams.runtime.broker import Broker, heartbeat_seconds
from streams.runtime.faust.consumer import BatchConsumer, batch_transport
from streams.runtime.faust.no_tables import NoTables
from streams.runtime.partition.ownership import Ownership

Process = Callable[[Batch], Awaitable[None]]
_AT_ONCE: Final = 16
"""Batches of different partitions whose transactions may be under way at once."""


def faust_app(group: str, broker: Broker, attach: Callable[[BatchConsumer], Ownership[Any]]) -> faust.App:
    """Return an app that is not started; `attach` is given its consumer and returns whose partitions it fetches."""
    codecs.register("batch", batch_serializer())
    app = faust.App(
        group,
        broker=[URL(f"kafka://{server}") for server in broker.connection.bootstrap.split(",")],
        datadir=tempfile.mkdtemp(prefix="liveline-faust-"),  # without tables Faust keeps nothing of worth in it
        loghandlers=[],
        topic_allow_declare=False,  # `liveline topics create` makes them, explicitly
        topic_disable_leader=True,
        web_enabled=False,
        web_tables_enabled=False,
        web_router_enabled=False,
        broker_session_timeout=broker.session_seconds,
        broker_request_timeout=max(40.0, broker.session_seconds),
        broker_heartbeat_interval=heartbeat_seconds(broker.session_seconds),
        stream_recovery_delay=0.0,
        TableManager=NoTables,
        stream_wait_empty=False,  # our own hand-over waits, within a bound
    )
    transport = batch_transport(
        broker.connection,
        attach,
        session_timeout=broker.session_seconds,
        fetch_wait_ms=broker.fetch_wait_ms,
        resting_wait_ms=broker.resting_fetch_wait_ms,
    )
    app.transport = transport(app.conf.broker, app)
    return app


def drive(app: faust.App, name: str, topic: str, process: Process) -> None:
    """Let an app hand its topic's batches to a function; nothing that goes wrong within one may leave it."""

    async def run(stream: Any) -> AsyncIterator[Batch]:
        async for event in stream.events():
            await process(event.value)
            yield event.value  # the test context waits for it

    source = app.topic(topic, key_serializer="raw", value_serializer="batch", acks=False)
    app.agent(source, name=name, concurrency=_AT_ONCE)(run)
