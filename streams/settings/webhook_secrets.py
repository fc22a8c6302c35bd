"""The secrets of the webhooks that `liveline.yaml` lists."""

from collections.abc import Mapping

from pydantic import SecretStr

from schemas.newsroom import Newsroom
from streams.settings.secrets import read_secrets
from streams.settings.variables import webhook_secret_variable


def read_webhook_secrets(environ: Mapping[str, str], newsroom: Newsroom) -> tuple[dict[str, SecretStr], list[str]]:
    """Return the secret of each webhook that has one, and a line for each problem; no secret is ever in a line.

    One without a secret is no problem here: only who delivers needs it.
    """
    webhooks = [webhook.id for webhook in newsroom.webhooks]
    return read_secrets(environ, "webhook", webhooks, webhook_secret_variable, "secret")
