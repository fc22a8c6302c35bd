"""`liveline process`: the whole pipeline over files, without Kafka."""

from collections.abc import Iterator
from itertools import tee
from typing import BinaryIO

import click

from streams.cli.files.documents import read_documents
from streams.cli.files.letters import letter_line
from streams.cli.files.options import FILES, About, about_options
from streams.cli.output.errors import Failures, tell
from streams.cli.output.explain import explain as explain_decision
from streams.cli.output.explain_enrichment import explain_enrichment
from streams.cli.output.explain_story import explain_story
from streams.cli.rules import rules_of
from streams.offline import Processed, failed
from streams.offline import process as process_documents


@click.command(
    epilog="Example:  liveline process --source evening-post monday/*.html | jq -c '[.revision, .change, .headline]'",
)
@FILES
@about_options(coverage=True, config=True)
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

    A .jsonl file holds documents, one a line: {"source", "coverage", "received_at", "content_type", "body" or
    "body_base64", "url", "format"}; so does what --dead-letters wrote. It is read a line at a time, however long it is.
    `-` is standard input, a .jsonl file unless --content-type says otherwise.
    """
    failures = Failures()
    out = click.get_binary_stream("stdout")
    read, again = tee(read_documents(files, about, failures))
    made = process_documents((given.document for given in again), rules_of(about), explain=explain)
    for given, processed in zip(read, made, strict=True):
        outcome, error = processed.outcome, processed.raised
        lines, letters = [], []
        try:
            lines = [entry.to_json() + b"\n" for entry in outcome.entries]
            letters = [letter_line(letter) for letter in outcome.letters]
        except Exception as raised:  # noqa: BLE001  (the other files are still to be read)
            error = raised
        if error is not None:
            failures.add_bug(given.place, error)
            if dead_letters:
                dead_letters.write(letter_line(failed(given.document, error)))
            continue
        out.writelines(lines)
        out.flush()
        for line in _explained(processed) if explain else ():
            tell(f"{given.place}: {line}")
        for bug in outcome.bugs:
            tell(bug.traceback)
        for letter in outcome.letters:
            place = given.place if letter.part is None else f"{given.place}: {letter.part}"
            failures.add(place, letter.error)
        if dead_letters:
            dead_letters.writelines(letters)
    ctx.exit(failures.exit_code)


def _explained(processed: Processed) -> Iterator[str]:
    """Yield what was decided about a document's posts, what enriched them and which stories they are part of."""
    yield from map(explain_decision, processed.reasons)
    for entry in processed.outcome.entries:
        yield from explain_enrichment(entry)
    yield from map(explain_story, processed.outcome.stories)
