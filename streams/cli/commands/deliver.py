"""`liveline deliver`: what leaves towards others."""

import asyncio

import click

from streams.bootstrap.deliverer import delivering
from streams.bootstrap.heartbeats import beating, tell_sinks
from streams.bootstrap.process import start
from streams.bootstrap.reload import Reload, outlive_hangups
from streams.bootstrap.wiring import connection_to, need_topics, on_signal, run
from streams.telemetry.process_metrics import process_registry


@click.command(
    epilog="Example:  LIVELINE_KAFKA=kafka:9092 LIVELINE_STATE=postgresql://liveline@db/liveline liveline deliver",
)
def deliver() -> None:
    """Post entries and alerts to the webhooks; of several on one state database, one delivers, the others stand by.

    Webhooks stand in liveline.yaml or are managed at the gateway's /v1/webhooks. See docs/webhooks.md.
    """
    outlive_hangups()
    settings = start()
    connection = connection_to(settings)

    async def main() -> None:
        await need_topics(settings, connection)
        told = asyncio.Event()
        on_signal(told.set)
        registry = process_registry("deliver")
        async with (
            delivering(settings, connection, registry) as delivery,
            beating(settings, connection, "deliverer", tell_sinks(delivery.state)),
            Reload(settings, registry, [delivery]),
        ):
            task = delivery.task
            stopping = asyncio.create_task(told.wait())
            await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            if task.done():
                task.result()

    run(main())
