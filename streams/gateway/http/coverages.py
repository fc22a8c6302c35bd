"""Which coverages there are: those of `liveline.yaml` and those that the log has entries of."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from http import HTTPStatus

from schemas.newsroom import Newsroom
from streams.gateway.auth.access import Access
from streams.gateway.delivery.hub import Hub
from streams.gateway.http.problem import Problem


@dataclass(frozen=True, slots=True)
class KnownCoverages:
    """Knows whether a name is a coverage, for every route in the same way."""

    hub: Hub
    newsroom: Newsroom
    retry_after: int

    def allow(self, access: Access, names: Collection[str]) -> frozenset[str]:
        """Return the coverages that a filter with these names is limited to; empty: to none.

        Raises 404 for one that is not shown, and 403 where the token is told that it is not for it. Live, history,
        REST, page and all else ask here.
        """
        if not names:
            return access.coverages
        for name in sorted(names):
            if not access.may_read(name):
                raise hidden(access, name)
        self.need(names)
        return frozenset(names)

    def need(self, names: Iterable[str]) -> None:
        """Raise a 404 that names the first one that is no coverage.

        As long as the log is being read, one that `liveline.yaml` does not name may still turn up: 503.
        """
        configured = {coverage.id for coverage in self.newsroom.coverages}
        for name in sorted(names):
            if name in configured or name in self.hub.coverages:
                continue
            if self.hub.caught_up.is_set():
                raise _unknown(name)
            raise Problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                f"coverage {name[:100]!r} is not configured, and the gateway has not read yet what the log holds",
                {"Retry-After": str(self.retry_after)},
            )


def hidden(access: Access, coverage: str) -> Problem:
    """Return the answer about a coverage that is not shown; without a token, as about one that does not exist."""
    if access.knows(coverage):
        return Problem(HTTPStatus.FORBIDDEN, f"the token is not for coverage {coverage[:100]!r}")
    return _unknown(coverage)


def _unknown(coverage: str) -> Problem:
    return Problem(HTTPStatus.NOT_FOUND, f"no coverage {coverage[:100]!r}")
