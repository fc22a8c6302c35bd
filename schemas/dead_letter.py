"""A dead letter: a document or a part of it that could not be processed, kept whole with the reason."""

from enum import StrEnum

from pydantic import Field

from schemas.document import Document
from schemas.entry import Origin
from schemas.model import Model, absent


class Stage(StrEnum):
    """Where it failed."""

    PARSE = "parse"
    DEDUPLICATE = "deduplicate"
    ENRICH = "enrich"
    DELIVER = "deliver"


class DeadLetter(Model):
    """The document with its own headers, where it failed and why."""

    document: Document = Field(description="Its `body` is the bad part's bytes when only a part is bad.")
    stage: Stage
    error: str = Field(description="What was found and what was expected.")
    origin: Origin | None = absent("Where the raw document stands.")
    part: str | None = absent("The place of the bad post, such as `2` or `/liveBlogUpdate/17`.")
