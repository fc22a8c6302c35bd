"""`/`, `/coverages/{coverage}` and `/coverages/{coverage}/embed`, with a policy that lets nothing else in."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from http import HTTPStatus
from typing import Final

from aiohttp import web

from streams.archive import ArchiveLostError
from streams.gateway.auth.guard import ACCESS
from streams.gateway.delivery.filters import FilterError
from streams.gateway.http.base_address import base_address
from streams.gateway.http.coverages import KnownCoverages
from streams.gateway.http.problem import Problem
from streams.gateway.page.choice import Choice
from streams.gateway.page.content import Reader
from streams.gateway.page.document import render_embedded, render_page
from streams.gateway.page.files import is_held
from streams.gateway.page.pictures import Pictures
from streams.gateway.page.rendered import Rendered

_POLICY: Final = (
    # Nothing inline and nothing from elsewhere: text that slipped through every sanitiser still can't run.
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src {pictures}; "
    "base-uri 'none'; form-action 'self'; frame-ancestors {sites}"
)
_HEADERS: Final = {
    "Content-Type": "text/html; charset=utf-8",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Vary": "Authorization, Cookie",
}


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages' routes with what they need."""

    known: KnownCoverages
    reader: Reader
    pictures: Pictures = field(default_factory=Pictures)
    sites: Sequence[str] = ()
    """Origins of pages that may embed a coverage; `*`: any."""
    public_url: str | None = None
    rendered: Rendered = field(default_factory=Rendered)

    async def index(self, request: web.Request) -> web.Response:
        """Answer with the page of all coverages."""
        return await self._answer(request, None)

    async def coverage(self, request: web.Request) -> web.Response:
        """Answer with the page of a coverage; 404 where there is none of that name."""
        return await self._answer(request, request.match_info["coverage"])

    async def embedded(self, request: web.Request) -> web.Response:
        """Answer with the page of a coverage for an iframe."""
        return await self._answer(request, request.match_info["coverage"], embedded=True)

    async def _answer(self, request: web.Request, coverage: str | None, *, embedded: bool = False) -> web.Response:
        access = request[ACCESS]
        try:
            self.known.allow(access, [coverage] if coverage else [])
        except Problem as problem:
            # What is still being read may turn up: the page waits for it as its stream does.
            if problem.status is not HTTPStatus.SERVICE_UNAVAILABLE:
                raise
        try:
            choice = Choice.read(request.query, coverage)
        except FilterError as error:
            raise Problem(HTTPStatus.BAD_REQUEST, str(error)) from error
        if coverage is None:
            choice = replace(choice, filter=replace(choice.filter, coverages=access.coverages))
        base = base_address(request, self.public_url)
        hub = self.reader.hub
        what = (coverage, embedded, choice.address(before=str(choice.before)), access, base)
        found = self.rendered.get(what, hub.tag, hub.position) if hub.caught_up.is_set() else None
        if found is None:
            tag, position = hub.tag, dict(hub.position)
            content = self.reader.begun(access, coverage, choice, base)
            if hub.caught_up.is_set():
                with contextlib.suppress(ArchiveLostError):  # it is being built anew; the stream tells when it is
                    content = await self.reader.read(content)
            body = (render_embedded if embedded else render_page)(content, self.pictures)
            # The place in the log moves with every coverage; a page from an earlier place goes on from there.
            etag = sha256(body.replace((content.cursor or "").encode(), b"")).hexdigest()[:20]
            found = body, etag
            if content.cursor is not None:
                self.rendered.put(what, tag, position, body, etag)
        body, etag = found
        headers = {
            **_HEADERS,
            "ETag": f'"{etag}"',
            "Cache-Control": "private, no-cache" if access.token else "no-cache",
            "Content-Security-Policy": self._policy(embedded=embedded),
        }
        if is_held(request, etag):
            del headers["Content-Type"]
            return web.Response(status=HTTPStatus.NOT_MODIFIED.value, headers=headers)
        return web.Response(body=body, headers=headers)

    def _policy(self, *, embedded: bool) -> str:
        sites = " ".join(["'self'", *self.sites]) if embedded else "'none'"
        return _POLICY.format(pictures=self.pictures.policy(), sites=sites)
