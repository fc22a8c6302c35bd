"""`liveline status`: how a deployment stands, on one screen."""

from dataclasses import asdict
from datetime import UTC, datetime

import click
import orjson

from streams.bootstrap.process import start
from streams.bootstrap.status import gather
from streams.bootstrap.wiring import plan_of
from streams.cli.output.errors import DONE, SOME_FAILED
from streams.cli.output.status_screen import screen
from streams.cli.real_kafka import real_kafka


@click.command(epilog="Example:  LIVELINE_KAFKA=kafka:9092 liveline status --json | jq .problems")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a screen.")
@click.pass_context
def status(ctx: click.Context, /, *, as_json: bool) -> None:
    """Show topics, lag, processes, sources, archives, dead letters and failed sinks; exit with 1 if something is wrong.

    Wrong is: a topic that is not as it must be, no worker or no gateway alive, a process that fell silent or is not
    ready, a partition with documents waiting that no worker has, a sink that nothing has reached since it failed. Dead
    letters alone are not. A topic's size is told in offsets: Kafka's clients for Python don't tell its bytes.
    """
    settings = start()
    connection = real_kafka(settings, "liveline status")
    found = gather(settings, connection, plan_of(settings), datetime.now(UTC))
    if as_json:
        click.echo(orjson.dumps(asdict(found)))
    else:
        for line in screen(found):
            click.echo(line)
    ctx.exit(SOME_FAILED if found.problems else DONE)
