"""The bounds of what is read from one document."""

from datetime import timedelta

from pydantic import BaseModel, Field

from streams.settings.values import Duration


class ParseSettings(BaseModel):
    """The bounds of a document."""

    parse_max_bytes: int = Field(
        8 * 1024 * 1024,
        description="Size of a document that is read; a larger one is a dead letter that says so.",
        ge=1024,
    )
    parse_max_depth: int = Field(
        200,
        description="Nesting of JSON and HTML; real pages stay far below, deeper ones take parsers minutes. XML has "
        "libxml2's own bound of 256, and its entities are not expanded.",
        ge=10,
        le=1000,
    )
    parse_max_posts: int = Field(
        5_000, description="Posts in one document; the longest live blogs have some 2,000.", ge=1
    )
    parse_timeout: Duration = Field(
        timedelta(seconds=20),
        description="Processor time for one document, from its bytes to its entries; a document that takes more is a "
        "dead letter. The slowest of real pages take 0.1s: this is for what nobody thought of.",
        ge=timedelta(milliseconds=100),
    )


class TextSettings(BaseModel):
    """The bound of a post's texts."""

    parse_max_text: int = Field(1_000_000, description="Characters of a post's headline, text or HTML, each.", ge=100)
