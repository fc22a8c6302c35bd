"""Who may use a route: asked before its handler runs, the same for every route."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Final

from aiohttp import web

from streams.gateway.auth.access import Access
from streams.gateway.auth.bearer import COOKIE, Carrier, presented
from streams.gateway.auth.keys import KeysUnavailableError
from streams.gateway.auth.tokens import BadTokenError, SubscriberTokens
from streams.gateway.http.problem import Problem

ACCESS: Final = web.RequestKey("access", Access)
_REALM: Final = 'Bearer realm="liveline"'


class Who(StrEnum):
    """Who may use a route."""

    ANYONE = "anyone"
    """Everybody has the same access; a token is ignored."""
    READER = "reader"
    """Everybody; a token gives access to more. A bad one is refused."""
    ALERTS = "alerts"
    """A token with `alerts`."""
    ADMIN = "admin"
    """A token with `admin`, or the admin token."""
    SOURCE = "source"
    """The token with which the source pushes."""
    HUB = "hub"
    """A WebSub hub that has the subscription's own secret address."""

    @property
    def reads_tokens(self) -> bool:
        """Whether a subscriber's token counts here."""
        return self in (Who.READER, Who.ALERTS, Who.ADMIN)


@dataclass(frozen=True, slots=True)
class Guard:
    """Judges who asks."""

    tokens: SubscriberTokens
    origins: Collection[str]
    retry_after: int

    async def admit(self, request: web.Request, who: Who) -> None:
        """Note what the request may see; raises 401 for no token or a bad one, 403 for one without the right."""
        if not who.reads_tokens:
            return
        access = await self.of_request(request)
        if who is not Who.READER and not access.token:
            raise Problem(
                HTTPStatus.UNAUTHORIZED,
                "a token is needed here: Authorization: Bearer ...",
                {"WWW-Authenticate": _REALM},
            )
        if (who is Who.ADMIN and not access.admin) or (who is Who.ALERTS and not access.alerts):
            raise Problem(
                HTTPStatus.FORBIDDEN,
                f"the token does not have the right {who.value!r}",
                {"WWW-Authenticate": f'{_REALM}, error="insufficient_scope"'},
            )
        request[ACCESS] = access

    async def of_request(self, request: web.Request) -> Access:
        """Return what a request may see; raises a 401 for a bad token."""
        found = presented(request, self.origins)
        if found is None:
            return self.tokens.nobody
        try:
            return await self.of_token(found.token)
        except Problem as problem:
            if found.carrier is Carrier.COOKIE and problem.status is HTTPStatus.UNAUTHORIZED:
                # A browser that has an old cookie would be refused even what is public, again and again.
                problem.headers["Set-Cookie"] = f"{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"
            raise

    async def of_token(self, token: str) -> Access:
        """Return what a token allows; raises a 401 for a bad one, and a 503 if the keys can't be had."""
        try:
            return await self.tokens.access(token)
        except BadTokenError as error:
            challenge = f'{_REALM}, error="invalid_token", error_description="{error}"'
            raise Problem(HTTPStatus.UNAUTHORIZED, str(error), {"WWW-Authenticate": challenge}) from error
        except KeysUnavailableError as error:
            headers = {"Retry-After": str(self.retry_after)}
            raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, str(error), headers) from error
