"""What a request may see: public coverages for everybody, others by a token's patterns, all of it for an admin."""

import fnmatch
import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Final, Self

from schemas.newsroom import Newsroom

_NO_COVERAGE: Final = frozenset({""})
"""Coverages for a filter that must let nothing through; an empty set lets everything through."""


@dataclass(frozen=True, slots=True)
class Visibility:
    """Which coverages are public and which are hidden."""

    public: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    open: bool = False
    """There is no newsroom file: nothing is hidden, whatever the log holds."""

    @classmethod
    def of(cls, newsroom: Newsroom, *, open_to_all: bool) -> Self:
        """Return what a newsroom says; `open_to_all`: it has no file."""
        return cls(
            frozenset(coverage.id for coverage in newsroom.coverages if coverage.public),
            frozenset(coverage.id for coverage in newsroom.coverages if not coverage.public),
            open_to_all,
        )


@dataclass(frozen=True, slots=True)
class Access:
    """What one request, stream or connection may do."""

    visibility: Visibility
    patterns: tuple[str, ...] = ()
    """Coverages that the token names; `*` stands for any characters."""
    alerts: bool = False
    """Whether it may read, acknowledge and mute alerts."""
    admin: bool = False
    """Whether it may do everything."""
    expires_at: datetime | None = field(default=None, compare=False)
    """When it ends; None without a JWT. Readers with the same rights are one group to the hub, whenever theirs end."""
    token: bool = False
    """Whether a token was given at all."""
    subject: str | None = field(default=None, compare=False)
    """Who it is, as the token says: noted with what is acknowledged and muted."""

    def may_read(self, coverage: str) -> bool:
        """Whether a coverage and its entries are shown.

        One that the newsroom does not name is unknown to all but admins.
        """
        if self.admin or self.visibility.open or coverage in self.visibility.public:
            return True
        return coverage in self.visibility.hidden and any(_pattern(each).fullmatch(coverage) for each in self.patterns)

    def knows(self, coverage: str) -> bool:
        """Whether it may learn that a hidden coverage exists: then the answer is 403 instead of 404."""
        return self.may_read(coverage) or (self.token and coverage in self.visibility.hidden)

    @property
    def coverages(self) -> frozenset[str]:
        """The coverages that a filter without any is limited to; empty: to none, everything is shown."""
        if self.admin or self.visibility.open:
            return frozenset()
        readable = self.visibility.public | frozenset(filter(self.may_read, self.visibility.hidden))
        return readable or _NO_COVERAGE


@lru_cache(maxsize=1024)
def _pattern(text: str) -> re.Pattern[str]:
    # Stars alone are special; fnmatch's expression takes linear time however many there are.
    return re.compile(fnmatch.translate(text.replace("[", "[[]").replace("?", "[?]")))
