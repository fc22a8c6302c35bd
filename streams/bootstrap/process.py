"""What each command that runs something does first: settings read, logs set up, unknown variables told."""

import os

import structlog

from schemas.newsroom import Newsroom
from streams.logs import set_up_logs
from streams.settings import Settings, load_settings, unknown_variables


def start(newsroom: Newsroom | None = None) -> Settings:
    """Return the settings, with another newsroom than that of the settings' own file if one is given.

    Raises `SettingsError` with a line for each problem.
    """
    settings = load_settings(newsroom)
    set_up_logs(settings.log_level, settings.log_format)
    for line in unknown_variables(os.environ, settings.newsroom):
        structlog.get_logger("liveline").warning(line)
    return settings
