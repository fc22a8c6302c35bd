"""What an operator does with an archive: look whether it is sound, prune it, have it built anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from streams.archive.sql.prune import Pruned


@dataclass(frozen=True, slots=True)
class Checked:
    """What an archive holds, and what is wrong with it."""

    problems: tuple[str, ...]
    holds: Mapping[str, Any]


class Maintenance(Protocol):
    """See `open_maintenance`. Each method raises `ArchiveError` where there is no archive, or it can't be used."""

    @property
    def name(self) -> str:
        """What the archive is called in messages."""
        ...

    def check(self) -> Checked:
        """Look through all of it; a gateway that runs is not disturbed."""
        ...

    def prune(self, before: datetime, *, dry_run: bool) -> Pruned:
        """Forget the entries whose newest revision is older; `dry_run` only counts them."""
        ...

    def rebuild(self) -> str:
        """Set the archive aside and return the name that it is kept under; running gateways build a new one at once."""
        ...
