"""Which coverages there are: those of `liveline.yaml` and those that the log has entries of."""

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus

from schemas.newsroom import Newsroom
from streams.gateway.delivery.hub import Hub
from streams.gateway.http.problem import Problem


@dataclass(frozen=True, slots=True)
class KnownCoverages:
    """Says of a name whether it is a coverage, the same for every route."""

    hub: Hub
    newsroom: Newsroom
    retry_after: int

    def need(self, names: Iterable[str]) -> None:
        """Raise a 404 that names the first one that is no coverage.

        As long as the log is being read, one that `liveline.yaml` does not name may still turn up: 503.
        """
        configured = {coverage.id for coverage in self.newsroom.coverages}
        for name in sorted(names):
            if name in configured or name in self.hub.coverages:
                continue
            if self.hub.caught_up.is_set():
                raise Problem(HTTPStatus.NOT_FOUND, f"no coverage {name[:100]!r}")
            raise Problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                f"coverage {name[:100]!r} is not configured, and the gateway has not read yet what the log holds",
                {"Retry-After": str(self.retry_after)},
            )
