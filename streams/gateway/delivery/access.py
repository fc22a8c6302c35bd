"""What a subscriber may read, with a token or without one."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final, Protocol

from aiohttp import web

from streams.archive import Wanted
from streams.archive.facets import Facets
from streams.gateway.http.problem import Problem

PARAMETERS: Final = frozenset({"access_token"})
"""A browser can set no header on an EventSource or a WebSocket; the authority reads it."""


class Access(Protocol):
    """What one token allows. Equal ones are one group to the hub, so it is a frozen value."""

    @property
    def alerts(self) -> bool:
        """Whether alerts may be read."""
        ...

    @property
    def expires_at(self) -> datetime | None:
        """When it ends; None without a JWT."""
        ...

    def may_read(self, coverage: str) -> bool:
        """Whether this coverage's entries may be read."""
        ...

    def knows(self, coverage: str) -> bool:
        """Whether it may learn that a coverage exists that it may not read."""
        ...


class Authority(Protocol):
    """Says what a request or a token allows; raises `Problem` (401, 403) for one that is not accepted."""

    async def of_request(self, request: web.Request) -> Access:
        """Return what the request allows by its header, cookie or parameter."""
        ...

    async def of_token(self, token: str) -> Access:
        """Return what a token allows that came by itself."""
        ...


@dataclass(frozen=True, slots=True)
class Everyone:
    """Gives everyone all coverages without an expiry, and no alerts."""

    alerts: bool = False
    expires_at: datetime | None = None

    def may_read(self, coverage: str) -> bool:  # noqa: ARG002  (all)
        """Allow it."""
        return True

    def knows(self, coverage: str) -> bool:  # noqa: ARG002  (all)
        """Hide nothing."""
        return True


@dataclass(frozen=True, slots=True)
class Allowed:
    """A filter limited to what may be read; used for live events, the archive and the current state."""

    wanted: Wanted
    access: Access

    @property
    def coverages(self) -> frozenset[str]:
        """Only these coverages; all when empty."""
        return self.wanted.coverages

    def fits(self, facets: Facets) -> bool:
        """Whether an entry with these facets is wanted and may be read."""
        return self.access.may_read(facets.coverage) and self.wanted.fits(facets)

    def fits_origin(self, facets: Facets) -> bool:
        """Whether anything of this coverage and source can be wanted and may be read."""
        return self.access.may_read(facets.coverage) and self.wanted.fits_origin(facets)


def within(wanted: Wanted, access: Access) -> Wanted:
    """Return the filter within what may be read; raises a problem for a coverage that is named and may not be.

    Without a token a hidden coverage is one that does not exist.
    """
    for coverage in sorted(wanted.coverages):
        if not access.may_read(coverage):
            if access.knows(coverage):
                raise Problem(HTTPStatus.FORBIDDEN, f"the token is not for coverage {coverage[:100]!r}")
            raise Problem(HTTPStatus.NOT_FOUND, f"no coverage {coverage[:100]!r}")
    return limited(wanted, access)


def limited(wanted: Wanted, access: Access) -> Wanted:
    """Return the filter within what may be read."""
    return wanted if isinstance(access, Everyone) else Allowed(wanted, access)


def allows_alert(wanted: Wanted, access: Access, coverage: str) -> bool:
    """Say whether an alert of a coverage is wanted and may be read: a filter's other parts are of entries."""
    return (not wanted.coverages or coverage in wanted.coverages) and access.may_read(coverage)


def need_alerts(access: Access) -> None:
    """Raise a problem unless alerts may be read."""
    if access.alerts:
        return
    if access.expires_at is not None:
        raise Problem(HTTPStatus.FORBIDDEN, "this token has no right to alerts")
    raise Problem(HTTPStatus.UNAUTHORIZED, "alerts need a token with the right to them", {"WWW-Authenticate": "Bearer"})
