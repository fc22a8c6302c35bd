"""`liveline alerts`: what an editor is told, and what the rules would have told."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from difflib import get_close_matches
from getpass import getuser
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from uuid import UUID

import click

from schemas.entry import Entry
from schemas.mute import AcknowledgementRecord
from schemas.newsroom import Newsroom
from streams.alerts.against import Told, difference
from streams.alerts.trial import Trial
from streams.archive.state import Acknowledgement, Acknowledgements, open_state
from streams.bootstrap.process import start
from streams.bootstrap.sinks import target_for
from streams.cli.files.entries import read_entries
from streams.cli.files.kafka_entries import kafka_entries
from streams.cli.files.sink_words import sink_words
from streams.cli.files.stored_alerts import stored_alerts
from streams.cli.interrupt import INTERRUPTED, Interrupt
from streams.cli.output.alert_history import alert_line, history
from streams.cli.output.alert_table import alert_table, difference_lines
from streams.cli.output.errors import Failures
from streams.cli.times import period_of, timezone_option
from streams.exceptions import SettingsError
from streams.settings import load_settings
from streams.settings.newsroom_file import read_newsroom
from streams.sinks.message import trial_message

if TYPE_CHECKING:
    from schemas.alert import Alert
    from schemas.alert_rule import AlertRule

_CONFIG = "LIVELINE_CONFIG"


@click.group()
def alerts() -> None:
    """Look at what the rules under `alerts` in liveline.yaml tell an editor. docs/alerts.md has ten of them."""


@alerts.command(
    epilog="Example:  liveline process monday/*.html | liveline alerts test people-hurt --entries - --against old.yaml"
)
@click.argument("rules", nargs=-1, metavar="[RULE]...")
@click.option(
    "--entries",
    metavar="FILE",
    type=click.File("rb"),
    help="Entries, one a line, as `process` prints them; `-` is standard input.",
)
@click.option(
    "--from", "begins", metavar="TIME", help="Instead: the entries on Kafka from then on, within. -2h, a date."
)
@click.option("--to", "ends", metavar="TIME", help="And up to then, without.")
@timezone_option
@click.option(
    "--config",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The newsroom's file; LIVELINE_CONFIG or ./liveline.yaml otherwise.",
)
@click.option("--near", is_flag=True, help="Name the entries that missed a rule by one part of its condition.")
@click.option(
    "--against",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Other rules: say what is told more, less, at another time than by them.",
)
@click.pass_context
def test(
    ctx: click.Context,
    /,
    rules: tuple[str, ...],
    config: Path | None,
    against: Path | None,
    *,
    near: bool,
    **which: Any,
) -> None:
    """Print what the rules, or only those named, would have raised over entries of the past.

    Each revision of an alert is a line of JSON, those of which nobody is told too, in the order of their times; a
    table on stderr counts them. It ends at the latest entry's time.
    """
    newsroom = _newsroom(config or Path(os.environ.get(_CONFIG) or "liveline.yaml"))
    chosen = _chosen(newsroom, rules)
    trial = Trial(newsroom, chosen, load_settings(newsroom).public_url)
    old_newsroom = _newsroom(against) if against else None
    old = Trial(old_newsroom, [r for r in old_newsroom.alerts if not rules or r.id in rules]) if old_newsroom else None
    failures, interrupt = Failures(), Interrupt()
    raised, told, told_before = [], [], []
    for entry in _entries(newsroom, failures, interrupt, **which):
        found = trial.see(entry)
        raised += [(alert.at, alert.to_json()) for alert in found]
        told += [Told.of(alert) for alert in found if alert.notify]
        told_before += [Told.of(alert) for alert in (old.see(entry) if old else ()) if alert.notify]
        for rule, part in trial.near_misses(entry) if near else ():
            at = f"{entry.received_at:%Y-%m-%dT%H:%M:%SZ}"
            click.echo(f"near {rule}: {entry.entry_id}:{entry.revision} at {at} missed: {part}", err=True)
    found = trial.finish()
    raised += [(alert.at, alert.to_json()) for alert in found]
    told += [Told.of(alert) for alert in found if alert.notify]
    told_before += [Told.of(alert) for alert in (old.finish() if old else ()) if alert.notify]
    out = click.get_binary_stream("stdout")
    for _, line in sorted(raised, key=lambda each: each[0]):
        out.write(line + b"\n")
    out.flush()
    lines = list(alert_table(trial.tallies, trial.failures))
    if old is not None:
        lines += difference_lines(difference(told_before, told))
    click.echo("\n".join(lines), err=True)
    ctx.exit(INTERRUPTED if interrupt() else failures.exit_code)


def _entries(
    newsroom: Newsroom,
    failures: Failures,
    interrupt: Interrupt,
    *,
    entries: BinaryIO | None,
    begins: str | None,
    ends: str | None,
    timezone: tzinfo | None,
) -> Iterator[Entry]:
    """Return the entries of a file, or those of Kafka between two times."""
    if (entries is None) is (begins is None and ends is None):
        raise click.UsageError("give either --entries FILE, or --from and --to for what Kafka has")
    if entries is not None:
        return read_entries(entries, failures)
    now = datetime.now(UTC)
    first, last = period_of(begins, ends, now, timezone)
    interrupt.listen()
    return kafka_entries(load_settings(newsroom), first, last, failures, interrupt)


@alerts.command("send-test", epilog="Example:  LIVELINE_SINK_DESK=mailtos://... liveline alerts send-test desk")
@click.argument("sink")
def send_test(sink: str) -> None:
    """Send one message to a sink, to see whether it arrives; nothing is recorded."""
    settings = start()
    known = [each.id for each in settings.newsroom.sinks]
    if sink not in known:
        near = get_close_matches(sink, known, n=1)
        advice = f"did you mean {near[0]}?" if near else f"known are: {', '.join(known) or 'none'}"
        raise click.BadParameter(f"{sink!r} is no sink of {settings.config}; {advice}", param_hint="SINK")
    target_for(settings, sink).send(trial_message(sink))
    click.echo(f"{sink} took the message")


@alerts.command("list", epilog="Example:  LIVELINE_KAFKA=kafka:9092 liveline alerts list --rule people-hurt")
@click.option("--rule", metavar="RULE", help="Only alerts of this rule.")
@click.option("--coverage", metavar="COVERAGE", help="Only alerts of this coverage.")
@click.option("--json", "as_json", is_flag=True, help="Each as its JSON instead, one a line.")
@click.pass_context
def list_(ctx: click.Context, rule: str | None, coverage: str | None, *, as_json: bool) -> None:
    """Print the alerts that Kafka has, each as it stands now, the oldest first."""
    failures = Failures()
    settings = start()
    newest = [revisions[-1] for revisions in stored_alerts(settings, failures).values()]
    words = {} if as_json else sink_words(settings, {alert.alert_id for alert in newest})
    for alert in sorted(newest, key=lambda alert: (alert.at, alert.alert_id)):
        if alert.rule_id == (rule or alert.rule_id) and alert.coverage_id == (coverage or alert.coverage_id):
            click.echo(alert.to_json() if as_json else alert_line(alert, words.get(alert.alert_id, ())))
    ctx.exit(failures.exit_code)


@alerts.command(epilog="Example:  LIVELINE_KAFKA=kafka:9092 liveline alerts explain 5e0f6c1a")
@click.argument("alert")
@click.pass_context
def explain(ctx: click.Context, alert: str) -> None:
    """Print what an alert did, why, and where it was sent; the first characters of its id are enough."""
    failures, settings = Failures(), start()
    found = _begin_so(alert, failures)
    words = sink_words(settings, found)
    for alert_id, revisions in found.items():
        click.echo("\n".join(history(revisions, words.get(alert_id, ()))))
    ctx.exit(failures.exit_code)


@alerts.command(
    epilog="Example:  liveline alerts acknowledge 5e0f6c1a-8f0b-5c5d-9d52-0a3f6ad0c2b7 --by ada@example.org"
)
@click.argument("alert")
@click.option("--by", metavar="NAME", default=getuser, help="Who sees to it; the user of this machine by default.")
@click.option("--undo", is_flag=True, help="Take it back.")
@click.pass_context
def acknowledge(ctx: click.Context, alert: str, by: str, *, undo: bool) -> None:
    """Note in LIVELINE_STATE that somebody sees to an alert: sinks are told again only of what matters.

    The whole id is enough; of the first characters of one, Kafka is asked whose they are. The first acknowledgement
    counts, and is printed as a JSON line.
    """
    failures = Failures()
    settings = start()
    for alert_id in [str(UUID(alert))] if _is_id(alert) else list(_begin_so(alert, failures)):
        state = open_state(settings.state)
        try:
            kept = Acknowledgements(state)
            if not undo:
                now = datetime.now(UTC)
                seen = kept.add(Acknowledgement(alert_id, now.replace(microsecond=now.microsecond // 1000 * 1000), by))
                click.echo(AcknowledgementRecord(alert_id=seen.alert_id, at=seen.at, by=seen.by).to_json())
            elif not kept.remove(alert_id):
                failures.add(alert_id, "nobody has acknowledged it")
        finally:
            state.close()
    ctx.exit(failures.exit_code)


def _is_id(alert: str) -> bool:
    try:
        UUID(alert)
    except ValueError:
        return False
    return True


def _begin_so(alert: str, failures: Failures) -> "dict[str, list[Alert]]":
    """Return the alert whose id begins so, with its revisions; none, with a failure, if there is not exactly one."""
    stored = stored_alerts(start(), failures)
    found = {alert_id: revisions for alert_id, revisions in stored.items() if alert_id.startswith(alert.lower())}
    if len(found) == 1:
        return found
    several = f"these begin so: {', '.join(sorted(found)[:5])}" if found else "`liveline alerts list` has them all"
    failures.add(alert, f"{len(found) or 'no'} alerts have an id that begins so; {several}")
    return {}


def _newsroom(path: Path) -> Newsroom:

    newsroom, problems = read_newsroom(path)
    if problems:
        raise SettingsError("\n".join(problems))
    return newsroom


def _chosen(newsroom: Newsroom, wanted: tuple[str, ...]) -> "list[AlertRule]":

    known = [rule.id for rule in newsroom.alerts]
    for rule in wanted:
        if rule not in known:
            near = get_close_matches(rule, known, n=1)
            advice = f"did you mean {near[0]}?" if near else f"known are: {', '.join(known) or 'none'}"
            raise click.BadParameter(f"{rule!r} is no rule; {advice}", param_hint="RULE")
    return [rule for rule in newsroom.alerts if not wanted or rule.id in wanted]
