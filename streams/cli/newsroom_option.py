"""`--config` of commands that can work by another newsroom than that of the settings."""

from pathlib import Path

import click

from schemas.newsroom import Newsroom
from streams.exceptions import SettingsError
from streams.settings.newsroom_file import read_newsroom

config_option = click.option(
    "--config",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The newsroom's file; LIVELINE_CONFIG or ./liveline.yaml otherwise.",
)


def newsroom_of(path: Path | None) -> Newsroom | None:
    """Return the newsroom of a file, or None for the settings' own; raises `SettingsError`."""
    if path is None:
        return None
    newsroom, problems = read_newsroom(path)
    if problems:
        raise SettingsError("\n".join(problems))
    return newsroom
