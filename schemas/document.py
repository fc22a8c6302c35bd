"""A document: what a producer pushed, untouched."""

from pydantic import ConfigDict, Field

from schemas.entry import CoverageId, SourceId
from schemas.model import Model, UtcTime, absent


class Document(Model):
    """Bytes of a source about a coverage: one post, a feed, or a page of 500 posts."""

    # Bytes are any bytes; in JSON they are base64.
    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    id: str = Field(min_length=1, description="Unique within the source; CloudEvents `id`.")
    source_id: SourceId = Field(min_length=1)
    coverage_id: CoverageId = Field(min_length=1)
    received_at: UtcTime = Field(description="When it reached Liveline.")
    content_type: str = Field(description="Media type, with its parameters.", examples=["text/html; charset=utf-8"])
    body: bytes = Field(description="As received.")
    url: str | None = absent("Where it was read from.")
    format: str | None = absent("A parser's name, when it is known.", examples=["ninjs"])
    traceparent: str | None = absent("W3C trace context.")
