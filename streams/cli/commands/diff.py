"""`liveline diff`: what a generation would change if it were live."""

import click
import orjson

from streams.bootstrap.process import start
from streams.cli.generation_name import generation_name
from streams.cli.interrupt import INTERRUPTED, Interrupt
from streams.cli.output.diff_table import diff_lines
from streams.cli.output.errors import DONE, SOME_FAILED
from streams.cli.real_kafka import real_kafka
from streams.generations.control import read_generations
from streams.generations.diff import compare
from streams.topology import Names


@click.command(epilog="Example:  liveline diff new-rules --json | jq .counts")
@click.argument("name", callback=generation_name)
@click.option("--json", "as_json", is_flag=True, help="Counts and examples as JSON.")
@click.pass_context
def diff(ctx: click.Context, name: str, *, as_json: bool) -> None:
    """Compare the entries that `liveline reprocess NAME` has made with the live ones, by their newest revisions.

    An entry whose documents are not in NAME is counted as not compared. Exit code 0 when nothing would change, else 1.
    """
    settings = start()
    connection, names = real_kafka(settings, "liveline diff"), Names(settings.topic_prefix, name)
    generations = read_generations(connection, names)
    if name not in generations.others:
        raise click.UsageError(f"{name}: there is no such generation; `liveline reprocess --list` has them")
    if generations.live.generation == name:
        raise click.UsageError(f"{name}: is live; there is nothing to compare it with")
    interrupt = Interrupt()
    interrupt.listen()
    found = compare(connection, names, settings.application, interrupt)
    if interrupt():
        ctx.exit(INTERRUPTED)
    if as_json:
        examples = [example.to_dict() for example in found.examples]
        click.echo(orjson.dumps({"counts": found.counts, "examples": examples}))
    else:
        click.echo("\n".join(diff_lines(found, name)))
    ctx.exit(SOME_FAILED if found.differs else DONE)
