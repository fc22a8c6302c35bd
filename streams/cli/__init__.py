"""The command line: one file a command group. What is heavy is imported inside the commands, so that help is quick."""

import click

from streams.cli.commands.alerts import alerts
from streams.cli.config import config
from streams.cli.demo import demo
from streams.cli.errors import Commands
from streams.cli.parse import parse
from streams.cli.poll import poll
from streams.cli.process import process
from streams.cli.push import push
from streams.cli.schema import schema
from streams.cli.serve import gateway, up, worker
from streams.cli.topics import topics


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Settings: LIVELINE_* and liveline.yaml, see docs/configuration.md. Logs go to stderr, results to stdout. "
    "Exit codes: 0 done, 1 some input failed, 2 wrong use.",
)
@click.version_option(package_name="liveline", prog_name="liveline")
def main() -> None:
    """Live-blog updates of any newsroom as one clean, deduplicated, replayable stream."""


for command in (demo, up, parse, process, push, poll, worker, gateway, alerts, topics, config, schema):
    main.add_command(command)

__all__ = ["main"]
