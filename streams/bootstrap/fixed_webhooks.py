"""The webhooks that `liveline.yaml` lists: their secrets, and what is wrong with them."""

from collections.abc import Iterator
from contextlib import suppress

from streams.exceptions import SettingsError
from streams.gateway.delivery.filters import FilterError
from streams.settings import Settings
from streams.settings.variables import webhook_secret_variable
from streams.webhooks.filters import filter_of
from streams.webhooks.secrets import key_of


def fixed_secrets(settings: Settings) -> dict[str, str]:
    """Return the secret of each webhook by its id; raises `SettingsError` with a line for each problem."""
    problems = list(fixed_problems(settings))
    if problems:
        raise SettingsError("\n".join(problems))
    return {webhook_id: secret.get_secret_value() for webhook_id, secret in settings.webhook_secrets.items()}


def fixed_problems(settings: Settings) -> Iterator[str]:
    """Return a line for each webhook without a usable secret, and for each filter that means nothing."""
    for webhook in settings.newsroom.webhooks:
        name = webhook_secret_variable(webhook.id)
        secret = settings.webhook_secrets.get(webhook.id)
        if secret is None:
            yield f"{name}: missing; webhook {webhook.id!r} of {settings.config} needs it"
        else:
            try:
                key_of(secret.get_secret_value())
            except ValueError as error:
                yield f"{name}: found a value that is not shown; {error}"
        try:
            filter_of(webhook.filter)
        except FilterError as error:
            yield f"{settings.config}: webhooks.{webhook.id}.filter: {error}"


def unknown_coverages(settings: Settings) -> Iterator[str]:
    """Return a line for each filter with a coverage that the file lacks; a deliverer starts all the same."""
    ids = [coverage.id for coverage in settings.newsroom.coverages]
    for webhook in settings.newsroom.webhooks:
        with suppress(FilterError):
            for unknown in sorted(filter_of(webhook.filter).coverages.difference(ids)) if ids else ():
                yield (
                    f"{settings.config}: webhooks.{webhook.id}.filter: unknown coverage {unknown!r}; "
                    f"expected one of {', '.join(ids)}"
                )
