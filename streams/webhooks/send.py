"""One attempt: a POST that is bounded in time, follows no redirect, and reaches no internal address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final, Self

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from streams.ingest.polling.internal_address import (
    GuardedResolver,
    InternalAddressError,
    Judge,
    check_host,
    is_internal,
)

_SETTING: Final = "LIVELINE_WEBHOOK_INTERNAL"
_READ_BYTES: Final = 16 * 1024
_CONNECTIONS: Final = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an attempt."""

    http_status: int | None = None
    error: str | None = None
    """Why it failed; None when it did not."""
    retry_after: timedelta | None = None

    @property
    def succeeded(self) -> bool:
        """Whether the endpoint accepted the message (2xx)."""
        return self.error is None

    @property
    def gone(self) -> bool:
        """Whether the endpoint wants no more messages (410)."""
        return self.http_status == HTTPStatus.GONE


@dataclass(frozen=True, slots=True)
class SendOptions:
    """The client's bounds and manners."""

    user_agent: str
    timeout: float = 15.0
    """Seconds from connecting to the answer's head."""
    internal: bool = False
    """Whether internal addresses may be posted to."""


class Sender:
    """The client; `async with` opens and closes its connections."""

    def __init__(
        self, options: SendOptions, *, lookup: AbstractResolver | None = None, judge: Judge = is_internal
    ) -> None:
        """Take the bounds; tests also give a resolver and a rule for internal addresses."""
        self._options = options
        self._lookup = lookup
        self._judge = judge
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Be ready to connect."""
        # Names are looked up for each connection: what a name meant yesterday says nothing of today.
        guarded = GuardedResolver(self._lookup, self._judge, _SETTING)
        resolver = self._lookup if self._options.internal else guarded
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=resolver, use_dns_cache=False, limit=_CONNECTIONS),
            timeout=aiohttp.ClientTimeout(total=self._options.timeout),
            headers={"User-Agent": self._options.user_agent, "Content-Type": "application/json"},
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,  # a proxy would connect where nobody checked
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        """Disconnect."""
        if self._session is not None:
            await self._session.close()

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send a body and return what came of it; never raises for what an endpoint does."""
        if self._session is None:
            raise RuntimeError("the sender is not open")
        try:
            host = URL(url).host or ""
            if not self._options.internal:
                check_host(host, self._judge, _SETTING)  # the resolver is not asked about what is an address already
            async with self._session.post(url, headers=headers, data=body, allow_redirects=False) as response:
                answer = _answer(response)
                # A short answer is read so that the connection can serve again; a long one is cut.
                await response.content.read(_READ_BYTES)
                if not response.content.at_eof():
                    response.close()
                return answer
        except InternalAddressError as error:
            return Answer(error=str(error))
        except TimeoutError:
            return Answer(error=f"no answer within {self._options.timeout:g} s")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return Answer(error=f"{type(error).__name__}: {error}"[:500])


def _answer(response: aiohttp.ClientResponse) -> Answer:
    status = response.status
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Answer(status)
    error = f"answered {status}"
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        error += "; redirects are not followed, give the address that they lead to"
    return Answer(status, error, _retry_after(response.headers.get("Retry-After", "")))


def _retry_after(value: str) -> timedelta | None:
    value = value.strip()
    if value.isascii() and value.isdecimal():
        return timedelta(seconds=min(int(value[:9]), 10**8))
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    return at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)
