"""CEL's types, and those of entries, coverages and sources, which follow from their models."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, StrEnum
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, NewType, Union, get_args, get_origin

from pydantic import AwareDatetime, BaseModel

if TYPE_CHECKING:
    from collections.abc import Mapping


class Kind(StrEnum):
    """What a value is."""

    BOOL = "bool"
    INT = "int"
    DOUBLE = "double"
    STRING = "string"
    BYTES = "bytes"
    TIMESTAMP = "timestamp"
    DURATION = "duration"
    NULL = "null"
    LIST = "list"
    MAP = "map"
    OBJECT = "object"
    TYPE = "type"
    DYN = "dyn"


@dataclass(frozen=True, slots=True)
class Type:
    """The type of a part of an expression."""

    kind: Kind
    element: "Type | None" = None
    """Of a list."""
    name: str = ""
    """Of an object: what an error calls it. Of a string: the name of its closed set of words."""
    fields: "Mapping[str, Type]" = field(default_factory=dict, compare=False, repr=False)

    @property
    def numeric(self) -> bool:
        """Whether it is a number."""
        return self.kind in {Kind.INT, Kind.DOUBLE}

    def __str__(self) -> str:
        if self.kind is Kind.LIST:
            return f"list of {self.element}" if self.element and self.element.kind is not Kind.DYN else "list"
        return self.name if self.kind is Kind.OBJECT else self.kind.value


BOOL, INT, DOUBLE, STRING, BYTES = (Type(kind) for kind in (Kind.BOOL, Kind.INT, Kind.DOUBLE, Kind.STRING, Kind.BYTES))
TIMESTAMP, DURATION, NULL, DYN = (Type(kind) for kind in (Kind.TIMESTAMP, Kind.DURATION, Kind.NULL, Kind.DYN))
MAP, TYPE = Type(Kind.MAP), Type(Kind.TYPE)

_PLAIN = {
    bool: BOOL,
    int: INT,
    float: DOUBLE,
    str: STRING,
    bytes: BYTES,
    datetime: TIMESTAMP,
    AwareDatetime: TIMESTAMP,
    timedelta: DURATION,
}


def list_of(element: Type) -> Type:
    """Return the type of a list."""
    return Type(Kind.LIST, element)


def object_of(model: type[BaseModel], name: str) -> Type:
    """Return the type of a model's values, with a type for each field."""
    fields = {key: _of(info.annotation, f"{name}.{key}") for key, info in model.model_fields.items()}
    return Type(Kind.OBJECT, name=name, fields=fields)


def _of(annotation: Any, name: str) -> Type:
    while isinstance(annotation, NewType):
        annotation = annotation.__supertype__
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in {Union, UnionType}:
        kinds = [each for each in arguments if each is not NoneType]
        return _of(kinds[0], name) if len(kinds) == 1 else DYN
    if origin is tuple:
        return list_of(_of(arguments[0], f"{name}[]"))
    if hasattr(annotation, "__metadata__"):  # Annotated
        return _of(arguments[0], name)
    if isinstance(annotation, type):
        if issubclass(annotation, BaseModel):
            return object_of(annotation, name)
        if issubclass(annotation, Enum):
            return Type(Kind.STRING, name=annotation.__name__)
        return _PLAIN.get(annotation, DYN)
    return DYN


def fits(given: Type, wanted: Type) -> bool:
    """Return whether a value of a type may stand where another is wanted."""
    if Kind.DYN in {given.kind, wanted.kind}:
        return True
    if given.numeric and wanted.numeric:
        return True
    if given.kind is Kind.LIST and wanted.kind is Kind.LIST:
        return given.element is None or wanted.element is None or fits(given.element, wanted.element)
    return given.kind is wanted.kind


def joined(first: Type, second: Type) -> Type:
    """Return the type of what may be either."""
    if first.kind is Kind.NULL or first == second:
        return second
    if second.kind is Kind.NULL:
        return first
    if first.numeric and second.numeric:
        return DOUBLE
    return first if first.kind is second.kind and first.kind is not Kind.LIST else DYN
