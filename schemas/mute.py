"""A mute: a coverage or a story that nobody is told of for a while; and an acknowledgement of an alert."""

from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from schemas.model import Model, UtcTime, absent

_ID_CHARS = 250
_Id = Annotated[str, Field(min_length=1, max_length=_ID_CHARS)]


class NewMute(Model):
    """What is to be muted: either a coverage or a story."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"oneOf": [{"required": ["coverage"]}, {"required": ["story"]}]},
    )
    coverage: _Id | SkipJsonSchema[None] = Field(default=None, description="Its id.")
    story: _Id | SkipJsonSchema[None] = Field(default=None, description="Its id.")
    until: UtcTime = Field(description="When it ends.")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.coverage is None) is (self.story is None):
            raise ValueError("expected one of coverage and story")
        return self


class MuteRecord(Model):
    """A coverage or a story, muted until a time."""

    id: str
    coverage: str | None = absent("Its id.")
    story: str | None = absent("Its id.")
    until: UtcTime = Field(description="When it ends.")
    created_at: UtcTime
    by: str | None = absent("Who muted it, as the token says.")


class AcknowledgementRecord(Model):
    """Who saw to an alert."""

    alert_id: str
    at: UtcTime
    by: str | None = absent("As the token says.")
