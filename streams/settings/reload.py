"""`liveline.yaml` and the secrets of what it lists, read again by a process that runs."""

from schemas.newsroom import Newsroom
from streams.exceptions import SettingsError
from streams.settings.load import load_settings
from streams.settings.model import Settings


def reload_settings(settings: Settings) -> Settings:
    """Return the settings with what the newsroom's file and the files of secrets say now.

    Nothing else changes: a process's `LIVELINE_*` variables are those that it was started with. Raises `SettingsError`
    with a line for each problem, in the words of `liveline config check`.
    """
    fresh = load_settings()
    if settings.has_newsroom and not fresh.has_newsroom:
        raise SettingsError(f"{settings.config}: is gone; without it every coverage would be public")
    if settings.newsroom != Newsroom() and fresh.newsroom == Newsroom():  # as a file is for a moment that is written
        raise SettingsError(f"{settings.config}: says nothing; expected coverages, or a restart without any")
    kept = ("newsroom", "has_newsroom", "tokens", "webhook_secrets", "sink_addresses")
    return settings.model_copy(update={name: getattr(fresh, name) for name in kept})
