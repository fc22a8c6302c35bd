"""`/v1/dead-letters`: what could not be processed, listed, looked at, given back or discarded by administrators."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import orjson
from aiohttp import web
from aiohttp.typedefs import Handler

from schemas.dead_letter import Stage
from streams.gateway.api.open_letters import OpenLetters
from streams.gateway.delivery.filters import FilterError, read_flag, read_many
from streams.gateway.delivery.start import one_value, read_stated_time
from streams.gateway.http.answer import json_answer
from streams.gateway.http.body import read_bounded
from streams.gateway.http.paging import PAGED, limit_of
from streams.gateway.http.parameters import read_parameters
from streams.gateway.http.problem import Problem
from streams.replay.letter import LetterIdError, Place, read_id
from streams.replay.letter_filter import LetterFilter
from streams.replay.letter_state import State

FILTERS: Final = frozenset({"stage", "source", "coverage", "error", "from", "to", "state"})
PARAMETERS: Final = FILTERS | PAGED
AGAIN: Final = frozenset({"again"})


@dataclass(frozen=True, slots=True)
class DeadLettersApi:
    """The routes' handlers."""

    letters: OpenLetters

    def handlers(self) -> Mapping[str, Handler]:
        """Return each route's handler by its name."""
        return {
            "deadLetters": self.list,
            "deadLetter": self.show,
            "retryDeadLetter": self.retry,
            "discardDeadLetter": self.discard,
        }

    async def list(self, request: web.Request) -> web.Response:
        """Answer with a page of letters, those first that failed last."""
        query = read_parameters(request, PARAMETERS)
        page = await self.letters.page(read_filter(query), one_value(query, "cursor") or None, limit_of(request))
        return json_answer(request, {"dead_letters": page.letters, **({"next": page.next} if page.next else {})})

    async def show(self, request: web.Request) -> web.Response:
        """Answer with a letter, its headers and its body."""
        read_parameters(request, ())
        return _json(await self.letters.show(place_of_letter(request)))

    async def retry(self, request: web.Request) -> web.Response:
        """Put the document back on `liveline.raw`; the body may change headers: `{"set": {"name": "value"}}`."""
        return await self._change(request, State.RETRIED, await _changes(request))

    async def discard(self, request: web.Request) -> web.Response:
        """Note that the letter is not to be processed any more."""
        return await self._change(request, State.DISCARDED, {})

    async def _change(self, request: web.Request, state: State, changes: Mapping[str, str]) -> web.Response:
        query = read_parameters(request, AGAIN)
        try:
            again = read_flag(query, "again") or False
        except FilterError as error:
            raise Problem(HTTPStatus.BAD_REQUEST, str(error)) from error
        return _json(await self.letters.change(place_of_letter(request), state, changes, again=again))


def place_of_letter(request: web.Request) -> Place:
    """Return where the letter of the path stands; raises a 404 for what is no id."""
    try:
        return read_id(request.match_info["letter"])
    except LetterIdError as error:
        raise Problem(HTTPStatus.NOT_FOUND, str(error)[:200]) from error


def read_filter(query: Mapping[str, list[str]]) -> LetterFilter:
    """Return what a query string asks for; raises a 400 that names what is wrong."""
    stage, state = one_value(query, "stage") or None, one_value(query, "state") or State.WAITING
    if stage is not None and stage not in list(Stage):
        raise Problem(HTTPStatus.BAD_REQUEST, f"stage is {stage[:100]!r}; expected one of {', '.join(Stage)}")
    if state not in list(State):
        raise Problem(HTTPStatus.BAD_REQUEST, f"state is {state[:100]!r}; expected one of {', '.join(State)}")
    return LetterFilter(
        stage=stage,
        sources=read_many(query, "source"),
        coverages=read_many(query, "coverage"),
        error=one_value(query, "error") or None,
        begins=read_stated_time(query, "from"),
        ends=read_stated_time(query, "to"),
        state=State(state),
    )


async def _changes(request: web.Request) -> dict[str, str]:
    """Return the headers to change, by name; an empty value removes one."""
    data = await read_bounded(request)
    if not data:
        return {}
    try:
        body = orjson.loads(data)
    except ValueError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, f"the body is no JSON ({error}); expected an object") from error
    changes = body.get("set", {}) if isinstance(body, dict) and body.keys() <= {"set"} else None
    if not isinstance(changes, dict) or not all(name and isinstance(value, str) for name, value in changes.items()):
        raise Problem(HTTPStatus.BAD_REQUEST, 'expected {"set": {"liveline-format": "ninjs"}}, or no body')
    return changes


def _json(body: Mapping[str, Any]) -> web.Response:
    return web.Response(body=orjson.dumps(body), content_type="application/json", headers={"Cache-Control": "no-store"})
