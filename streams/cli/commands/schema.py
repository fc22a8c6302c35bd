"""`liveline schema`: the models as JSON Schema."""

from pathlib import Path

import click

from schemas.export import exported
from streams.exceptions import LivelineError


@click.group()
def schema() -> None:
    """Describe what comes in and what goes out, for programs."""


@schema.command(epilog="Example:  liveline schema export --directory build/schemas")
@click.option(
    "--directory",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("schemas/exported"),
    show_default=True,
    help="Where the files go.",
)
def export(directory: Path) -> None:
    """Write a JSON Schema for each public model and print the files' names."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name, content in exported().items():
            (directory / name).write_bytes(content)
            click.echo(directory / name)
    except OSError as error:
        raise LivelineError(f"{directory}: {error.strerror}; expected a directory that can be written") from error
