"""What all models share: frozen, tolerant of unknown fields, times in UTC, and absent means left out."""

from datetime import UTC, datetime
from operator import not_
from typing import Annotated, Any, Self

import orjson
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field


def _to_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError as error:  # pydantic reports a ValueError as a wrong field; others pass through it
        raise ValueError("the time is out of range in UTC") from error


UtcTime = Annotated[AwareDatetime, AfterValidator(_to_utc)]
"""An aware time, kept and written in UTC (RFC 3339 with a ``Z``)."""


def absent(description: str, *, default: Any = None, **constraints: Any) -> Any:
    """Return a field that is left out of the JSON while it is empty: None, an empty list or False."""
    return Field(default=default, exclude_if=not_, description=description, **constraints)


class Model(BaseModel):
    """A value that crosses a border."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    def to_json(self) -> bytes:
        """Return the value as JSON on one line, in UTF-8."""
        return self.model_dump_json().encode()

    def to_dict(self) -> dict[str, Any]:
        """Return the value as plain JSON types."""
        dumped: dict[str, Any] = self.model_dump(mode="json")
        return dumped

    @classmethod
    def from_json(cls, value: bytes | str) -> Self:
        """Read what `to_json` wrote; raises `pydantic.ValidationError` naming each wrong field."""
        return cls.model_validate(orjson.loads(value))
