"""The addresses of the sinks that `liveline.yaml` lists: Apprise URLs, which hold passwords and tokens."""

from collections.abc import Mapping

from pydantic import SecretStr

from schemas.newsroom import Newsroom
from streams.settings.secrets import read_secrets
from streams.settings.variables import sink_variable


def read_sink_addresses(environ: Mapping[str, str], newsroom: Newsroom) -> tuple[dict[str, SecretStr], list[str]]:
    """Return the address of each sink that has one, and a line for each problem; no address is ever in a line.

    One without an address is no problem here: only who delivers needs it.
    """
    return read_secrets(environ, "sink", [sink.id for sink in newsroom.sinks], sink_variable, "address")
