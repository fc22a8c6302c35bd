"""Whether a source sends again, byte for byte, what it sent last: then there is nothing to parse.

This is not written to Kafka, and holds only for a document that said nothing new: after a restart it is parsed once
more and says nothing again, so that what is published does not depend on restarts.
"""

from hashlib import blake2b

from schemas.document import Document

_MOST_SOURCES = 10_000  # sources of a partition; beyond, all are forgotten and each costs one more parse


class LastDocuments:
    """The last document of each source, if it had no faults and said nothing new."""

    def __init__(self, below: "LastDocuments | None" = None) -> None:
        self._below = below
        self._digests: dict[str, bytes | None] = {}
        self._digested: tuple[Document, bytes] | None = None
        """The document at hand: it is asked about before it is read and noted after it."""

    def repeats(self, document: Document) -> bool:
        """Whether the document equals the source's last one; after any other document it counts as new."""
        last = self._digests.get(document.source_id)
        if last is None and document.source_id not in self._digests and self._below:
            last = self._below._digests.get(document.source_id)  # noqa: SLF001  (its own kind)
        return last is not None and last == self._digest(document)

    def put(self, document: Document, *, whole: bool) -> None:
        """Note a document; `whole` is False for one that must be processed again if it comes again."""
        self._digests[document.source_id] = self._digest(document) if whole else None

    def _digest(self, document: Document) -> bytes:
        if self._digested is None or self._digested[0] is not document:
            self._digested = document, _digest(document)
        return self._digested[1]

    def merge(self, above: "LastDocuments") -> None:
        """Add the documents of a committed draft."""
        if len(self._digests) > _MOST_SOURCES:
            self._digests.clear()
        self._digests.update(above._digests)  # noqa: SLF001


def _digest(document: Document) -> bytes:
    envelope = f"{document.coverage_id}\0{document.url}\0{document.format}\0{document.content_type}\0".encode()
    return blake2b(envelope + document.body, digest_size=16).digest()
