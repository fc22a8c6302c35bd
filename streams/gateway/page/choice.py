"""What a reader wants to see of a coverage, as the page's address says it; parameters that are not ours are ignored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import urlencode

from multidict import MultiMapping

from schemas import Entry
from schemas.entry import FigureKind
from streams.archive.facets import Facets
from streams.gateway.delivery.filters import PARAMETERS, Filter

SHOW_CHANGED: Final = "changed"
_FILTERS: Final = PARAMETERS - {"coverage", "duplicates"}
_KINDS: Final = {kind.value: kind for kind in FigureKind}
_PLACE_DIGITS: Final = 18


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter, what of its entries is shown, and from which place on."""

    filter: Filter = field(default_factory=Filter)
    query: Mapping[str, list[str]] = field(default_factory=dict)
    """The parameters that count, as they were given."""
    figure: FigureKind | None = None
    """Only entries that give a figure of this kind."""
    changed: bool = False
    """Only what was edited, corrected or withdrawn."""
    before: int | None = None
    """Entries from before this place on."""

    @classmethod
    def read(cls, query: MultiMapping[str], coverage: str | None) -> Self:
        """Read a query string; raises `FilterError` for a filter's value that is wrong."""
        filters = {
            name: query.getall(name) for name in sorted(set(query)) if name in _FILTERS and any(query.getall(name))
        }
        figure = _KINDS.get(query.get("figure", ""))
        changed = query.get("show") == SHOW_CHANGED
        place = query.get("before", "")
        return cls(
            Filter.read(filters, coverage),
            {
                **filters,
                **({"figure": [figure.value]} if figure else {}),
                **({"show": [SHOW_CHANGED]} if changed else {}),
            },
            figure,
            changed,
            int(place) if place.isascii() and place.isdecimal() and len(place) <= _PLACE_DIGITS else None,
        )

    @property
    def whole(self) -> bool:
        """Whether nothing is filtered, and the newest come first."""
        return not self.query and self.before is None

    def fits(self, entry: Entry) -> bool:
        """Whether an entry is shown, beyond what the archive looks at."""
        return self.figure is None or any(figure.kind is self.figure for figure in entry.figures)

    def fits_whole(self, facets: Facets, entry: Entry) -> bool:
        """Whether an entry is shown at all, if it still stands."""
        return not facets.gone and self.filter.fits(facets) and self.fits(entry)

    def has(self, name: str, value: str) -> bool:
        """Whether a parameter has a value."""
        return value in self.query.get(name, ())

    def address(self, **changes: str | None) -> str:
        """Return the query string with other values for some parameters; None takes one out. `?` if none is left."""
        query = {**self.query, **{name: [value] for name, value in changes.items() if value is not None}}
        for name, value in changes.items():
            if value is None:
                query.pop(name, None)
        return "?" + urlencode(query, doseq=True)
