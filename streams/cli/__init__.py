"""The command line: one module a command in `commands/`, which is loaded when it is called."""

from typing import Final

import click

from streams.cli.lazy import LazyCommands

COMMANDS: Final = {
    "demo": "Run everything with a sample event; the first thing to try.",
    "up": "Run everything on this machine, from liveline.yaml.",
    "parse": "Read files and print one post a line.",
    "process": "Run the whole pipeline over files and print one revision a line.",
    "push": "Push files into Kafka, or to a gateway.",
    "poll": "Poll the sources that have a url, or try one address.",
    "replay": "Print a topic again, by time, or write it into another.",
    "reprocess": "Process Kafka's documents again by other rules, beside the live entries.",
    "diff": "Say what a reprocessed generation would change.",
    "switch": "Make a reprocessed generation live, or the first one again.",
    "dlq": "List, show, retry and discard dead letters.",
    "worker": "Run one worker.",
    "gateway": "Run one gateway: push, SSE, REST and the live page.",
    "deliver": "Post entries and alerts to webhooks.",
    "alerts": "Try alert rules on entries; list and explain what they raised.",
    "status": "Show how a deployment stands, on one screen.",
    "healthcheck": "Ask a process of this machine whether it is ready.",
    "topics": "Create and check Kafka's topics.",
    "archive": "Check, prune or rebuild the gateway's archive.",
    "config": "Write a first liveline.yaml; show what is configured, and what is wrong with it.",
    "schema": "Write the models as JSON Schema.",
}
"""Each command with its line in the overview, in the order in which a newcomer needs them."""


@click.group(
    cls=LazyCommands,
    table=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Settings: LIVELINE_* and liveline.yaml, see docs/configuration.md. Logs go to stderr, results to stdout. "
    "Exit codes: 0 done, 1 some input failed, 2 wrong use.",
)
@click.version_option(package_name="liveline-stream", prog_name="liveline")
def main() -> None:
    """Live-blog updates of any newsroom as one clean, deduplicated, replayable stream."""


__all__ = ["COMMANDS", "main"]
