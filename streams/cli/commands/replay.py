"""`liveline replay`: a topic again, by time, to standard output or into another topic."""

import gc
import os
import sys
import time
from datetime import UTC, datetime, tzinfo
from typing import Any

import click
import orjson

from streams.bootstrap.process import start
from streams.cli.interrupt import INTERRUPTED, Interrupt
from streams.cli.output.errors import DONE, Failures
from streams.cli.output.progress import Progress
from streams.cli.real_kafka import real_kafka
from streams.cli.selection import Wants, wants_of
from streams.cli.times import period_of, timezone_option
from streams.exceptions import BrokerError
from streams.generations.control import live_names
from streams.replay.by_time import Stamped
from streams.replay.pace import Pace, SpeedError, read_speed
from streams.replay.play import Play
from streams.replay.select import Found, Query, Selection, newest_offsets
from streams.replay.source import Source
from streams.replay.target import Into, Lines, Target
from streams.runtime.kafka.admin import Bounds, bounds_of, partition_count
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.read_until import ReadUntil
from streams.runtime.kafka.transactions import Transactions
from streams.topology import TOPICS, Names


def _speed(_: click.Context, __: click.Parameter, value: str) -> float | None:
    try:
        return read_speed(value)
    except SpeedError as error:
        raise click.BadParameter(str(error)) from None


@click.command(
    epilog="Example:  liveline replay --coverage harbour-fire --from 'yesterday 14:00' --speed 10 | jq .headline"
)
@click.option(
    "--topic", "source", type=click.Choice([each.value for each in Source]), default="entries", show_default=True,
    help="What is read; latest: the newest revision of each entry.",
)  # fmt: skip
@click.option("--from", "begins", metavar="TIME", help="Within. RFC 3339, a date, -2h, 'yesterday 14:00'.")
@click.option("--to", "ends", metavar="TIME", help="Without.")
@timezone_option
@click.option("--coverage", "coverages", metavar="ID", multiple=True, help="Only this; may be given several times.")
@click.option("--source", "sources", metavar="ID", multiple=True, help="Only this; may be given several times.")
@click.option(
    "--filter", "filters", metavar="NAME=VALUE", multiple=True, help="As in a stream's address; ever=true too."
)
@click.option("--speed", metavar="SPEED", default="max", show_default=True, callback=_speed, help="original, max or N.")
@click.option("--limit", metavar="N", type=click.IntRange(min=0), help="End after so many.")
@click.option("--into", metavar="TOPIC", help="Write the records there instead of printing them.")
@click.option("--yes", is_flag=True, help="Into one of Liveline's own topics, too.")
@click.pass_context
def replay(
    ctx: click.Context,
    /,
    source: str,
    begins: str | None,
    ends: str | None,
    timezone: tzinfo | None,
    **options: Any,
) -> None:
    """Print what a topic holds, a line a record, ordered by time; documents as lines that `liveline process` reads.

    It ends where the topic ended when it began. No consumer group is joined, and nothing is committed.
    """
    asked = Source(source)
    now = datetime.now(UTC)
    wants = wants_of(asked, options["coverages"], options["sources"], options["filters"])
    first, last = period_of(begins, ends, now, timezone)
    settings = start()
    connection = real_kafka(settings, "liveline replay")
    names = live_names(connection, settings.topic_prefix)
    topic, into = asked.topic(names), options["into"]
    if into is not None and _is_ours(into, names) and not options["yes"]:
        raise click.UsageError(f"--into {into}: this is one of Liveline's own topics; give --yes if you mean it")
    bounds = bounds_of(connection, topic)
    interrupt = Interrupt()
    interrupt.listen()
    run = _Run(connection, topic, bounds, interrupt, Pace(options["speed"], time.monotonic), options["limit"])
    query = run.query(asked, first, last, wants)
    if into is None:
        ctx.exit(_print(run, query))
    _need_partitions(connection, into, len(bounds))
    with Transactions(connection, "replay") as transactions:
        target = Into(transactions, topic, into)
        try:
            code = run.to(target, query)
        finally:
            click.echo(orjson.dumps(target.summary()))
    ctx.exit(code)


def _is_ours(topic: str, names: Names) -> bool:
    """Whether it is one of Liveline's own topics, or of a reprocess: the prefix, its name, and a role."""
    return topic.startswith(names.prefix) and any(
        topic == names.of(each.role) or topic.endswith(f".{each.role}") for each in TOPICS
    )


def _need_partitions(connection: KafkaConnection, topic: str, wanted: int) -> None:
    found = partition_count(connection, topic)
    if found is None:
        raise BrokerError(f"--into {topic}: there is no such topic; make it with {wanted} partitions or more")
    if found < wanted:
        raise BrokerError(f"--into {topic}: it has {found} partitions; expected at least {wanted}")


def _print(run: "_Run", query: Query) -> int:
    """Print lines; a reader that closes the pipe is no failure."""
    out = sys.stdout.buffer
    try:
        code = run.to(Lines(out, query.source), query)
        out.flush()
    except BrokenPipeError:
        # What Python still holds for it would be told at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    return code


class _Run:
    """One replay of one topic."""

    def __init__(
        self,
        connection: KafkaConnection,
        topic: str,
        bounds: dict[int, Bounds],
        interrupt: Interrupt,
        pace: Pace,
        limit: int | None,
    ) -> None:
        self._connection, self._topic, self._bounds = connection, topic, bounds
        self._interrupt, self._pace, self._limit = interrupt, pace, limit
        self._failures = Failures()

    def query(self, source: Source, begins: datetime | None, ends: datetime | None, wants: Wants | None) -> Query:
        """Return what is asked for; of the newest revisions, which they are is read first."""
        if source is not Source.LATEST:
            return Query(source, begins, ends, wants)
        with self._reading() as reading:
            return Query(source, begins, ends, wants, newest_offsets(reading, self._interrupt))

    def to(self, target: Target, query: Query) -> int:
        """Give the records to a target; returns the exit code."""
        # Nothing here makes cycles: looking for them takes a fifth of the time.
        gc.freeze()
        gc.set_threshold(100_000, 50, 100)
        with self._reading() as reading, Progress() as progress:
            play = Play(
                target,
                self._pace,
                self._limit,
                self._interrupt,
                time.sleep,
                self._name,
                lambda count, at: progress.show(count, at.counts_as),
            )
            play.run(Selection(reading, tuple(self._bounds), query, self._interrupt))
        return INTERRUPTED if self._interrupt() else self._failures.exit_code

    def _reading(self) -> ReadUntil:
        return ReadUntil(self._connection, self._topic, self._bounds)

    def _name(self, stamped: Stamped[Found], error: str) -> None:
        self._failures.add(f"{self._topic}/{stamped.partition}/{stamped.offset}", error)
