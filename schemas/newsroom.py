"""The newsroom: coverages and their sources, as written in `liveline.yaml`."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from schemas.alert_rule import AlertRule, Configured, Sink
from schemas.entry import CoverageId, EntityType, SourceId
from schemas.webhook import FixedWebhook

SLUG = r"^[a-z0-9][a-z0-9._-]{0,99}$"


class Identity(StrEnum):
    """What tells a source's posts apart."""

    AUTO = "auto"
    ID = "id"
    URL = "url"
    FRAGMENT = "fragment"
    PUBLISHED_HEADLINE = "published+headline"
    CONTENT = "content"


class Source(Configured):
    """A publisher's live blog about a coverage."""

    id: SourceId = Field(pattern=SLUG)
    url: str | None = Field(default=None, description="Polled when given.")
    every: str = Field(default="15s", pattern=r"^\d+(ms|s|m|h)$", description="Between two polls.")
    format: str = Field(default="auto", description="A parser's name, or `auto`.")
    timezone: str = Field(default="UTC", description="IANA name; for clocks without a zone.")
    zulu_is_local: bool = Field(default=False, description="The source writes `Z` and means its own time.")
    language: str | None = Field(default=None, description="BCP 47; of posts that don't tell theirs.")
    identity: Identity = Field(default=Identity.AUTO, description="What tells its posts apart.")
    complete: bool = Field(default=False, description="What is missing from a snapshot is gone.")

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"{value!r} is no IANA time zone; expected a name such as Europe/London") from error
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of its clocks."""
        return ZoneInfo(self.timezone)


class KnownName(Configured):
    """A person, an organisation or a place that a coverage is about."""

    type: EntityType = Field(description="What it is.")
    name: str = Field(min_length=1, description="The name it goes by.")
    country: str | None = Field(default=None, pattern="^[A-Z]{2}$", description="ISO 3166-1 alpha-2.")
    latitude: float | None = Field(default=None, ge=-90, le=90, description="Of a place.")
    longitude: float | None = Field(default=None, ge=-180, le=180, description="Of a place.")


class Coverage(Configured):
    """The news event being covered."""

    id: CoverageId = Field(pattern=SLUG)
    title: str | None = None
    country: str | None = Field(default=None, pattern="^[A-Z]{2}$", description="Resolves ambiguous places.")
    public: bool = Field(default=True, description="`false`: only with a token.")
    closed: bool = Field(default=False, description="`true`: over; kept and readable.")
    names: tuple[KnownName, ...] = Field(
        default=(), description="People, organisations and places that it is about, by the names they go by."
    )
    near_duplicates: bool = Field(default=True, description="Recognise the same news from another source.")
    sources: tuple[Source, ...] = ()


class Newsroom(Configured):
    """All of `liveline.yaml`."""

    coverages: tuple[Coverage, ...] = ()
    alerts: tuple[AlertRule, ...] = ()
    sinks: tuple[Sink, ...] = ()
    webhooks: tuple[FixedWebhook, ...] = ()

    @model_validator(mode="after")
    def _unique(self) -> Self:
        coverages: list[str] = [coverage.id for coverage in self.coverages]
        sources: list[str] = [source.id for coverage in self.coverages for source in coverage.sources]
        webhooks: list[str] = [webhook.id for webhook in self.webhooks]
        for what, ids in (("coverage", coverages), ("source", sources), ("webhook", webhooks)):
            twice = sorted({i for i in ids if ids.count(i) > 1})
            if twice:
                raise ValueError(f"{what} {twice[0]!r} is configured twice; each needs an id of its own")
        return self

    def all_sources(self) -> Iterator[Source]:
        """Yield the sources of all coverages, in the file's order."""
        for coverage in self.coverages:
            yield from coverage.sources

    def coverage(self, coverage_id: str) -> Coverage | None:
        """Return a coverage by its id, or None."""
        return next((c for c in self.coverages if c.id == coverage_id), None)

    def coverage_of(self, source_id: str) -> Coverage | None:
        """Return the coverage that a source belongs to, or None for an unknown source."""
        return next((c for c in self.coverages for s in c.sources if s.id == source_id), None)

    def source(self, source_id: str) -> Source | None:
        """Return a source by its id, or None."""
        return next((s for s in self.all_sources() if s.id == source_id), None)
