"""`liveline topics`: what Kafka must have before anything runs."""

import click

from streams.bootstrap.process import start
from streams.bootstrap.wiring import connection_to, plan_of
from streams.cli.output.errors import DONE, SOME_FAILED
from streams.runtime.kafka.admin import check_topics, create_topics


@click.group()
def topics() -> None:
    """Make Liveline's topics, or say how they differ from what they must be."""


@topics.command(epilog="Example:  LIVELINE_KAFKA=kafka:9092 LIVELINE_PARTITIONS=12 liveline topics create")
@click.pass_context
def create(ctx: click.Context) -> None:
    """Make what is missing and set what can be set without loss; twice is as good as once."""
    settings = start()
    done = create_topics(connection_to(settings), plan_of(settings))
    for name in done.created:
        click.echo(f"{name}: created")
    for problem in done.altered:
        click.echo(f"{problem.topic}: {problem.what} was {problem.found}, is now {problem.expected}")
    for problem in done.left:
        click.echo(str(problem), err=True)
    if not (done.created or done.altered or done.left):
        click.echo("all topics are as they must be")
    ctx.exit(SOME_FAILED if done.left else DONE)


@topics.command(epilog="Example:  LIVELINE_KAFKA=kafka:9092 liveline topics check")
@click.pass_context
def check(ctx: click.Context) -> None:
    """Name each difference and what puts it right; change nothing."""
    settings = start()
    problems = check_topics(connection_to(settings), plan_of(settings))
    for problem in problems:
        click.echo(str(problem), err=True)
    if not problems:
        click.echo("all topics are as they must be")
    ctx.exit(SOME_FAILED if problems else DONE)
