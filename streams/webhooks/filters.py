"""A webhook's filter: the filters of the streams, written as JSON."""

from collections.abc import Mapping
from difflib import get_close_matches

from schemas.webhook import FilterValues
from streams.gateway.delivery.filters import PARAMETERS, Filter, FilterError


def filter_of(values: FilterValues) -> Filter:
    """Return the filter; raises `FilterError` that names what is wrong."""
    return Filter.read({_known(name): _texts(value) for name, value in values.items()})


def _known(name: str) -> str:
    if name in PARAMETERS:
        return name
    close = get_close_matches(name[:50], PARAMETERS, n=1)
    meant = f"did you mean {close[0]!r}?" if close else f"expected one of {', '.join(sorted(PARAMETERS))}"
    raise FilterError(f"{name[:50]!r} is no filter; {meant}")


def _texts(value: str | int | bool | tuple[str | int | bool, ...]) -> list[str]:  # noqa: FBT001  (JSON's own)
    many = value if isinstance(value, tuple | list) else (value,)
    return [str(each).lower() if isinstance(each, bool) else str(each) for each in many]


def alert_fits(wanted: Filter, alert: Mapping[str, object]) -> bool:
    """Say whether an alert is wanted: of a filter, its coverages and its urgency speak of alerts."""
    urgency = alert.get("urgency")
    return (not wanted.coverages or alert.get("coverage_id") in wanted.coverages) and (
        wanted.min_urgency is None or (isinstance(urgency, int) and urgency <= wanted.min_urgency)
    )
