"""What the settings say of how much of a document is read, and of how alike is alike; without what a worker loads."""

from dataclasses import asdict

from streams.dedupe import Thresholds
from streams.enrich.version import enricher_version
from streams.generations.rules import rules_hash
from streams.parse import Limits
from streams.parse.version import PARSER_VERSION
from streams.settings import Settings


def limits_of(settings: Settings) -> Limits:
    """Return how much of a document is read."""
    return Limits(settings.parse_max_bytes, settings.parse_max_depth, settings.parse_max_posts, settings.parse_max_text)


def thresholds_of(settings: Settings) -> Thresholds:
    """Return how alike is alike enough, and what is forgotten when."""
    return Thresholds(
        quiet=settings.dedupe_quiet,
        kept=settings.dedupe_kept,
        retraction_kept=settings.dedupe_retraction_kept,
        missing_snapshots=settings.dedupe_missing_snapshots,
        enough_short=settings.dedupe_enough_short,
        enough_middle=settings.dedupe_enough_middle,
        enough_long=settings.dedupe_enough_long,
    )


def rules_of_generation(settings: Settings) -> str:
    """Return a hash of all that decides what documents lead to, but for the code."""
    bounds = {**asdict(limits_of(settings)), **asdict(thresholds_of(settings))}
    return rules_hash(settings.newsroom, {name: str(value) for name, value in bounds.items()})


def version_of_code() -> str:
    """Return the versions of parser and enrichers."""
    return f"{PARSER_VERSION}/{enricher_version()}"
