"""An entry: one update as we publish it, one record a revision; the product."""

from enum import StrEnum
from typing import NewType

from pydantic import Field

from schemas.model import Model, UtcTime, absent
from schemas.post import Content, Status

EntryId = NewType("EntryId", str)
CoverageId = NewType("CoverageId", str)
SourceId = NewType("SourceId", str)

SCHEMA_VERSION = "1.0"


class Change(StrEnum):
    """What a revision did."""

    CREATED = "created"
    UPDATED = "updated"
    CORROBORATED = "corroborated"
    RETRACTED = "retracted"
    RESTORED = "restored"


class EntityType(StrEnum):
    """What a named thing is."""

    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"
    EVENT = "event"
    OTHER = "other"


class Entity(Model):
    """A named thing in the body."""

    type: EntityType
    name: str = Field(description="Its usual name.")
    text: str = Field(description="As it stands in `body_text`.")
    start: int = Field(ge=0, description="Offset of `text` in `body_text`, in Unicode code points.")
    end: int = Field(ge=0, description="Offset after `text`.")
    id: str | None = absent("Wikidata's or an ISO code.")


class Place(Model):
    """A place the update is about."""

    name: str
    country: str | None = absent("ISO 3166-1 alpha-2.")
    latitude: float | None = Field(default=None, ge=-90, le=90, exclude_if=lambda value: value is None)
    longitude: float | None = Field(default=None, ge=-180, le=180, exclude_if=lambda value: value is None)


class Quote(Model):
    """Words and who said them."""

    text: str
    speaker: str | None = absent("Who said it.")


class FigureKind(StrEnum):
    """What a figure counts or measures."""

    DEAD = "dead"
    INJURED = "injured"
    MISSING = "missing"
    ARRESTED = "arrested"
    EVACUATED = "evacuated"
    RESCUED = "rescued"
    SCORE = "score"
    MONEY = "money"
    SHARE = "share"
    MAGNITUDE = "magnitude"


class Bound(StrEnum):
    """How a figure limits the true value."""

    LEAST = "least"
    MOST = "most"
    ABOUT = "about"


class Figure(Model):
    """A number that matters, as the update gives it."""

    kind: FigureKind
    value: float | int | tuple[float | int, float | int] = Field(
        description="A number; of a score the two sides' points."
    )
    bound: Bound | None = absent("`least`: at least that many; absent: exactly.")
    unit: str | None = absent("ISO 4217 of money; the scale of a magnitude; `percent` of a share.", examples=["GBP"])
    text: str = Field(description="As it stands in `body_text`.")
    start: int = Field(ge=0, description="Offset of `text` in `body_text`, in Unicode code points.")
    end: int = Field(ge=0, description="Offset after `text`.")


class SourceReport(Model):
    """Another source that reports the same."""

    source_id: SourceId
    entry_id: EntryId
    url: str | None = absent("Its permanent link.")
    published_at: UtcTime | None = absent("When it reported.")
    similarity: float | None = Field(
        default=None, ge=0, le=1, description="0 to 1.", exclude_if=lambda value: value is None
    )


class Origin(Model):
    """Where the raw document stands."""

    topic: str
    partition: int = Field(ge=0)
    offset: int = Field(ge=0)


class Entry(Content):
    """One update as we publish it, in one of its revisions."""

    entry_id: EntryId = Field(description="UUIDv5 of the source and the post's identity.")
    revision: int = Field(ge=1, description="From 1, one more with each visible change.")
    change: Change
    changed_fields: tuple[str, ...] = absent("Content fields whose visible content changed.", default=())
    status: Status
    coverage_id: CoverageId
    source_id: SourceId
    source_post_id: str | None = absent("The source's own id.")
    first_published_at: UtcTime | None = absent("Never changes over revisions.")
    received_at: UtcTime = Field(description="When the document reached Liveline.")
    processed_at: UtcTime = Field(description="When this revision was made.")
    content_hash: str | None = absent("Of the normalised content.")
    duplicate_of: EntryId | None = absent("The first report of the same, from another source.")
    sources: tuple[SourceReport, ...] = absent("Others that report the same.", default=())
    entities: tuple[Entity, ...] = absent("Named things in the body.", default=())
    places: tuple[Place, ...] = absent("Places it is about.", default=())
    quotes: tuple[Quote, ...] = absent("Quotations in it.", default=())
    figures: tuple[Figure, ...] = absent("Numbers that matter.", default=())
    urgency_reason: str | None = absent("Why a computed `urgency` is what it is; absent for the source's own.")
    is_correction: bool = absent("It says itself that it corrects.", default=False)
    story_id: str | None = absent("Related entries of a coverage share it.")
    enriched_by: str | None = absent("Version of the enrichers and their data: same version, same input, same output.")
    enrichment_errors: tuple[str, ...] = absent("Enrichers that failed.", default=())
    origin: Origin | None = absent("The raw document; absent outside Kafka.")
    schema_version: str = Field(default=SCHEMA_VERSION)
