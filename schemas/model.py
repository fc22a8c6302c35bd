"""What all models share: frozen, tolerant of unknown fields, times in UTC, and absent means left out."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from operator import not_
from typing import Annotated, Any, Self, TypeVar

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
    def of_valid(cls, values: Mapping[str, Any]) -> Self:
        """Return a model of fields that are known to be valid, in a tenth of the time that checking them takes.

        The other fields have their defaults; `values` must have every field without one.
        """
        return _made(cls, {**_defaults(cls), **values}, set(values))

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy with other values; what they hold is shared unless `deep`."""
        if deep:
            return super().model_copy(update=update, deep=True)
        changed = update or {}
        return _made(type(self), {**self.__dict__, **changed}, {*self.__pydantic_fields_set__, *changed})

    @classmethod
    def from_json(cls, value: bytes | str) -> Self:
        """Read what `to_json` wrote; raises `pydantic.ValidationError` naming each wrong field."""
        return cls.model_validate(orjson.loads(value))


Made = TypeVar("Made", bound=Model)


def _made(model: type[Made], values: dict[str, Any], stated: set[str]) -> Made:
    made = model.__new__(model)
    object.__setattr__(made, "__dict__", values)
    object.__setattr__(made, "__pydantic_fields_set__", stated)
    object.__setattr__(made, "__pydantic_extra__", None)
    object.__setattr__(made, "__pydantic_private__", None)
    return made


@cache
def _defaults(model: type[Model]) -> dict[str, Any]:
    """Return each field's default in the order of the fields, and None for those that have none."""
    return {
        name: None if field.is_required() else field.get_default(call_default_factory=True)
        for name, field in model.model_fields.items()
    }
