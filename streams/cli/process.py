"""`liveline process`: the whole pipeline over files, without Kafka."""

from contextlib import ExitStack

import click

from streams.cli.errors import Failures, tell
from streams.cli.options import FILES, About, about_options


@click.command(
    short_help="Run files through the whole pipeline and print one revision a line.",
    epilog="Example:  liveline process --source evening-post monday/*.html | jq -c '[.revision, .change, .headline]'",
)
@FILES
@about_options(coverage=True)
@click.option(
    "--dead-letters", metavar="FILE", type=click.Path(dir_okay=False), help="Write what failed there, one a line."
)
@click.option("--explain", is_flag=True, help="Say on stderr why each revision was made.")
@click.pass_context
def process(
    ctx: click.Context, files: tuple[str, ...], about: About, dead_letters: str | None, *, explain: bool
) -> None:
    """Parse, deduplicate and enrich documents in the order given and print each revision of an entry as JSON.

    `-` is standard input. A .jsonl file holds documents, one a line: {"source", "coverage", "received_at",
    "content_type", "body" or "body_base64", "url", "format"}. It is read a line at a time, however long it is.
    """
    from streams.cli.documents import read_documents  # noqa: PLC0415
    from streams.cli.explain import explain as explained  # noqa: PLC0415
    from streams.cli.letters import letter_line  # noqa: PLC0415
    from streams.cli.run import Run  # noqa: PLC0415

    failures = Failures()
    out = click.get_binary_stream("stdout")
    with ExitStack() as stack:
        letters = stack.enter_context(click.open_file(dead_letters, "wb")) if dead_letters else None
        run = Run(about.timezone)
        for given in read_documents(files, about, failures):
            outcome = run.step(given.document)
            for entry in outcome.entries:
                out.write(entry.to_json() + b"\n")
                if explain:
                    tell(f"{given.place}: {explained(entry)}")
            out.flush()
            for bug in outcome.bugs:
                tell(bug.traceback)
            for letter in outcome.letters:
                place = given.place if letter.part is None else f"{given.place}: {letter.part}"
                failures.add(place, letter.error)
                if letters:
                    letters.write(letter_line(letter))
    ctx.exit(failures.exit_code)
