"""The public keys that verify tokens signed by RS256, ES256 and EdDSA, from a JWK set; symmetric ones are not taken."""

import asyncio
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import aiohttp
import jwt
import orjson
import structlog

from streams.exceptions import LivelineError

ALGORITHMS: Final = ("RS256", "ES256", "EdDSA")
_CURVES: Final = {"ES256": ("EC", "P-256"), "EdDSA": ("OKP", "Ed25519"), "RS256": ("RSA", None)}
_LEAST_RSA_BITS: Final = 2048
_FRESH_SECONDS: Final = 300.0
_AGAIN_SECONDS: Final = 10.0
"""Between two looks, whatever key ids the tokens name: nobody makes us ask the issuer once a request."""
_LONGEST_ANSWER_BYTES: Final = 256 * 1024
_TIMEOUT: Final = aiohttp.ClientTimeout(total=10)


class KeysUnavailableError(LivelineError):
    """The key set can't be fetched and was never fetched before, so that no token can be verified."""


class KeySet:
    """The public keys of an issuer, read anew every five minutes, and when a token names a key that is not there."""

    def __init__(
        self, source: str, log: structlog.stdlib.BoundLogger, now: Callable[[], float] = time.monotonic
    ) -> None:
        """Take a URL or a file's path; nothing is read yet."""
        self._source = source
        self._log = log
        self._now = now
        self._keys: list[tuple[str | None, str, jwt.PyJWK]] | None = None
        self._read_at = float("-inf")
        self._reading = asyncio.Lock()

    async def find(self, algorithm: str, key_id: str | None) -> list[jwt.PyJWK]:
        """Return the keys that may have signed a token with this header."""
        stale = self._now() - self._read_at >= _FRESH_SECONDS
        # While one request reads them anew, the others go by the keys that there are.
        if stale and (self._keys is None or not self._reading.locked()):
            await self._read(_FRESH_SECONDS)
        found = self._fitting(algorithm, key_id)
        if not found and self._now() - self._read_at >= _AGAIN_SECONDS:
            await self._read(_AGAIN_SECONDS)
            found = self._fitting(algorithm, key_id)
        if self._keys is None:
            raise KeysUnavailableError("the keys that verify tokens can't be read")
        return found

    def _fitting(self, algorithm: str, key_id: str | None) -> list[jwt.PyJWK]:
        return [
            key
            for own_id, own_algorithm, key in self._keys or ()
            if own_algorithm == algorithm and (key_id is None or own_id in (None, key_id))
        ]

    async def _read(self, age: float) -> None:
        async with self._reading:
            if self._now() - self._read_at < age:
                return  # another request has just done it
            try:
                content = await (self._download() if "://" in self._source else self._file())
                self._keys = _keys_of(orjson.loads(content))
            except (OSError, aiohttp.ClientError, TimeoutError, ValueError, RecursionError, jwt.PyJWTError) as error:
                # Not the error's own text: it may hold the address, and the address a password.
                status = error.status if isinstance(error, aiohttp.ClientResponseError) else None
                self._log.warning("auth.keys_unreadable", error=type(error).__name__, status=status)
            finally:
                self._read_at = self._now()

    async def _file(self) -> bytes:
        return await asyncio.to_thread(Path(self._source).read_bytes)

    async def _download(self) -> bytes:
        async with (
            aiohttp.ClientSession(timeout=_TIMEOUT) as session,
            session.get(self._source, allow_redirects=False, raise_for_status=True) as answer,
        ):
            if answer.status != 200:  # noqa: PLR2004
                raise ValueError(f"answered {answer.status}; expected 200")
            content = await answer.content.read(_LONGEST_ANSWER_BYTES + 1)
            while len(content) <= _LONGEST_ANSWER_BYTES and (more := await answer.content.read(_LONGEST_ANSWER_BYTES)):
                content += more
        if len(content) > _LONGEST_ANSWER_BYTES:
            raise ValueError(f"longer than {_LONGEST_ANSWER_BYTES:,} bytes")
        return content


def _keys_of(content: Any) -> list[tuple[str | None, str, jwt.PyJWK]]:
    """Return the usable keys of a JWK set with their ids and algorithms; others, symmetric ones too, are left out."""
    listed = content.get("keys") if isinstance(content, Mapping) else None
    if not isinstance(listed, list):
        raise ValueError("no JWK set; expected an object with keys (RFC 7517)")  # noqa: TRY004  (of the text, not of an argument)
    keys = []
    for each in listed:
        if not isinstance(each, Mapping) or each.get("use", "sig") != "sig":
            continue
        algorithm = next((name for name in ALGORITHMS if _is_for(each, name)), None)
        if algorithm is None:
            continue
        try:
            key = jwt.PyJWK(dict(each), algorithm)
        except (jwt.PyJWTError, ValueError, TypeError, KeyError):
            continue
        if algorithm == "RS256" and key.key.key_size < _LEAST_RSA_BITS:
            continue
        identifier = each.get("kid")
        keys.append((identifier if isinstance(identifier, str) else None, algorithm, key))
    return keys


def _is_for(key: Mapping[str, Any], algorithm: str) -> bool:
    kind, curve = _CURVES[algorithm]
    named = key.get("alg", algorithm)
    return named == algorithm and key.get("kty") == kind and (curve is None or key.get("crv") == curve)
