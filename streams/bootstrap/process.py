"""What each command that runs something does first: settings read, logs set up, unknown variables told."""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streams.settings import Settings


def start() -> "Settings":
    """Return the settings; raises `SettingsError` with a line for each problem."""
    import structlog  # noqa: PLC0415

    from streams.logs import set_up_logs  # noqa: PLC0415
    from streams.settings import load_settings, unknown_variables  # noqa: PLC0415

    settings = load_settings()
    set_up_logs(settings.log_level, settings.log_format)
    for line in unknown_variables(os.environ, settings.newsroom):
        structlog.get_logger("liveline").warning(line)
    return settings
