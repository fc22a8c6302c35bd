"""The parameters of a query string: an unknown one is an error that suggests what may have been meant."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from http import HTTPStatus
from typing import Final

from aiohttp import web

from streams.gateway.auth.bearer import QUERY
from streams.gateway.auth.guard import ACCESS
from streams.gateway.http.problem import Problem

_LONGEST_NAME_CHARS: Final = 50


def read_parameters(request: web.Request, known: Collection[str]) -> Mapping[str, list[str]]:
    """Return the query string's values by name; raises a 400 that names an unknown parameter.

    A filter with a typing error that was passed over would let everything through.
    """
    names = set(request.query)
    if ACCESS in request:
        names.discard(QUERY)  # the guard has read it; on a route that reads no token it is unknown like any other
    for name in sorted(names):
        if name not in known:
            raise Problem(HTTPStatus.BAD_REQUEST, explain_unknown(name, known))
    return {name: request.query.getall(name) for name in names}


def explain_unknown(name: str, known: Collection[str], what: str = "parameter") -> str:
    """Return what is wrong with an unknown name, and which one may have been meant."""
    # Its name alone: a value may be a token. A long one is hardly a typing error.
    shown = name[:_LONGEST_NAME_CHARS]
    if not known:
        return f"{what} {shown!r} is unknown; this route has none"
    close = get_close_matches(shown.lower(), known, n=1)
    meant = f"did you mean {close[0]!r}?" if close else f"expected one of {', '.join(sorted(known))}"
    return f"{what} {shown!r} is unknown; {meant}"
