"""`liveline parse`: files to posts."""

from functools import partial

import click
import orjson

from schemas.newsroom import Source
from schemas.post import Post
from streams import parse as room
from streams.cli.files.documents import read_documents
from streams.cli.files.options import FILES, About, about_options
from streams.cli.output.errors import Failures, readable
from streams.cli.time_limit import time_limit
from streams.exceptions import ParseError


@click.command(
    epilog="Example:  liveline parse --timezone Europe/London page.html | jq .headline",
)
@FILES
@about_options(coverage=False)
@click.pass_context
def parse(ctx: click.Context, files: tuple[str, ...], about: About) -> None:
    """Read documents in any known format and print their posts as JSON, one a line.

    `-` is standard input. A file or a post that can't be read is named on stderr and the others are still printed.
    """
    failures = Failures()
    out = click.get_binary_stream("stdout")
    limit = time_limit()
    for given in read_documents(files, about, failures):
        source = Source.model_construct(id=given.document.source_id, timezone=about.timezone)
        try:
            parsed = limit().run(partial(room.parse, given.document, source))
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
