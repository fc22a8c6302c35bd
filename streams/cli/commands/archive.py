"""`liveline archive`: the gateway's read model, checked, pruned, or built anew."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

import click
import orjson
import structlog
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.exc import SQLAlchemyError

from streams.archive.alerts.address import alerts_url
from streams.archive.alerts.check import check_alerts, has_alerts
from streams.archive.alerts.opening import engine_of, remove
from streams.archive.alerts.write import prune as prune_alerts
from streams.archive.database import name_of, reason_of
from streams.archive.maintenance import Maintenance
from streams.archive.open import open_maintenance
from streams.bootstrap.process import start
from streams.cli.output.errors import DONE, SOME_FAILED, tell
from streams.exceptions import LivelineError
from streams.settings import Settings
from streams.settings.values import Duration


@click.group()
def archive() -> None:
    """Check, prune or rebuild the archive (LIVELINE_ARCHIVE), which is a projection of Kafka's log."""


@archive.command(epilog="Example:  LIVELINE_ARCHIVE=sqlite:///liveline.db liveline archive check")
@click.pass_context
def check(ctx: click.Context) -> None:
    """Say whether the archive is sound and what it holds, as one JSON line; a running gateway is not disturbed."""
    settings = start()
    maintenance = _maintenance(settings)
    checked = maintenance.check()
    for problem in checked.problems:
        tell(f"{maintenance.name}: {problem}")
    said = {"archive": maintenance.name, "sound": not checked.problems, **checked.holds}
    alerts = alerts_url(settings.archive)
    checked_alerts = check_alerts(alerts)
    problems = checked_alerts.problems if checked_alerts else ()
    for problem in problems:
        tell(f"{name_of(alerts)}: {problem}")
    if checked_alerts:
        said["alerts"] = {"archive": name_of(alerts), "sound": not problems, **checked_alerts.holds}
    click.echo(orjson.dumps(said).decode())
    ctx.exit(SOME_FAILED if checked.problems or problems else DONE)


@archive.command(epilog="Example:  LIVELINE_ARCHIVE_KEPT=90d liveline archive prune")
@click.option("--older-than", metavar="DURATION", help="Such as 90d; LIVELINE_ARCHIVE_KEPT by default.")
@click.option("--dry-run", is_flag=True, help="Count, forget nothing.")
def prune(older_than: str | None, *, dry_run: bool) -> None:
    """Forget entries and alerts whose newest revision is older, and give their room back.

    No gateway may run on a SQLite file.

    No gateway may run on the file.
    A gateway prunes by itself where LIVELINE_ARCHIVE_KEPT is set.
    """
    settings = start()
    before = datetime.now(UTC) - _kept(older_than, settings)
    pruned = _maintenance(settings).prune(before, dry_run=dry_run)
    said = {
        "entries": pruned.entries,
        "revisions": pruned.revisions,
        "alerts": _prune_alerts(settings, before, dry_run=dry_run),
        "before": before.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "forgotten": not dry_run,
    }
    click.echo(orjson.dumps(said).decode())


@archive.command(epilog="Example:  liveline archive rebuild")
def rebuild() -> None:
    """Set the archive aside, never delete it: gateways build a new one from Kafka, at once if they run."""
    settings, log = start(), structlog.get_logger("liveline")
    maintenance = _maintenance(settings)
    said = {"archive": maintenance.name, "kept_as": maintenance.rebuild()}
    alerts = alerts_url(settings.archive)
    if has_alerts(alerts):
        aside = remove(alerts, "rebuild", log)
        said |= {"alerts": name_of(alerts), **({"alerts_kept_as": str(aside)} if aside else {})}
    click.echo(orjson.dumps(said).decode())


def _prune_alerts(settings: Settings, before: datetime, *, dry_run: bool) -> int:
    """Return how many alerts were forgotten, or would be; a projection that is not there has none."""
    url = alerts_url(settings.archive)
    if not has_alerts(url):
        return 0
    engine = engine_of(url)
    try:
        alerts, _ = prune_alerts(engine, before, dry_run=dry_run)
        if not dry_run and engine.dialect.name == "sqlite":  # PostgreSQL gives room back by itself
            with closing(engine.raw_connection()) as connection:
                connection.cursor().execute("VACUUM")
    except SQLAlchemyError as error:
        raise LivelineError(f"{name_of(url)}: {reason_of(error)}; see `liveline archive check`") from error
    finally:
        engine.dispose()
    return alerts


def _maintenance(settings: Settings) -> Maintenance:
    return open_maintenance(settings.archive, structlog.get_logger("liveline"))


def _kept(older_than: str | None, settings: Settings) -> timedelta:
    if older_than is None:
        kept = settings.archive_kept
        if kept is None:
            raise click.UsageError(
                "nothing says what is old: expected LIVELINE_ARCHIVE_KEPT or --older-than, such as 90d"
            )
        return kept
    try:
        found: timedelta = TypeAdapter(Duration).validate_python(older_than)
    except ValidationError as error:
        raise click.BadParameter(error.errors()[0]["msg"], param_hint="--older-than") from error
    return found
