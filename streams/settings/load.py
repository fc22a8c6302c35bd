"""Settings from the environment and the newsroom's file; all problems are told at once, one a line."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr, ValidationError

from schemas.newsroom import Newsroom
from streams.exceptions import SettingsError
from streams.settings.model import Settings
from streams.settings.newsroom_file import read_newsroom
from streams.settings.sink_addresses import read_sink_addresses
from streams.settings.variables import read_tokens, variable
from streams.settings.webhook_secrets import read_webhook_secrets

if TYPE_CHECKING:
    from schemas.entry import SourceId

_SECRET = frozenset({"admin_token", "jwt_secret", "kafka_sasl_password"})


def load_settings(newsroom: Newsroom | None = None) -> Settings:
    """Return the settings of this process; raises `SettingsError` with one line for each problem.

    With a `newsroom`, no file is read and no token is expected.
    """
    problems: list[str] = []
    settings = None
    try:
        settings = Settings()
    except ValidationError as error:
        problems += [_said(dict(problem)) for problem in error.errors(include_url=False)]
    tokens: dict[SourceId, SecretStr] = {}
    has_newsroom = True
    webhook_secrets: dict[str, SecretStr] = {}
    sink_addresses: dict[str, SecretStr] = {}
    if newsroom is None:
        newsroom, wrong, has_newsroom = _newsroom(settings or Settings.model_construct())
        tokens, unread = read_tokens(os.environ, newsroom)
        webhook_secrets, unusable = read_webhook_secrets(os.environ, newsroom)
        sink_addresses, unclear = read_sink_addresses(os.environ, newsroom)
        problems += wrong + unread + unusable + unclear
    if settings is None or problems:
        raise SettingsError("\n".join(problems))
    return settings.model_copy(
        update={
            "newsroom": newsroom,
            "has_newsroom": has_newsroom,
            "tokens": tokens,
            "webhook_secrets": webhook_secrets,
            "sink_addresses": sink_addresses,
        }
    )


def _newsroom(settings: Settings) -> tuple[Newsroom, list[str], bool]:
    name = variable("config")
    told = os.environ.get(name)
    path = Path(told) if told else settings.config
    if path.exists():
        return *read_newsroom(path), True
    # A default that isn't there is no mistake: nothing is configured yet.
    problems = [f"{name}: no file {str(path)!r}; expected the newsroom's YAML file"] if told else []
    return Newsroom(), problems, False


def _said(problem: dict[str, Any]) -> str:
    said: str = problem["msg"].removeprefix("Value error, ")
    if not problem["loc"]:
        return said
    field = str(problem["loc"][0]).removeprefix("LIVELINE_").lower()
    found = "a value that is not shown" if field in _SECRET else repr(problem["input"])
    return f"{variable(field)}: found {found}; {said[0].lower()}{said[1:]}"
