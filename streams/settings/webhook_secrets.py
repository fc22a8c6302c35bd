"""The secrets of the webhooks that `liveline.yaml` lists, each in a variable of its own or in a file that it names."""

from collections.abc import Mapping

from pydantic import SecretStr

from schemas.newsroom import Newsroom
from streams.settings.variables import webhook_secret_variable


def read_webhook_secrets(environ: Mapping[str, str], newsroom: Newsroom) -> tuple[dict[str, SecretStr], list[str]]:
    """Return the secret of each webhook that has one, and a line for each problem; no secret is ever in a line.

    One without a secret is no problem here: only who delivers needs it.
    """
    secrets: dict[str, SecretStr] = {}
    problems: list[str] = []
    owners: dict[str, str] = {}
    for webhook in newsroom.webhooks:
        name = webhook_secret_variable(webhook.id)
        if other := owners.get(name):
            problems.append(f"{name}: means both webhook {other!r} and webhook {webhook.id!r}; rename one of them")
            continue
        owners[name] = webhook.id
        secret, path = environ.get(name, "").strip(), environ.get(f"{name}_FILE", "").strip()
        if secret and path:
            problems.append(f"{name}: set, and {name}_FILE as well; expected one of them")
            continue
        if path:
            try:
                with open(path, encoding="utf-8") as file:  # noqa: PTH123  (Path("") would be the working directory)
                    secret = file.read().strip()
            except (OSError, UnicodeDecodeError) as error:
                problems.append(f"{name}_FILE: cannot read {path!r} ({error}); expected a file with the secret in it")
                continue
        if secret:
            secrets[webhook.id] = SecretStr(secret)
    return secrets, problems
