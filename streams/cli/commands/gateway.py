"""`liveline gateway`: one gateway of a deployment."""

import asyncio

import click

from streams.bootstrap.heartbeats import beating, tell_gateway
from streams.bootstrap.process import start
from streams.bootstrap.reload import Reload, outlive_hangups
from streams.bootstrap.wiring import connection_to, gateway_config, listening, need_topics, on_signal, run


@click.command(
    epilog="Example:  LIVELINE_KAFKA=kafka:9092 LIVELINE_BIND=0.0.0.0:8080 liveline gateway",
)
def gateway() -> None:
    """Take documents in and deliver entries; each gateway holds all of them, any number can stand side by side."""
    outlive_hangups()
    settings = start()
    connection = connection_to(settings)

    async def main() -> None:
        await need_topics(settings, connection)
        told = asyncio.Event()
        on_signal(told.set)
        config = gateway_config(settings, connection)
        async with (
            listening(config) as server,
            Reload(settings, config.registry, [server.front]),
            beating(settings, connection, "gateway", tell_gateway(settings, server.hub)),
        ):
            await told.wait()

    run(main())
