"""The newsroom: coverages and their sources, as written in `liveline.yaml`."""

from enum import StrEnum
from typing import Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ConfigDict, Field, field_validator, model_validator

from schemas.entry import CoverageId, SourceId
from schemas.model import Model
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


class _Configured(Model):
    """Unlike data from outside, a setting nobody knows is a mistake to be named."""

    model_config = ConfigDict(extra="forbid")


class Source(_Configured):
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


class Coverage(_Configured):
    """The news event being covered."""

    id: CoverageId = Field(pattern=SLUG)
    title: str | None = None
    country: str | None = Field(default=None, pattern="^[A-Z]{2}$", description="Resolves ambiguous places.")
    near_duplicates: bool = Field(default=True, description="Recognise the same news from another source.")
    sources: tuple[Source, ...] = ()


class Newsroom(_Configured):
    """All of `liveline.yaml`."""

    coverages: tuple[Coverage, ...] = ()
    alerts: tuple[dict[str, Any], ...] = ()
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

    def coverage_of(self, source_id: str) -> Coverage | None:
        """Return the coverage that a source belongs to, or None for an unknown source."""
        return next((c for c in self.coverages for s in c.sources if s.id == source_id), None)

    def source(self, source_id: str) -> Source | None:
        """Return a source by its id, or None."""
        return next((s for c in self.coverages for s in c.sources if s.id == source_id), None)
