"""`liveline poll --once`: what a poll of an address would push, for a person who sets a source up."""

from collections.abc import Callable
from http import HTTPStatus

import orjson

from schemas.document import Document
from schemas.entry import CoverageId
from schemas.newsroom import Source
from streams import parse as room
from streams.bootstrap.pollers import fetch_options
from streams.cli.output.errors import Failures
from streams.exceptions import ParseError
from streams.ingest.polling.fetch import Fetched, Fetcher, FetchError
from streams.ingest.polling.hosts import Hosts
from streams.ingest.polling.outbox import polled_id
from streams.ingest.websub.discovery import discover
from streams.runtime.clock import system_clock
from streams.settings import Settings

_TOLD = (
    "Content-Type", "Content-Encoding", "ETag", "Last-Modified", "Cache-Control", "Age", "Retry-After", "Link",
)  # fmt: skip


async def poll_once(
    settings: Settings,
    url: str,
    source: Source,
    say: Callable[[str], None],
    write: Callable[[bytes], None],
    failures: Failures,
) -> None:
    """Read an address once: what it says about itself to `say`, a post a line to `write`."""
    options = fetch_options(settings)
    try:
        async with Fetcher(options, Hosts()) as fetcher:
            fetched = await fetcher.get(url)
    except FetchError as error:
        failures.add(error.reason.value, str(error))
        return
    say(f"{fetched.status} {fetched.url}")
    for name in _TOLD:
        for value in fetched.headers.getall(name, []):
            say(f"{name}: {value}")
    if fetched.status != HTTPStatus.OK:
        failures.add(fetched.url, f"answered {fetched.status}; expected 200")
        return
    if hub := discover(fetched.links, fetched.content_type, fetched.body, fetched.url):
        say(f"hub: {hub.hub} topic: {hub.topic}")
    _posts(fetched, source, say, write, failures)


def _posts(
    fetched: Fetched,
    source: Source,
    say: Callable[[str], None],
    write: Callable[[bytes], None],
    failures: Failures,
) -> None:
    document = Document(
        id=polled_id(source.id, fetched.url, fetched.body),
        source_id=source.id,
        coverage_id=CoverageId("local"),
        received_at=system_clock(),
        content_type=fetched.content_type,
        body=fetched.body,
        url=fetched.url,
        format=None,
    )
    try:
        parsed = room.parse(document, source)
    except ParseError as error:
        failures.add(fetched.url, str(error))
        return
    say(f"{len(fetched.body):,} bytes, format {parsed.format}, {len(parsed.posts)} posts")
    for post in parsed.posts:
        write(orjson.dumps(post.to_dict(), option=orjson.OPT_APPEND_NEWLINE))
    for part in parsed.bad:
        failures.add(f"{fetched.url}: {part.place}", part.error)
