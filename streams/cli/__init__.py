"""The command line: one file a command group. What is heavy is imported inside the commands, so that help is quick."""

import click

from streams.cli.commands.config import config
from streams.cli.commands.demo import demo
from streams.cli.commands.parse import parse
from streams.cli.commands.poll import poll
from streams.cli.commands.process import process
from streams.cli.commands.push import push
from streams.cli.commands.schema import schema
from streams.cli.commands.serve import gateway, up, worker
from streams.cli.commands.topics import topics
from streams.cli.output.errors import Commands


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Settings: LIVELINE_* and liveline.yaml, see docs/configuration.md. Logs go to stderr, results to stdout. "
    "Exit codes: 0 done, 1 some input failed, 2 wrong use.",
)
@click.version_option(package_name="liveline", prog_name="liveline")
def main() -> None:
    """Live-blog updates of any newsroom as one clean, deduplicated, replayable stream."""


for command in (demo, up, parse, process, push, poll, worker, gateway, topics, config, schema):
    main.add_command(command)

__all__ = ["main"]
