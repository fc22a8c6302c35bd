"""Which values of an entry an expression reads: an edit of others leaves what an alert says unchanged."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Project = Callable[[Any], Any]


@dataclass(slots=True)
class Reads:
    """A value of the entry, with what is read of it."""

    whole: bool = False
    present: bool = False
    """Only whether it is there."""
    fields: dict[str, "Reads"] = field(default_factory=dict)
    elements: "Reads | None" = None

    def member(self, name: str) -> "Reads":
        """Return the part for a field."""
        return self.fields.setdefault(name, Reads())

    def element(self) -> "Reads":
        """Return the part for a list's elements."""
        if self.elements is None:
            self.elements = Reads()
        return self.elements

    def project(self) -> Project:
        """Return a function from the entry to the values that are read, as plain tuples."""
        if self.whole:
            return _plain
        if self.elements is not None:
            each = self.elements.project()
            return lambda values: tuple([each(value) for value in values or ()])
        if self.present and not self.fields:
            return bool
        parts = [(name, part.project()) for name, part in sorted(self.fields.items())]
        return lambda value: tuple([project(getattr(value, name, None)) for name, project in parts])


def _plain(value: Any) -> Any:
    if type(value) is str:  # most are
        return value
    if isinstance(value, tuple | list):
        return tuple(_plain(each) for each in value)
    if hasattr(value, "model_dump_json"):
        return value.model_dump_json()
    return value if isinstance(value, int | float | None) else str(value)
