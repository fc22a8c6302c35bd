"""Reads files as documents: a file is one document, a `.jsonl` file holds one a line."""

import re
import sys
from base64 import b64decode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import orjson
from pydantic import ValidationError

from schemas.document import Document
from schemas.entry import CoverageId, SourceId
from schemas.model import Model, UtcTime
from streams.cli.files.options import About
from streams.cli.output.errors import Failures, readable
from streams.replay.letter import type_of_part

_TYPES = {
    ".html": "text/html", ".htm": "text/html", ".xhtml": "application/xhtml+xml", ".txt": "text/plain",
    ".json": "application/json", ".jsonld": "application/ld+json", ".jsonl": "application/jsonl",
    ".ndjson": "application/jsonl", ".xml": "application/xml", ".rss": "application/rss+xml",
    ".atom": "application/atom+xml",
}  # fmt: skip
_UNTYPED = "application/octet-stream"
_JSON_LINES = "application/jsonl"
_LINES = frozenset({_JSON_LINES, "application/x-ndjson", "application/x-jsonlines"})
_OTHERWISE = " (standard input holds documents, one a line, unless --content-type says otherwise)"
_CHARSET = re.compile(r"(?i);\s*charset=[^;]*")


@dataclass(frozen=True, slots=True)
class Given:
    """A document, and its file and line for messages."""

    name: str
    """The file, as named."""
    place: str
    """The file and, in one that holds many, the line."""
    document: Document


class Line(Model):
    """One document on a line of a `.jsonl` file."""

    id: str | None = None
    body: str | None = None
    body_base64: str | None = None
    source: str | None = None
    coverage: str | None = None
    received_at: UtcTime | None = None
    content_type: str = _UNTYPED
    url: str | None = None
    format: str | None = None

    def content(self) -> tuple[bytes, str]:
        """Return the bytes and their media type."""
        if (self.body is None) == (self.body_base64 is None):
            raise ValueError("expected either body (a string) or body_base64")
        if self.body is None:
            return b64decode(self.body_base64 or "", validate=True), self.content_type
        # The string has been decoded already: whatever charset the page once had, these bytes are UTF-8.
        return self.body.encode(), _CHARSET.sub("; charset=utf-8", self.content_type)


def read_documents(files: Iterable[str], about: About, failures: Failures) -> Iterator[Given]:
    """Yield the documents of the files in the order given; what can't be read is told and left out."""
    for name in files:
        guessed = _JSON_LINES if name == "-" else _TYPES.get(Path(name).suffix.lower(), _UNTYPED)
        media_type = about.content_type or guessed
        try:
            if name == "-":
                yield from _documents(name, sys.stdin.buffer, datetime.now(UTC), media_type, about, failures)
                continue
            with Path(name).open("rb") as file:
                modified = datetime.fromtimestamp(Path(name).stat().st_mtime, UTC)
                yield from _documents(name, file, modified, media_type, about, failures)
        except OSError as error:
            failures.add(name, (error.strerror or str(error)).lower())
        except Exception as error:  # noqa: BLE001  (a name no system takes, memory that ran out: the others go on)
            failures.add_bug(name, error)


def _documents(
    name: str, file: BinaryIO, modified: datetime, media_type: str, about: About, failures: Failures
) -> Iterator[Given]:
    received_at = about.received_at or modified
    if media_type not in _LINES:
        yield Given(
            name,
            name,
            Document(
                id=readable(name),
                source_id=SourceId(about.source),
                coverage_id=CoverageId(about.coverage_of(about.source)),
                received_at=received_at,
                content_type=media_type,
                body=file.read(),
                url=about.url,
                format=about.format,
            ),
        )
        return
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        place = f"{name}:{number}"
        try:
            document = _of_line(place, line, received_at, about)
        except ValidationError as error:
            problems = (f"{'.'.join(map(str, each['loc'])) or 'line'}: {each['msg']}" for each in error.errors())
            failures.add(place, "; ".join(problems) + (_OTHERWISE if name == "-" else ""))
        except ValueError as error:  # orjson's and base64's are of this kind
            failures.add(place, f"no document: {error}{_OTHERWISE if name == '-' else ''}")
        else:
            yield Given(name, place, document)


def _of_line(place: str, line: bytes, received_at: datetime, about: About) -> Document:
    read = Line.model_validate(_opened(orjson.loads(line)))
    body, content_type = read.content()
    source = read.source or about.source
    return Document(
        id=read.id or readable(place),
        source_id=SourceId(source),
        coverage_id=CoverageId(read.coverage or about.coverage_of(source)),
        received_at=read.received_at or received_at,
        content_type=content_type,
        body=body,
        url=read.url or about.url,
        format=read.format if read.format not in (None, "auto") else about.format,
    )


def _opened(found: Any) -> Any:
    """Return the document of a dead letter, as `process --dead-letters` writes it; anything else as it is."""
    if not isinstance(found, dict) or not isinstance(letter := found.get("document"), dict):
        return found
    opened = {**letter, "source": letter.get("source_id"), "coverage": letter.get("coverage_id")}
    text = letter.get("body")
    if found.get("part") is not None and isinstance(text, str):
        opened["content_type"] = type_of_part(text.encode(), str(letter.get("content_type", "")))
    return opened
