"""`liveline up`: all of a small deployment in one process."""

import click

from streams.bootstrap.process import start
from streams.bootstrap.reload import Reload, outlive_hangups
from streams.bootstrap.together import together
from streams.bootstrap.wiring import on_signal, run


@click.command(
    epilog="Example:  LIVELINE_CONFIG=desk.yaml liveline up",
)
def up() -> None:
    """Run broker (the embedded one, unless LIVELINE_KAFKA names another), worker and gateway in one process."""
    outlive_hangups()
    settings = start()

    async def main() -> None:
        async with together(settings) as running:
            on_signal(running.worker.tell)
            click.echo(running.url)
            if running.desk:
                click.echo(running.desk)
            async with Reload(running.settings, running.registry, running.parts):
                await running.worker.wait()

    run(main())
