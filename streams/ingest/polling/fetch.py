"""An HTTP client for what strangers serve: bounded in time, size and redirects, and kept out of internal networks."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Final, Self

import aiohttp
from aiohttp.abc import AbstractResolver
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from streams.ingest.body import CODINGS, BodyCodingError, BodyTooLargeError, read_body
from streams.ingest.polling.hosts import Hosts
from streams.ingest.polling.internal_address import (
    GuardedResolver,
    InternalAddressError,
    Judge,
    check_host,
    is_internal,
)

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_SAME_METHOD: Final = frozenset({307, 308})
_MOST_REDIRECTS: Final = 5


class Reason(StrEnum):
    """Why there is no answer."""

    URL = "url"
    INTERNAL = "internal"
    CONNECTION = "connection"
    TIMEOUT = "timeout"
    TOO_LARGE = "too_large"
    CODING = "coding"
    REDIRECTS = "redirects"


class FetchError(Exception):
    """There is no usable answer; the message is for a person, the reason for a metric."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Validators:
    """The ETag and date by which a server is asked whether something changed; they hold for one address."""

    url: str
    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> dict[str, str]:
        """Return the headers of a conditional request."""
        found = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A server's answer; its body, inflated, is present only if the request succeeded."""

    status: int
    url: str
    """Where it came from in the end, without a password."""
    headers: CIMultiDictProxy[str]
    body: bytes = b""

    @property
    def content_type(self) -> str:
        """Its media type, with parameters."""
        return self.headers.get("Content-Type") or "application/octet-stream"

    @property
    def links(self) -> list[str]:
        """Its `Link` headers."""
        return self.headers.getall("Link", [])

    @property
    def validators(self) -> Validators:
        """What to ask with next time."""
        return Validators(self.url, self.headers.get("ETag"), self.headers.get("Last-Modified"))


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """The client's bounds and manners."""

    user_agent: str
    max_bytes: int
    """Of a body, inflated."""
    timeout: float = 30.0
    """Seconds for one request, from connecting to its last byte."""
    internal: bool = False
    """Whether internal addresses may be fetched from."""


class Fetcher:
    """The client; `async with` opens and closes its connections."""

    def __init__(
        self,
        options: FetchOptions,
        hosts: Hosts,
        *,
        lookup: AbstractResolver | None = None,
        judge: Judge = is_internal,
    ) -> None:
        """Take the bounds and the turns at hosts; tests also give a resolver and a rule for internal addresses."""
        self._lookup = lookup
        self._judge = judge
        self._options = options
        self._hosts = hosts
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Be ready to connect."""
        resolver = self._lookup if self._options.internal else GuardedResolver(self._lookup, self._judge)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=resolver),
            timeout=aiohttp.ClientTimeout(total=self._options.timeout, sock_connect=self._options.timeout / 3),
            headers={"User-Agent": self._options.user_agent, "Accept-Encoding": ", ".join(CODINGS)},
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,  # a body is inflated within its bound
            trust_env=False,  # a proxy would connect where nobody checked
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        """Disconnect."""
        if self._session is not None:
            await self._session.close()

    async def get(self, url: str, validators: Validators | None = None) -> Fetched:
        """Return the answer, after redirects; raises `FetchError`."""
        accept = {"Accept": "*/*"}
        at = _read(url)
        for hop in range(_MOST_REDIRECTS + 1):
            asked = validators.headers() if validators and validators.url == _public(at) else {}
            answer = await self._request("GET", at, accept | asked, follows=hop > 0)
            if answer.status not in _REDIRECTS or "Location" not in answer.headers:
                return answer
            at = _join(at, answer.headers["Location"])
        raise FetchError(Reason.REDIRECTS, f"{_public(at)}: more than {_MOST_REDIRECTS} redirects")

    async def post(self, url: str, form: Mapping[str, str]) -> Fetched:
        """Send a form and return the answer; only redirects that keep the method are followed."""
        at = _read(url)
        for hop in range(_MOST_REDIRECTS + 1):
            answer = await self._request("POST", at, {}, form=form, follows=hop > 0)
            if answer.status not in _SAME_METHOD or "Location" not in answer.headers:
                return answer
            following = _join(at, answer.headers["Location"])
            if at.scheme == "https" and following.scheme != "https":
                # A form may hold a secret that was meant for an encrypted connection alone.
                raise FetchError(Reason.REDIRECTS, f"{_public(at)}: redirects a form from https to {following.scheme}")
            at = following
        raise FetchError(Reason.REDIRECTS, f"{_public(at)}: more than {_MOST_REDIRECTS} redirects")

    async def _request(
        self,
        method: str,
        url: URL,
        headers: Mapping[str, str],
        *,
        form: Mapping[str, str] | None = None,
        follows: bool,
    ) -> Fetched:
        if self._session is None:
            raise RuntimeError("the fetcher is not open")
        shown, host = _public(url), url.host or ""
        try:
            if not self._options.internal:
                check_host(host, self._judge)  # aiohttp's resolver is not asked about what is an address already
            async with (
                self._hosts.turn(host, follows=follows),
                self._session.request(method, url, headers=headers, data=form, allow_redirects=False) as response,
            ):
                body = await self._body(response) if response.status == HTTPStatus.OK else b""
                return Fetched(response.status, shown, _readable(response.headers), body)
        except InternalAddressError as error:
            raise FetchError(Reason.INTERNAL, f"{shown}: {error}") from error
        except BodyTooLargeError as error:
            raise FetchError(Reason.TOO_LARGE, f"{shown}: {error}") from error
        except BodyCodingError as error:
            raise FetchError(Reason.CODING, f"{shown}: {error}") from error
        except TimeoutError as error:
            raise FetchError(Reason.TIMEOUT, f"{shown}: no answer within {self._options.timeout:g} s") from error
        except (aiohttp.InvalidURL, UnicodeError) as error:
            # A host name that has no form in IDNA is told by encodings only when it is looked up.
            raise FetchError(Reason.URL, f"{shown}: not an address to fetch from ({type(error).__name__})") from error
        except (aiohttp.ClientError, OSError) as error:
            raise FetchError(Reason.CONNECTION, f"{shown}: {error or type(error).__name__}") from error

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        limit = self._options.max_bytes
        if (response.content_length or 0) > limit:
            raise BodyTooLargeError(f"the body is larger than {limit:,} bytes")
        coding = response.headers.get("Content-Encoding", "").strip().lower()
        coding = "" if coding == "identity" else coding.removeprefix("x-")
        if coding and coding not in CODINGS:
            raise BodyCodingError(f"content coding {coding[:50]!r} is not read; expected gzip, deflate or none")
        return await read_body(response.content.iter_any(), coding, limit)


def _read(url: str) -> URL:
    try:
        found = URL(url)
        host = found.host
    except ValueError as error:
        # What can't be read may still hold a password; neither it nor the error, which quotes it, is shown.
        raise FetchError(Reason.URL, "not an address; expected http:// or https:// and a host") from error
    if found.scheme not in ("http", "https") or not host:
        raise FetchError(Reason.URL, f"{_public(found)}: expected http:// or https:// and a host")
    return found


def _join(base: URL, location: str) -> URL:
    try:
        return _read(str(base.join(URL(location))))
    except ValueError as error:
        raise FetchError(Reason.URL, f"{_public(base)}: redirects to {location[:200]!r}: {error}") from error


def _readable(headers: CIMultiDictProxy[str]) -> CIMultiDictProxy[str]:
    """Return headers without bytes that are not text, since they are sent on and stored as text."""
    return CIMultiDictProxy(
        CIMultiDict(
            (name, value if value.isascii() else value.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
            for name, value in headers.items()
        )
    )


def _public(url: URL) -> str:
    """Return an address as it may be stored and logged: without a password."""
    return str(url.with_user(None).with_fragment(None)) if url.absolute else str(url)
