"""`liveline worker`, `gateway` and `up`: the processes of a deployment."""

import asyncio

import click


@click.command(
    short_help="Run one worker.",
    epilog="Example:  LIVELINE_KAFKA=kafka:9092 liveline worker",
)
def worker() -> None:
    """Parse, deduplicate and enrich what comes in through Kafka; as many workers as there are partitions share it."""
    from streams.bootstrap.process import start  # noqa: PLC0415
    from streams.bootstrap.wiring import connection_to, need_topics, on_signal, run  # noqa: PLC0415
    from streams.bootstrap.worker import create_app  # noqa: PLC0415

    settings = start()
    connection = connection_to(settings)

    async def main() -> None:
        await need_topics(settings, connection)
        made = create_app(settings, connection)
        on_signal(made.tell)
        try:
            await made.start()
            await made.wait()
        finally:
            await made.stop()

    run(main())


@click.command(
    short_help="Run one gateway: push, SSE, WebSocket, REST, feeds and the live page.",
    epilog="Example:  LIVELINE_KAFKA=kafka:9092 LIVELINE_BIND=0.0.0.0:8080 liveline gateway",
)
def gateway() -> None:
    """Take documents in and deliver entries; each gateway holds all of them, any number can stand side by side."""
    from streams.bootstrap.process import start  # noqa: PLC0415
    from streams.bootstrap.wiring import (  # noqa: PLC0415
        connection_to,
        gateway_config,
        listening,
        need_topics,
        on_signal,
        run,
    )

    settings = start()
    connection = connection_to(settings)

    async def main() -> None:
        await need_topics(settings, connection)
        told = asyncio.Event()
        on_signal(told.set)
        async with listening(gateway_config(settings, connection)):
            await told.wait()

    run(main())


@click.command(
    short_help="Run everything on this machine, from liveline.yaml.",
    epilog="Example:  LIVELINE_CONFIG=desk.yaml liveline up",
)
def up() -> None:
    """Run broker (the embedded one, unless LIVELINE_KAFKA names another), worker and gateway in one process."""
    from streams.bootstrap.process import start  # noqa: PLC0415
    from streams.bootstrap.together import together  # noqa: PLC0415
    from streams.bootstrap.wiring import on_signal, run  # noqa: PLC0415

    settings = start()

    async def main() -> None:
        async with together(settings) as running:
            on_signal(running.worker.tell)
            click.echo(running.url)
            await running.worker.wait()

    run(main())
