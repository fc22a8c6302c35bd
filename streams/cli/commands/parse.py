"""`liveline parse`: files to posts."""

import click
import orjson

from schemas.post import Post
from streams.cli.files.documents import read_documents
from streams.cli.files.options import FILES, About, about_options
from streams.cli.output.errors import Failures, readable
from streams.cli.rules import rules_of
from streams.exceptions import ParseError
from streams.offline import parse as parse_document


@click.command(
    epilog="Example:  liveline parse --timezone Europe/London page.html | jq .headline",
)
@FILES
@about_options(config=True)
@click.pass_context
def parse(ctx: click.Context, files: tuple[str, ...], about: About) -> None:
    """Read documents in any known format and print their posts as JSON, one a line.

    `-` is standard input, a .jsonl file unless --content-type says otherwise. A file or a post that can't be read is
    named on stderr and the others are still printed.
    """
    failures = Failures()
    out = click.get_binary_stream("stdout")
    rules = rules_of(about)
    for given in read_documents(files, about, failures):
        try:
            parsed = parse_document(given.document, rules)
            lines = [_line(given.name, parsed.format, post) for post in parsed.posts]
        except ParseError as error:
            failures.add(given.place, str(error))
            continue
        except Exception as error:  # noqa: BLE001  (the other files are still to be read)
            failures.add_bug(given.place, error)
            continue
        out.writelines(lines)
        for part in parsed.bad:
            failures.add(f"{given.place}: {part.place}", part.error)
        out.flush()
    ctx.exit(failures.exit_code)


def _line(name: str, format_: str, post: Post) -> bytes:

    return orjson.dumps(
        {"document": readable(name), "format": format_, **post.to_dict()}, option=orjson.OPT_APPEND_NEWLINE
    )
