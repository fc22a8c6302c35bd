"""What is wrong with a newsroom beyond its form: what takes the registry of formats to see."""

from collections.abc import Iterator

from streams.parse import format_named, format_names
from streams.settings import Settings


def format_problems(settings: Settings) -> Iterator[str]:
    """Yield a line for each source whose format no parser has."""
    for source in settings.newsroom.all_sources():
        if source.format != "auto" and format_named(source.format) is None:
            yield (
                f"{settings.config}: source {source.id}: format: found {source.format!r}; "
                f"expected auto or one of {', '.join(sorted(format_names()))}"
            )
