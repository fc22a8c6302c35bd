"""An authority with a few tokens, for tests of what they allow."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from aiohttp import web

from streams.gateway.delivery.access import Access
from streams.gateway.http.problem import Problem


@dataclass(frozen=True)
class Reader:
    """What a test's token allows."""

    coverages: frozenset[str]
    expires_at: datetime | None = None
    alerts: bool = False

    def may_read(self, coverage: str) -> bool:
        """Whether it is one of them."""
        return coverage in self.coverages

    def knows(self, coverage: str) -> bool:
        """Whether it has a token, and there is such a coverage."""
        return self.expires_at is not None and coverage in {"election", "harbour-fire"}


class Desk:
    """Knows four tokens: all, fire, short (it ends soon) and barred; without one, the election alone may be read."""

    async def of_request(self, request: web.Request) -> Access:
        """By the parameter."""
        token = request.query.get("access_token")
        return await self.of_token(token) if token else Reader(frozenset({"election"}))

    async def of_token(self, token: str) -> Access:
        """Return what it allows."""
        match token:
            case "all":
                return Reader(
                    frozenset({"election", "harbour-fire"}), datetime.now(UTC) + timedelta(hours=1), alerts=True
                )
            case "fire":
                return Reader(frozenset({"harbour-fire"}), datetime.now(UTC) + timedelta(hours=1))
            case "short":
                return Reader(frozenset({"election"}), datetime.now(UTC) + timedelta(seconds=0.3))
            case "barred":
                raise Problem(HTTPStatus.FORBIDDEN, "not for this")
            case _:
                raise Problem(HTTPStatus.UNAUTHORIZED, "the token is none")
