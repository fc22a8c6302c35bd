"""The names of environment variables: which belong to a setting, which to a source's token, and which to nobody."""

from collections.abc import Mapping
from difflib import get_close_matches

from pydantic import SecretStr

from schemas.entry import SourceId
from schemas.newsroom import Newsroom
from streams.settings.model import Settings
from streams.settings.prefix import PREFIX
from streams.settings.secrets import read_secrets

TOKEN = f"{PREFIX}TOKEN_"
WEBHOOK_SECRET = f"{PREFIX}WEBHOOK_SECRET_"
SINK = f"{PREFIX}SINK_"


def variable(field: str) -> str:
    """Return the variable that sets a field of `Settings`."""
    return f"{PREFIX}{field.upper()}"


def setting_variables() -> tuple[str, ...]:
    """Return the variables of all settings, in the order in which they are declared."""
    return tuple(variable(name) for name in Settings.model_fields if name not in Settings.not_variables())


def token_variable(source_id: str) -> str:
    """Return the variable that holds a source's token: the id in capitals, `-` and `.` as `_`."""
    return TOKEN + _in_capitals(source_id)


def webhook_secret_variable(webhook_id: str) -> str:
    """Return the variable that holds the secret of a webhook of `liveline.yaml`."""
    return WEBHOOK_SECRET + _in_capitals(webhook_id)


def sink_variable(sink_id: str) -> str:
    """Return the variable that holds the address of a sink of `liveline.yaml`."""
    return SINK + _in_capitals(sink_id)


def _in_capitals(name: str) -> str:
    return name.upper().replace("-", "_").replace(".", "_")


def unknown_variables(environ: Mapping[str, str], newsroom: Newsroom) -> tuple[str, ...]:
    """Return one line for each `LIVELINE_*` variable that nothing reads, with the nearest that something does."""
    known = set(setting_variables())
    for source in newsroom.all_sources():
        known |= {token_variable(source.id), f"{token_variable(source.id)}_FILE"}
    for webhook in newsroom.webhooks:
        known |= {webhook_secret_variable(webhook.id), f"{webhook_secret_variable(webhook.id)}_FILE"}
    for sink in newsroom.sinks:
        known |= {sink_variable(sink.id), f"{sink_variable(sink.id)}_FILE"}
    lines = []
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in known:
            rests = [each.removeprefix(PREFIX) for each in sorted(known)]
            nearest = get_close_matches(name.removeprefix(PREFIX), rests, n=1)
            advice = f"did you mean {PREFIX}{nearest[0]}?" if nearest else "it does nothing"
            lines.append(f"{name} is no setting; {advice}")
    return tuple(lines)


def read_tokens(environ: Mapping[str, str], newsroom: Newsroom) -> tuple[dict[SourceId, SecretStr], list[str]]:
    """Return the token of each source that has one, and a line for each problem; no token is ever in a line."""
    sources = [source.id for source in newsroom.all_sources()]
    return read_secrets(environ, "source", sources, token_variable, "token")
