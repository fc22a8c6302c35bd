"""Settings as they may be printed: never a secret."""

import re
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from streams.settings.model import Settings
from streams.settings.variables import variable

_HIDDEN: Final = "********"
_QUERY_PASSWORD: Final = re.compile(r"((?:^|&)(?:ssl)?password=)[^&]*")


def shown(settings: Settings) -> dict[str, str]:
    """Return each variable with its effective value, secrets hidden, and how many sources have a token."""
    values = settings.model_dump(mode="json", exclude=set(Settings.not_variables()))
    values["archive"] = _without_password(settings.archive)
    for secret in ("kafka_sasl_password", "jwt_secret", "admin_token"):
        if values[secret]:
            values[secret] = _HIDDEN
    if settings.jwt_jwks:
        values["jwt_jwks"] = _without_password(settings.jwt_jwks)
    values["state"] = _without_password(settings.state)
    return {variable(name): "" if value is None else str(value) for name, value in values.items()}


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    # PostgreSQL takes a password in the query, too.
    parts = parts._replace(query=_QUERY_PASSWORD.sub(rf"\1{_HIDDEN}", parts.query))
    if not parts.password:
        return urlunsplit(parts) if parts.query else url
    name, _, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{name.partition(':')[0]}:{_HIDDEN}@{host}"))
