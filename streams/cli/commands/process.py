"""`liveline process`: the whole pipeline over files, without Kafka."""

from typing import BinaryIO

import click

from streams.cli.files.documents import read_documents
from streams.cli.files.letters import failed, letter_line
from streams.cli.files.options import FILES, About, about_options
from streams.cli.output.errors import Failures, tell
from streams.cli.output.explain import explain as explained
from streams.cli.output.explain_enrichment import explain_enrichment
from streams.cli.time_limit import time_limit
from streams.offline import Run


@click.command(
    epilog="Example:  liveline process --source evening-post monday/*.html | jq -c '[.revision, .change, .headline]'",
)
@FILES
@about_options(coverage=True)
@click.option(
    "--dead-letters", metavar="FILE", type=click.File("wb", lazy=False), help="Write what failed there, one a line."
)
@click.option(
    "--explain", is_flag=True, help="Say on stderr what was decided about each post, what enriched it, and why."
)
@click.pass_context
def process(
    ctx: click.Context, files: tuple[str, ...], about: About, dead_letters: BinaryIO | None, *, explain: bool
) -> None:
    """Parse, deduplicate and enrich documents in the order given and print each revision of an entry as JSON.

    `-` is standard input. A .jsonl file holds documents, one a line: {"source", "coverage", "received_at",
    "content_type", "body" or "body_base64", "url", "format"}. It is read a line at a time, however long it is.
    """
    failures = Failures()
    out = click.get_binary_stream("stdout")
    run = Run(about.timezone, explain=explain, time_limit=time_limit())
    for given in read_documents(files, about, failures):
        try:
            outcome = run.step(given.document)
            lines = [entry.to_json() + b"\n" for entry in outcome.entries]
            letters = [letter_line(letter) for letter in outcome.letters]
        except Exception as error:  # noqa: BLE001  (the other files are still to be read)
            failures.add_bug(given.place, error)
            if dead_letters:
                dead_letters.write(letter_line(failed(given.document, error)))
            continue
        out.writelines(lines)
        out.flush()
        for reason in run.reasons:
            tell(f"{given.place}: {explained(reason)}")
        for line in (line for entry in outcome.entries if explain for line in explain_enrichment(entry)):
            tell(f"{given.place}: {line}")
        for bug in outcome.bugs:
            tell(bug.traceback)
        for letter in outcome.letters:
            place = given.place if letter.part is None else f"{given.place}: {letter.part}"
            failures.add(place, letter.error)
        if dead_letters:
            dead_letters.writelines(letters)
    ctx.exit(failures.exit_code)
