"""`liveline reprocess`: documents that were processed already, again, by this code and these rules, beside live."""

import asyncio
import shutil
import sys
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

import click
import orjson

from schemas.envelope import rfc3339
from streams.bootstrap.bounds import rules_of_generation, version_of_code
from streams.bootstrap.process import start
from streams.bootstrap.reprocess import Part, Reprocess
from streams.bootstrap.wiring import on_signal, run
from streams.cli.generation_name import generation_name
from streams.cli.interrupt import INTERRUPTED
from streams.cli.newsroom_option import config_option, newsroom_of
from streams.cli.output.errors import DONE, tell
from streams.cli.output.progress import Progress
from streams.cli.real_kafka import real_kafka
from streams.cli.times import time_of, timezone_option
from streams.generations.begin import Begin, GenerationInUseError, OtherRulesError, begin
from streams.generations.begin import drop as drop_generation
from streams.generations.control import read_generations
from streams.generations.name import group_of
from streams.generations.pending import unread
from streams.generations.watch import ControlWatch
from streams.runtime.kafka.admin import Bounds, bounds_of
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.groups import members_of
from streams.settings import Settings
from streams.topology import LIVE, Names


@click.command(epilog="Example:  liveline reprocess new-rules --from -7d --config new.yaml && liveline diff new-rules")
@click.argument("name", required=False, callback=generation_name)
@click.option("--from", "begins", metavar="TIME", help="Documents of then or later; all by default. As in replay.")
@timezone_option
@config_option
@click.option("--follow", is_flag=True, help="Go on with what comes, until a switch or a signal.")
@click.option("--list", "listed", is_flag=True, help="List the generations and what each lacks.")
@click.option(
    "--drop",
    metavar="NAME",
    callback=generation_name,
    help="Delete a generation that is not live: its topics and its group.",
)
@click.pass_context
def reprocess(
    ctx: click.Context,
    /,
    name: str | None,
    begins: str | None,
    timezone: tzinfo | None,
    config: Path | None,
    drop: str | None,
    *,
    follow: bool,
    listed: bool,
) -> None:
    """Run the documents on liveline.raw through this code and these rules again, into liveline.NAME.* beside live.

    Each document counts once, whatever is killed; called again, it goes on where it stopped. It ends where the log
    ended when it began. `liveline diff NAME` says what would change, `liveline switch NAME` makes it live.
    """
    if sum((name is not None, listed, drop is not None)) != 1:
        raise click.UsageError("expected a NAME, --list or --drop NAME")
    if listed:
        _list()
        return
    if drop is not None:
        _drop(drop)
        return
    since = time_of("--from", begins, datetime.now(UTC), timezone)
    settings = start(newsroom_of(config))
    connection, names = real_kafka(settings, "liveline reprocess"), Names(settings.topic_prefix, name or "")
    wanted = Begin(
        rules_of_generation(settings), version_of_code(), since, follow, settings.replication, settings.application
    )
    try:
        generation = begin(connection, names, wanted, tell)
    except (OtherRulesError, GenerationInUseError) as error:
        raise click.UsageError(str(error)) from None
    until = None if follow else {number: bound.end for number, bound in bounds_of(connection, names.raw).items()}
    ctx.exit(_run(settings, connection, Part(names, generation.begins, generation.since, until)))


def _run(settings: Settings, connection: KafkaConnection, part: Part) -> int:
    name = part.names.generation

    async def main() -> tuple[bool, dict[str, Any]]:
        async with ControlWatch(connection, part.names) as watch:
            work = Reprocess(settings, connection, part)
            on_signal(work.worker.tell)

            async def replaced() -> bool:
                """Whether the generation is live and a worker is there: until then this process goes on for it."""
                if watch.generation() != name:
                    return False
                return len(await asyncio.to_thread(members_of, connection, work.group)) > 1

            with Progress(lines=False) as progress:
                complete = await work.run(progress.show, replaced)
            if watch.generation() == name:
                tell(f"{name}: is live; the workers go on with it")
        return complete, work.summary()

    complete, summary = run(main())
    click.echo(orjson.dumps({"generation": name, **summary, "complete": complete}))
    return DONE if complete or part.until is None else INTERRUPTED


def _list() -> None:
    settings = start()
    connection = real_kafka(settings, "liveline reprocess")
    names = Names(settings.topic_prefix)
    generations = read_generations(connection, names)
    raw = bounds_of(connection, names.raw)
    rows = []
    for name in [LIVE, *sorted(generations.others)]:
        group = group_of(Names(settings.topic_prefix, name), settings.application)
        found = generations.others.get(name)
        begins = found.begins if found else {}
        wanted = {at: Bounds(max(bound.start, begins.get(at, 0)), bound.end) for at, bound in raw.items()}
        row = {
            "name": name,
            "live": name == generations.live.generation,
            "from": rfc3339(found.since) if found and found.since else None,
            "began_at": rfc3339(found.began_at) if found else None,
            "rules": found.newsroom if found else None,
            "code": found.code if found else None,
            "follows": bool(found and found.follows and members_of(connection, group)) if found else None,
            "unread": unread(connection, group, names.raw, wanted),
        }
        rows.append({key: value for key, value in row.items() if value is not None})
    for row in rows:
        click.echo(_row(row) if sys.stdout.isatty() else orjson.dumps(row))


def _row(row: dict[str, Any]) -> str:
    state = "live" if row["live"] else "follows" if row.get("follows") else "stands still"
    since = f"from {row['from']}" if "from" in row else "from raw's beginning"
    return f"{row['name']:<24} {state:<12} {row['unread']:>10,} unread  {since}"[: shutil.get_terminal_size().columns]


def _drop(name: str) -> None:
    settings = start()
    connection, names = real_kafka(settings, "liveline reprocess"), Names(settings.topic_prefix, name)
    try:
        deleted = drop_generation(connection, names, settings.application)
    except GenerationInUseError as error:
        raise click.UsageError(str(error)) from None
    if not deleted:
        raise click.UsageError(f"{name}: there is no such generation; `liveline reprocess --list` has them")
    click.echo(orjson.dumps({"dropped": name, "topics": list(deleted)}))
