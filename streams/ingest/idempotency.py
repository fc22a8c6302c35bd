"""`Idempotency-Key`: a push that is repeated, also while the first is still under way, is stored once.

The id is made from source and key, so that a repeat after a restart, when nothing is remembered, still carries the
same `ce_id`. What is remembered is bounded; the oldest is forgotten first.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from schemas.document import Document
from streams.ingest.producer import Stored

_NAMESPACE: Final = uuid5(NAMESPACE_URL, "liveline:idempotency-key")


class KeyReusedError(Exception):
    """The same key came with another document."""


def document_id(source: str, key: str) -> str:
    """Return the id of the document that a source pushes under a key."""
    return str(uuid5(_NAMESPACE, f"{source}\n{key}"))


def document_digest(document: Document) -> bytes:
    """Return a digest of all that decides how the document is read: it differs for two different pushes under one key.

    Each part stands with its length: where one ends and the next begins can't be shifted.
    """
    digest = sha256()
    for part in (document.content_type, document.url, document.format):
        value = (part or "").encode()
        digest.update(b"%d:" % len(value) + value if part is not None else b"-")
    digest.update(document.body)
    return digest.digest()


@dataclass(slots=True)
class _Push:
    digest: bytes
    stored: asyncio.Future[Stored]


class RecentKeys:
    """The newest pushes, by source and key."""

    def __init__(self, capacity: int) -> None:
        """Remember at most `capacity` keys."""
        self._capacity = capacity
        self._pushes: OrderedDict[tuple[str, str], _Push] = OrderedDict()

    async def once(self, source: str, key: str, digest: bytes, send: Callable[[], Awaitable[Stored]]) -> Stored:
        """Send a document unless it was sent already; a failed push is forgotten, so that a retry sends it.

        Raises `KeyReusedError` where the key was used for something else.
        """
        name = (source, key)
        known = self._pushes.get(name)
        if known is not None:
            if known.digest != digest:
                raise KeyReusedError(f"Idempotency-Key {key!r} was used for another document")
            self._pushes.move_to_end(name)
            # Shielded: that one of two waiting clients leaves is no reason to fail the other.
            return await asyncio.shield(known.stored)
        push = _Push(digest, asyncio.ensure_future(send()))
        self._pushes[name] = push
        push.stored.add_done_callback(lambda stored: self._settle(name, push, stored))
        while len(self._pushes) > self._capacity:
            self._pushes.popitem(last=False)
        return await asyncio.shield(push.stored)

    def _settle(self, name: tuple[str, str], push: _Push, stored: asyncio.Future[Stored]) -> None:
        failed = stored.cancelled() or stored.exception() is not None
        if failed and self._pushes.get(name) is push:
            del self._pushes[name]
