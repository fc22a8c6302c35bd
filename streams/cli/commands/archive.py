"""`liveline archive`: the gateway's read model, checked, pruned, or built anew."""

from datetime import UTC, datetime, timedelta

import click
import orjson
import structlog
from pydantic import TypeAdapter, ValidationError

from streams.archive.maintenance import Maintenance
from streams.archive.open import open_maintenance
from streams.bootstrap.process import start
from streams.cli.output.errors import DONE, SOME_FAILED, tell
from streams.settings import Settings
from streams.settings.values import Duration


@click.group()
def archive() -> None:
    """Check, prune or rebuild the archive (LIVELINE_ARCHIVE), which is a projection of Kafka's log."""


@archive.command(epilog="Example:  LIVELINE_ARCHIVE=sqlite:///liveline.db liveline archive check")
@click.pass_context
def check(ctx: click.Context) -> None:
    """Say whether the archive is sound and what it holds, as one JSON line; a running gateway is not disturbed."""
    maintenance = _maintenance(start())
    checked = maintenance.check()
    for problem in checked.problems:
        tell(f"{maintenance.name}: {problem}")
    said = {"archive": maintenance.name, "sound": not checked.problems, **checked.holds}
    click.echo(orjson.dumps(said).decode())
    ctx.exit(SOME_FAILED if checked.problems else DONE)


@archive.command(epilog="Example:  LIVELINE_ARCHIVE_KEPT=90d liveline archive prune")
@click.option("--older-than", metavar="DURATION", help="Such as 90d; LIVELINE_ARCHIVE_KEPT by default.")
@click.option("--dry-run", is_flag=True, help="Count, forget nothing.")
def prune(older_than: str | None, *, dry_run: bool) -> None:
    """Forget entries whose newest revision is older, and give their room back; no gateway may run on a SQLite file.

    A gateway prunes by itself where LIVELINE_ARCHIVE_KEPT is set.
    """
    settings = start()
    before = datetime.now(UTC) - _kept(older_than, settings)
    pruned = _maintenance(settings).prune(before, dry_run=dry_run)
    said = {
        "entries": pruned.entries,
        "revisions": pruned.revisions,
        "before": before.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "forgotten": not dry_run,
    }
    click.echo(orjson.dumps(said).decode())


@archive.command(epilog="Example:  liveline archive rebuild")
def rebuild() -> None:
    """Set the archive aside, never delete it: gateways build a new one from Kafka, at once if they run."""
    maintenance = _maintenance(start())
    kept_as = maintenance.rebuild()
    click.echo(orjson.dumps({"archive": maintenance.name, "kept_as": kept_as}).decode())


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
