"""The rules of `liveline parse` and `process`: the newsroom of `--config`, and limits from the environment."""

from schemas.newsroom import Newsroom
from streams.bootstrap.bounds import limits_of, thresholds_of
from streams.bootstrap.enrichers import enrichers_of
from streams.cli.files.options import About
from streams.offline import Rules
from streams.runtime.processor_time import ProcessorTimeLimit
from streams.settings import load_settings


def rules_of(about: About) -> Rules:
    """Return the rules of a call; raises `SettingsError` for a limit that can't be read."""
    settings = load_settings(Newsroom())
    return Rules(
        newsroom=about.newsroom,
        timezone=about.timezone,
        limits=limits_of(settings),
        thresholds=thresholds_of(settings),
        time_limit=ProcessorTimeLimit(settings.parse_timeout, settings.enrich_timeout),
        enrichers=enrichers_of(settings),
    )
