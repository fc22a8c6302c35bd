"""The installed distribution: its name on the package index and its version."""

from importlib.metadata import version
from typing import Final

NAME: Final = "liveline-stream"


def installed_version() -> str:
    """Return the version of this installation, such as `0.1.0`."""
    return version(NAME)
