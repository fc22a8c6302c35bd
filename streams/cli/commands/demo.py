"""`liveline demo`: everything in one process, with the sample event."""

import click

from streams.bootstrap.demo import check_once, show
from streams.bootstrap.wiring import run
from streams.cli.output.errors import DONE, SOME_FAILED


@click.command(
    epilog="Example:  liveline demo --check",
)
@click.option("--check", "only_check", is_flag=True, help="Play at once, verify what comes out, print a table, exit.")
@click.option(
    "--seconds",
    type=click.FloatRange(0, 3600),
    default=60,
    show_default=True,
    help="How long the event's hour takes to play.",
)
@click.pass_context
def demo(ctx: click.Context, *, only_check: bool, seconds: float) -> None:
    """Run an embedded broker, a worker and a gateway, play a fire at an invented harbour, and print the page's address.

    Nothing is kept: neither Kafka nor a configuration is needed or touched.
    """
    if only_check:
        ok = run(check_once(click.echo))
        ctx.exit(DONE if ok else SOME_FAILED)
    run(show(seconds, click.echo))
