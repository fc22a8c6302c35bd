"""`liveline worker`: one worker of a deployment."""

import click

from streams.bootstrap.heartbeats import at_work, beating, tell_worker
from streams.bootstrap.process import start
from streams.bootstrap.reload import Reload, outlive_hangups
from streams.bootstrap.reload_worker import WorkerPart
from streams.bootstrap.wiring import connection_to, need_topics, on_signal, run
from streams.bootstrap.worker import create_app


@click.command(
    epilog="Example:  LIVELINE_KAFKA=kafka:9092 liveline worker",
)
def worker() -> None:
    """Parse, deduplicate and enrich what comes in through Kafka; as many workers as there are partitions share it."""
    outlive_hangups()
    settings = start()
    connection = connection_to(settings)

    async def main() -> None:
        await need_topics(settings, connection)
        made = create_app(settings, connection)
        on_signal(made.tell)
        async with beating(settings, connection, "worker", tell_worker(made), watch=lambda: at_work(made)):
            try:
                await made.start()
                async with Reload(settings, made.metrics.registry, [WorkerPart(made)]):
                    await made.wait()
            finally:
                await made.stop()

    run(main())
