"""The filters of deliveries on the command line: `--coverage`, `--source`, `--filter name=value`."""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Final

import click

from streams.archive.facets import Facets
from streams.gateway.delivery.filters import PARAMETERS, Filter, FilterError
from streams.replay.source import Source

Wants = Callable[[Mapping[str, Any]], bool]
_EVER: Final = "ever"
_OF_DOCUMENTS: Final = frozenset({"coverage", "source"})


def wants_of(source: Source, coverages: Iterable[str], sources: Iterable[str], filters: Iterable[str]) -> Wants | None:
    """Return a function that says whether a record is wanted, or None for all; raises `click.BadParameter`."""
    query: dict[str, list[str]] = {"coverage": list(coverages), "source": list(sources)}
    for given in filters:
        name, equals, value = given.partition("=")
        _check(source, given, name, equals)
        query.setdefault(name, []).append(value)
    ever = _is_true(query.pop(_EVER, []))
    query = {name: values for name, values in query.items() if values}
    if not query:
        return None
    if source.holds_documents:
        wanted = _filter(query)
        return lambda fields: wanted.fits_origin(Facets(fields["coverage_id"], fields["source_id"]))
    # A replay leaves out nothing that it is not told to.
    wanted = _filter({"duplicates": ["include"], **query})
    if source is Source.ALERTS:
        return lambda alert: any(wanted.fits(facets) for facets in _of_alert(alert))
    return _Ever(wanted) if ever else lambda entry: wanted.fits(_of_entry(entry))


class _Ever:
    """Wants a revision that fits, and all later ones of an entry that once fitted, as a stream does."""

    def __init__(self, wanted: Filter) -> None:
        self._wanted = wanted
        self._had: set[str] = set()

    def __call__(self, entry: Mapping[str, Any]) -> bool:
        facets = _of_entry(entry)
        entry_id = str(entry.get("entry_id"))
        # A retraction has no content: it fits nobody by itself.
        if self._wanted.fits(facets) and not facets.gone:
            self._had.add(entry_id)
            return True
        return entry_id in self._had


def _check(source: Source, given: str, name: str, equals: str) -> None:
    known = PARAMETERS | {_EVER}
    if not equals:
        raise click.BadParameter(f"{given!r} is no filter; expected name=value", param_hint="--filter")
    if name not in known:
        close = get_close_matches(name, known, n=1)
        meant = f"did you mean {close[0]}?" if close else f"known are: {', '.join(sorted(known))}"
        raise click.BadParameter(f"{name!r} is no filter; {meant}", param_hint="--filter")
    if source.holds_documents and name not in _OF_DOCUMENTS:
        raise click.BadParameter(
            f"{name} is no filter of {source}: documents have coverage and source", param_hint="--filter"
        )
    if source is Source.ALERTS and name == _EVER:
        raise click.BadParameter("ever is no filter of alerts; entries have it", param_hint="--filter")


def _is_true(values: list[str]) -> bool:
    wrong = [value for value in values if value not in ("true", "false")]
    if wrong:
        raise click.BadParameter(f"ever is {wrong[0]!r}; expected true or false", param_hint="--filter")
    return "true" in values


def _filter(query: dict[str, list[str]]) -> Filter:
    try:
        return Filter.read(query)
    except FilterError as error:
        raise click.BadParameter(str(error), param_hint="--filter") from None


def _of_entry(entry: Mapping[str, Any]) -> Facets:
    return Facets.of({"coverage_id": "", "source_id": "", **entry})


def _of_alert(alert: Mapping[str, Any]) -> list[Facets]:
    """Return an alert as each of its sources would see it: its newest cause, with the alert's own urgency."""
    seen = {**(alert.get("entry") or {}), "coverage_id": alert.get("coverage_id", "")}
    if "urgency" in alert:
        seen["urgency"] = alert["urgency"]
    return [Facets.of({**seen, "source_id": source}) for source in alert.get("sources") or [""]]
