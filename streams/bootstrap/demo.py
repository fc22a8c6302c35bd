"""The demo as a whole: everything in one process, in a folder that is gone afterwards."""

import asyncio
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path

import aiohttp
from aiokafka import AIOKafkaConsumer, TopicPartition
from pydantic import SecretStr

from schemas.alert import Alert
from streams.archive.state import SinkDeliveries, open_state
from streams.bootstrap.together import together
from streams.bootstrap.wiring import on_signal
from streams.demo.check import check
from streams.demo.expected import Told
from streams.demo.newsroom import demo_newsroom, demo_tokens
from streams.demo.player import play
from streams.demo.push import push_over_http
from streams.demo.table import table
from streams.logs import set_up_logs
from streams.runtime.kafka.connection import KafkaConnection
from streams.settings import Address, Settings, load_settings
from streams.settings.sections.kafka import EMBEDDED
from streams.settings.sections.process import LogLevel
from streams.topology import Names

Print = Callable[[str], None]


async def show(seconds: float, say: Print) -> None:
    """Play the event for a visitor and stay until told to stop."""
    with tempfile.TemporaryDirectory(prefix="liveline-demo-") as folder:
        settings = _settings(Path(folder))
        set_up_logs(settings.log_level, settings.log_format)
        if _taken(settings.bind):
            # A visitor has come to see something: another port is as good.
            settings = settings.model_copy(update={"bind": Address(settings.bind.host, 0)})
        async with together(settings) as running, aiohttp.ClientSession() as session:
            on_signal(running.worker.tell)
            coverage = settings.newsroom.coverages[0]
            say(f"\n  {coverage.title}: {running.url}/coverages/{coverage.id}\n")
            say(f"  The stream itself:  curl -N {running.url}/v1/stream\n  Ctrl-C ends it.\n")
            if running.desk:
                say(f"  The editors' page:  {running.desk}\n")
            playing = asyncio.create_task(play(push_over_http(session, running.url, settings.tokens), seconds=seconds))
            try:
                await running.worker.wait()
            finally:
                playing.cancel()


async def check_once(say: Print) -> bool:
    """Play the event at once, say what came out in a table, and return whether it is what it should be."""
    with tempfile.TemporaryDirectory(prefix="liveline-demo-") as folder:
        # A port of its own: a demo that is open in a browser does not stand in the way of a check.
        settings = _settings(Path(folder)).model_copy(update={"bind": Address("127.0.0.1", 0)})
        set_up_logs(LogLevel.ERROR, settings.log_format)
        async with together(settings) as running, aiohttp.ClientSession() as session:
            outcome = await check(
                session,
                running.url,
                push_over_http(session, running.url, settings.tokens),
                lambda: _records(running.connection, Names(settings.topic_prefix).dead_letters),
                lambda: asyncio.to_thread(_told, settings),
            )
        say(table(outcome))
        return outcome.ok


def _settings(folder: Path) -> Settings:
    """Return the environment's settings, but for what would touch anything that is not the demo's."""
    newsroom = demo_newsroom()
    return load_settings(newsroom=newsroom).model_copy(
        update={
            "kafka": EMBEDDED,
            "tokens": demo_tokens(newsroom),
            "archive": f"sqlite:///{folder}/demo.db",
            "state": f"sqlite:///{folder}/demo-state.db",
            "sink_addresses": {sink.id: SecretStr("print:stdout") for sink in newsroom.sinks},
        }
    )


def _taken(address: Address) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in address.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
        except OSError:
            return True
    return False


def _told(settings: Settings) -> tuple[Told, ...]:
    """Return what came to the sinks, in its order; the state database is what a person would be told from."""
    state = open_state(settings.state)
    try:
        deliveries = SinkDeliveries(state).all()
    finally:
        state.close()
    alerts = [Alert.from_json(each.value) for each in deliveries]
    return tuple(
        Told(alert.rule_id, alert.change.value, each.status.value)
        for alert, each in zip(alerts, deliveries, strict=True)
    )


async def _records(connection: KafkaConnection, topic: str) -> int:
    """Return how many records stand on a topic of the embedded broker, which has no transaction markers."""
    consumer = AIOKafkaConsumer(**connection.aiokafka())
    await consumer.start()
    try:
        await consumer._client.force_metadata_update()  # noqa: SLF001  (a consumer without a topic asks for none)
        partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic) or ()]
        return sum((await consumer.end_offsets(partitions)).values()) if partitions else 0
    finally:
        await consumer.stop()
