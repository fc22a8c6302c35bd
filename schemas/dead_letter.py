"""A dead letter: a document or a part of it that could not be processed, kept whole with the reason."""

from enum import StrEnum
from typing import Annotated, Final

from pydantic import BeforeValidator, Field

from schemas.document import Document
from schemas.entry import Origin
from schemas.model import Model, UtcTime, absent

_LONGEST_ERROR_CHARS: Final = 4_000
"""Errors quote what they found, which may be megabytes."""


class Stage(StrEnum):
    """Where it failed."""

    PARSE = "parse"
    DEDUPLICATE = "deduplicate"
    ENRICH = "enrich"
    DELIVER = "deliver"


def _writable(text: str) -> str:
    """Return a text that UTF-8 can hold, of a bounded length: it quotes what was wrong with the input."""
    short = text if len(text) <= _LONGEST_ERROR_CHARS else f"{text[: _LONGEST_ERROR_CHARS - 1]}\u2026"
    return short.encode(errors="backslashreplace").decode()


WritableText = Annotated[str, BeforeValidator(_writable)]


class DeadLetter(Model):
    """The document with its own headers, where it failed and why."""

    document: Document = Field(description="Its `body` is the bad part's bytes when only a part is bad.")
    stage: Stage
    error: WritableText = Field(description="What was found and what was expected.")
    origin: Origin | None = absent("Where the raw document stands.")
    part: WritableText | None = absent("The place of the bad post, such as `2` or `/liveBlogUpdate/17`.")
    failed_at: UtcTime | None = absent("When it failed.")
