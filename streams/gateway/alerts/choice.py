"""Which alerts a request asks for: parameters become a query within what may be read."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from schemas.alert import AlertChange
from streams.archive.alerts.revision import OVER, AlertQuery
from streams.gateway.auth.access import Access
from streams.gateway.delivery.filters import FilterError, read_flag, read_many
from streams.gateway.delivery.start import read_stated_time
from streams.gateway.http.coverages import KnownCoverages
from streams.gateway.http.paging import PAGED
from streams.gateway.http.problem import Problem

FILTERS: Final = frozenset({"change", "coverage", "rule", "since", "standing"})
PARAMETERS: Final = FILTERS | PAGED
"""Of a list of alerts."""
_STANDING: Final = frozenset(AlertChange) - OVER


def read_choice(query: Mapping[str, list[str]], access: Access, known: KnownCoverages) -> AlertQuery | None:
    """Return what is asked for, or None where nothing can fit; raises a 400, 403 or 404 that names what is wrong."""
    changes = _changes(query)
    try:
        standing = read_flag(query, "standing")
    except FilterError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, str(error)) from error
    if standing is not None:
        among = _STANDING if standing else OVER
        changes = changes & among if changes else among
        if not changes:
            return None
    return AlertQuery(
        coverages=known.allow(access, read_many(query, "coverage")),
        rules=read_many(query, "rule"),
        changes=changes,
        since=read_stated_time(query, "since"),
    )


def _changes(query: Mapping[str, list[str]]) -> frozenset[AlertChange]:
    found = read_many(query, "change")
    if unknown := found - set(AlertChange):
        expected = ", ".join(AlertChange)
        raise Problem(HTTPStatus.BAD_REQUEST, f"change is {min(unknown)[:100]!r}; expected one of {expected}")
    return frozenset(AlertChange(each) for each in found)
