"""`liveline poll`: documents in from the sources' own addresses."""

import asyncio
from contextlib import AsyncExitStack

import click

from schemas.entry import SourceId
from schemas.newsroom import Source
from streams.bootstrap.heartbeats import beating
from streams.bootstrap.poll_server import PollServer
from streams.bootstrap.pollers import PollPart, leases_of, polling_of
from streams.bootstrap.process import start
from streams.bootstrap.reload import Reload, outlive_hangups
from streams.bootstrap.wiring import connection_to, need_topics, on_signal, run
from streams.cli.commands.poll_once import poll_once
from streams.cli.files.options import format_option
from streams.cli.output.errors import Failures
from streams.exceptions import SettingsError
from streams.ingest.polling.polling import polled
from streams.settings import Settings
from streams.telemetry.process_metrics import process_registry


@click.command(
    epilog="Example:  liveline poll --once https://example.org/live/harbour-fire | jq .headline",
)
@click.option("--once", metavar="URL", help="Read this address once and print what would be pushed; nothing is.")
@format_option
@click.option("--source", metavar="ID", default="local", help="With --once: read it as this source's page.")
@click.pass_context
def poll(ctx: click.Context, once: str | None, format: str | None, source: str) -> None:  # noqa: A002
    """Poll every source of liveline.yaml that has a url, at its interval, and push what changed into Kafka.

    Sources that name a WebSub hub are subscribed to when LIVELINE_PUBLIC_URL and LIVELINE_POLL_BIND are set. With
    --once, what an address says about itself goes to stderr and its posts, one a line, to stdout.
    """
    settings = start()
    if once is None:
        if format or source != "local":
            raise click.UsageError("--format and --source go with --once; sources have theirs in liveline.yaml")
        run(_poll(settings))
        return

    failures = Failures()
    out = click.get_binary_stream("stdout")

    def say(line: str) -> None:
        click.echo(line, err=True)

    def write(line: bytes) -> None:
        out.write(line)

    run(poll_once(settings, once, _source(settings, source, format), say, write, failures))
    out.flush()
    ctx.exit(failures.exit_code)


def _source(settings: Settings, source_id: str, format_: str | None) -> Source:
    """Return the configured source, or one with nothing but its id."""
    found = settings.newsroom.source(source_id) or Source.model_construct(id=SourceId(source_id))
    return found.model_copy(update={"format": format_}) if format_ else found


async def _poll(settings: Settings) -> None:
    outlive_hangups()
    connection = connection_to(settings)
    registry = process_registry("poll")
    leases = leases_of(settings)
    polling = polling_of(settings, connection, registry, turns=leases, listens=settings.poll_bind is not None)
    if not any(polled(settings.newsroom)):
        raise SettingsError(f"{settings.config}: no source has a url; expected one that can be polled")
    await need_topics(settings, connection)
    told = asyncio.Event()
    on_signal(told.set)
    async with AsyncExitStack() as stack:
        # Before the pollers, and gone after them: hubs call back while a subscription is made and left.
        if settings.poll_bind is not None:
            await stack.enter_async_context(PollServer(settings.poll_bind, registry, polling.subscriber))
        if leases is not None:
            await stack.enter_async_context(leases)
        await stack.enter_async_context(polling)
        await stack.enter_async_context(beating(settings, connection, "poller"))
        await stack.enter_async_context(Reload(settings, registry, [PollPart(polling, leases)]))
        await told.wait()
