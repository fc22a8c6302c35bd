"""Pushes what was read for a source into Kafka, unless the bytes equal those that were pushed last."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from schemas.document import Document
from schemas.entry import CoverageId
from schemas.newsroom import Source
from streams.ingest.producer import Stored

Send = Callable[[Document], Awaitable[Stored]]
_NAMESPACE: Final = uuid5(NAMESPACE_URL, "liveline:polled-document")


class Taken(StrEnum):
    """Whether a body was pushed or left out."""

    PUSHED = "pushed"
    SAME_BODY = "same_body"


def polled_id(source_id: str, url: str, body: bytes) -> str:
    """Return the document's id: two pollers, or one before and after a restart, give the same bytes the same id."""
    return str(uuid5(_NAMESPACE, f"{source_id}\n{url}\n{sha256(body).hexdigest()}"))


@dataclass(slots=True)
class Outbox:
    """A source's documents from polling and from its hub; it knows the last body of each address."""

    source: Source
    coverage_id: CoverageId
    send: Send
    clock: Callable[[], datetime]
    _last: dict[tuple[str, bool], bytes] = field(default_factory=dict)

    async def take(self, body: bytes, content_type: str, url: str, *, by_hub: bool = False) -> Taken:
        """Push a body unless it is the last one; what `send` raises leaves everything as it was.

        What a hub delivers is compared apart: it may be only what is new of the page that stands at the address.
        """
        key = (url, by_hub)
        digest = sha256(body).digest()
        if self._last.get(key) == digest:
            return Taken.SAME_BODY
        await self.send(self.document(body, content_type, url))
        # Only now: a body that Kafka has not taken is new the next time, too. One address of the page and one of what
        # the hub delivers are all there are, but for redirects that never end up in the same place.
        self._last.pop(key, None)
        self._last[key] = digest
        while len(self._last) > _ADDRESSES:
            del self._last[next(iter(self._last))]
        return Taken.PUSHED

    def document(self, body: bytes, content_type: str, url: str) -> Document:
        """Return a body as a document of this source."""
        return Document(
            id=polled_id(self.source.id, url, body),
            source_id=self.source.id,
            coverage_id=self.coverage_id,
            received_at=self.clock(),
            content_type=content_type,
            body=body,
            url=url,
            format=None if self.source.format == "auto" else self.source.format,
        )


_ADDRESSES: Final = 8
