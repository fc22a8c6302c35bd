"""`liveline config`: a first liveline.yaml, what is in force, and what is wrong."""

import os
from collections.abc import Iterator
from pathlib import Path

import click

from streams.archive.database import read_url
from streams.bootstrap.fixed_webhooks import fixed_problems, unknown_coverages
from streams.bootstrap.newsroom_check import format_problems
from streams.bootstrap.sinks import target_problems
from streams.cli.files.starter import STARTER
from streams.cli.output.errors import SOME_FAILED
from streams.exceptions import SettingsError
from streams.settings import Settings, load_settings, unknown_variables
from streams.settings.shown import shown


@click.group()
def config() -> None:
    """Begin with, and look at, the settings: LIVELINE_* and liveline.yaml."""


@config.command(epilog="Example:  LIVELINE_CONFIG=desk.yaml liveline config check")
@click.pass_context
def check(ctx: click.Context) -> None:
    """Print the settings in force, without secrets; name what is wrong, one problem a line, and exit with 1."""
    try:
        settings = load_settings()
    except SettingsError as error:
        click.echo(str(error), err=True)
        ctx.exit(SOME_FAILED)
    problems = [
        *unknown_variables(os.environ, settings.newsroom),
        *_wrong_urls(settings),
        *target_problems(settings),
        *fixed_problems(settings),
        *unknown_coverages(settings),
        *format_problems(settings),
    ]
    for name, value in shown(settings).items():
        click.echo(f"{name}={value}")
    for coverage in settings.newsroom.coverages:
        click.echo(f"\n{coverage.id}  {coverage.title or ''}".rstrip())
        for source in coverage.sources:
            way = f"polled every {source.every}" if source.url else "pushes"
            token = "has a token" if source.id in settings.tokens else "no token"
            click.echo(f"  {source.id}  {way}, {token}, {source.timezone}")
            if not source.url and source.id not in settings.tokens:
                problems.append(
                    f"{settings.config}: source {source.id}: has neither a url to poll nor a token to push with"
                )
    for sink in settings.newsroom.sinks:
        click.echo(f"\nsink {sink.id}  {'has an address' if sink.id in settings.sink_addresses else 'no address'}")
    for problem in problems:
        click.echo(problem, err=True)
    ctx.exit(SOME_FAILED if problems else 0)


def _wrong_urls(settings: Settings) -> Iterator[str]:
    for variable, url in (("LIVELINE_ARCHIVE", settings.archive), ("LIVELINE_STATE", settings.state)):
        try:
            read_url(variable, url)
        except SettingsError as error:
            yield str(error)


@config.command(epilog="Example:  liveline config init && liveline config check")
@click.argument("path", metavar="[FILE]", type=click.Path(path_type=Path), default=Path("liveline.yaml"))
def init(path: Path) -> None:
    """Write a liveline.yaml with a comment on each key; a file that is there is left alone."""
    try:
        with path.open("x", encoding="utf-8") as out:
            out.write(STARTER)
    except FileExistsError:
        raise click.UsageError(f"{path} is there already; give another name, or move it away") from None
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from None
    click.echo(f"{path} is written. Put in your own coverages and sources, then: liveline config check", err=True)
