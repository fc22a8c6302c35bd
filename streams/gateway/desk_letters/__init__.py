"""`/desk/dead-letters`: the dead letters as a page that needs no script; forms give back and discard."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from streams.gateway.api.dead_letters import FILTERS, place_of_letter, read_filter
from streams.gateway.api.open_letters import OpenLetters
from streams.gateway.desk_letters.html import STYLE_HASH, letter_page, list_page
from streams.replay.letter_state import State

_PAGE_LETTERS: Final = 50
_HEADERS: Final = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": f"default-src 'none'; style-src 'self' '{STYLE_HASH}'; img-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    # Browsers name the origin of a form only to where its address may be told: without it the cookie does not count.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class DeskLetters:
    """The page's handlers."""

    letters: OpenLetters

    def handlers(self) -> Mapping[str, Handler]:
        """Return each route's handler by its name."""
        return {
            "deskLetters": self.list,
            "deskLetter": self.show,
            "deskRetryLetter": self.retry,
            "deskDiscardLetter": self.discard,
        }

    async def list(self, request: web.Request) -> web.Response:
        """Answer with the list, filtered by the form's fields; what is empty or unknown is ignored."""
        query = {name: request.query.getall(name) for name in FILTERS if request.query.get(name)}
        page = await self.letters.page(read_filter(query), request.query.get("cursor"), _PAGE_LETTERS)
        return web.Response(text=list_page(page, query), headers=_HEADERS)

    async def show(self, request: web.Request) -> web.Response:
        """Answer with one letter."""
        return web.Response(text=letter_page(await self.letters.show(place_of_letter(request))), headers=_HEADERS)

    async def retry(self, request: web.Request) -> web.Response:
        """Give the document back, then show the letter."""
        return await self._change(request, State.RETRIED)

    async def discard(self, request: web.Request) -> web.Response:
        """Discard the letter, then show it."""
        return await self._change(request, State.DISCARDED)

    async def _change(self, request: web.Request, state: State) -> web.Response:
        changed = await self.letters.change(place_of_letter(request), state, {}, again="again" in request.query)
        where = f"/desk/dead-letters/{changed['id']}"
        return web.Response(status=HTTPStatus.SEE_OTHER.value, headers={"Location": where, "Cache-Control": "no-store"})
