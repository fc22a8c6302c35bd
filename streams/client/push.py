"""A producer's side of `POST /v1/sources/{source}/documents`."""

import asyncio
from http import HTTPStatus
from typing import Final
from urllib.parse import quote
from uuid import uuid4

import aiohttp

from streams.exceptions import LivelineError

_TRIES: Final = 5
_LONGEST_WAIT: Final = 30.0


class PushError(LivelineError):
    """The gateway did not take a document; the message says why."""


class GatewayClient:
    """Pushes documents; what a gateway could not take for the moment is sent again under the same key."""

    def __init__(self, session: aiohttp.ClientSession, gateway: str) -> None:
        """Take the gateway's base URL, such as `http://127.0.0.1:8080`."""
        self._session = session
        self._gateway = gateway.rstrip("/")

    async def push(
        self,
        source: str,
        token: str,
        body: bytes,
        content_type: str,
        *,
        url: str | None = None,
        form: str | None = None,
    ) -> str:
        """Return the document's id once Kafka has it; raises `PushError`."""
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": content_type,
            # Whether an unanswered push arrived is not known; the key makes sending it again safe.
            "Idempotency-Key": str(uuid4()),
        }
        if url:
            headers["Liveline-Url"] = url
        if form:
            headers["Liveline-Format"] = form
        address = f"{self._gateway}/v1/sources/{quote(source, safe='')}/documents"
        for attempt in range(1, _TRIES + 1):
            try:
                async with self._session.post(address, data=body, headers=headers) as response:
                    if response.status == HTTPStatus.ACCEPTED:
                        return str((await response.json())["id"])
                    said = (await response.text())[:500]
                    again = response.status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS)
                    if not again or attempt == _TRIES:
                        raise PushError(f"{address} answered {response.status}: {said}")
                    wait = _seconds(response.headers.get("Retry-After"), attempt)
            except aiohttp.ClientConnectionError as error:
                if attempt == _TRIES:
                    raise PushError(f"{address}: {error or type(error).__name__}") from error
                wait = _seconds(None, attempt)
            await asyncio.sleep(wait)
        raise AssertionError("the last try returns or raises")


def _seconds(retry_after: str | None, attempt: int) -> float:
    asked = float(retry_after) if retry_after and retry_after.isdecimal() else 0.25 * 2**attempt
    return min(asked, _LONGEST_WAIT)
