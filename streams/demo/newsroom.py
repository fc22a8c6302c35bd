"""Who takes part in the sample event."""

import secrets
from importlib.resources import files
from pathlib import Path

import yaml
from pydantic import SecretStr

from schemas.entry import SourceId
from schemas.newsroom import Newsroom

SAMPLES = Path(str(files("streams.demo"))) / "samples"


def demo_newsroom() -> Newsroom:
    """Return the coverage and its three sources."""
    return Newsroom.model_validate(yaml.safe_load((SAMPLES / "liveline.yaml").read_text(encoding="utf-8")))


def demo_tokens(newsroom: Newsroom) -> dict[SourceId, SecretStr]:
    """Return a fresh token for each source: the demo's gateway is nobody else's to push to."""
    return {
        source.id: SecretStr(secrets.token_urlsafe(24))
        for coverage in newsroom.coverages
        for source in coverage.sources
    }
