"""`GET /v1/coverages/{coverage}/figures`: what was reported when, by whom, and what of it still stands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

import orjson
from aiohttp import web

from schemas import Entry
from schemas.entry import FigureKind
from streams.archive import Archive
from streams.gateway.figures.series import series_of
from streams.gateway.http.answer import tagged
from streams.gateway.http.parameters import read_parameters
from streams.gateway.http.problem import Problem
from streams.gateway.http.readable import Readable

PARAMETERS: Final = frozenset({"kind", "duplicates"})
_KINDS: Final = {kind.value: kind for kind in FigureKind}
_DUPLICATES: Final = ("collapse", "include")


@dataclass(frozen=True, slots=True)
class Figures:
    """The route with what it needs."""

    archive: Callable[[], Archive]
    readable: Readable

    async def handle(self, request: web.Request) -> web.Response:
        """Answer with the series of the kinds that are asked for."""
        query = read_parameters(request, PARAMETERS)
        kinds, duplicates = _kinds(query), _duplicates(query)
        coverage = request.match_info["coverage"]
        archive = self.archive()
        self.readable(request, frozenset({coverage}))
        revisions = (Entry.model_validate_json(each.value) for each in await archive.figures(coverage))
        found = [series.to_dict() for series in series_of(revisions, kinds, duplicates=duplicates)]
        return tagged(request, orjson.dumps({"figures": found}, _time, orjson.OPT_PASSTHROUGH_DATETIME))


def _kinds(query: Mapping[str, list[str]]) -> frozenset[FigureKind]:
    names = {part.strip() for value in query.get("kind", ()) for part in value.split(",") if part.strip()}
    if unknown := names - _KINDS.keys():
        expected = ", ".join(_KINDS)
        raise Problem(HTTPStatus.BAD_REQUEST, f"kind is {min(unknown)[:100]!r}; expected one of {expected}")
    return frozenset(_KINDS[name] for name in names)


def _duplicates(query: Mapping[str, list[str]]) -> bool:
    values = query.get("duplicates", ["collapse"])
    if len(values) != 1 or values[0] not in _DUPLICATES:
        raise Problem(HTTPStatus.BAD_REQUEST, f"duplicates is {values[0][:100]!r}; expected collapse or include, once")
    return values[0] == "include"


def _time(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    raise TypeError(f"{type(value).__name__} is no part of a series")
