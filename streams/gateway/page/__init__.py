"""The live page: static files of our own, served with a policy that lets nothing else in."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from importlib.resources import files
from typing import Final

from aiohttp import web

from streams.gateway.auth.guard import ACCESS
from streams.gateway.feeds.routes import feed_links
from streams.gateway.http.coverages import KnownCoverages
from streams.gateway.http.problem import Problem

_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_HEADERS: Final = {
    # Nothing inline and nothing from elsewhere: text that slipped through every sanitiser still can't run.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    # Asked for each time, answered with 304: after a release nobody runs yesterday's script with today's page.
    "Cache-Control": "no-cache",
}


@dataclass(frozen=True, slots=True)
class _File:
    body: bytes
    media_type: str
    etag: str


@dataclass(frozen=True, slots=True)
class Page:
    """The page's files, read once."""

    files: Mapping[str, _File]
    known: KnownCoverages

    @classmethod
    def load(cls, known: KnownCoverages) -> "Page":
        """Read the files that lie beside this module."""
        found = {}
        for each in files(__name__).iterdir():
            suffix = "." + each.name.rpartition(".")[2]
            if suffix in _TYPES:
                body = each.read_bytes()
                found[each.name] = _File(body, _TYPES[suffix], sha256(body).hexdigest()[:20])
        return cls(found, known)

    async def index(self, request: web.Request) -> web.Response:
        """Answer with the page; it finds its coverage in its own address."""
        return self._answer(request, self.files["index.html"])

    async def coverage(self, request: web.Request) -> web.Response:
        """Answer with the page of a coverage; 404 where there is none of that name."""
        try:
            self.known.allow(request[ACCESS], [request.match_info["coverage"]])
        except Problem as problem:
            # What is still being read may turn up: the page waits for it as its stream does.
            if problem.status is not HTTPStatus.SERVICE_UNAVAILABLE:
                raise
        return self._answer(request, _with_feeds(self.files["index.html"], request.match_info["coverage"]))

    async def file(self, request: web.Request) -> web.Response:
        """Answer with one of the page's files."""
        found = self.files.get(request.match_info["name"])
        if found is None:
            raise web.HTTPNotFound
        return self._answer(request, found)

    def _answer(self, request: web.Request, found: _File) -> web.Response:
        headers = {**_HEADERS, "ETag": f'"{found.etag}"'}
        if any(tag.value == found.etag for tag in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        return web.Response(body=found.body, headers={**headers, "Content-Type": found.media_type})


def _with_feeds(page: _File, coverage: str) -> _File:
    """Return the page whose head names the coverage's feeds."""
    body = page.body.replace(b"</head>", feed_links(coverage).encode() + b"</head>", 1)
    return _File(body, page.media_type, sha256(body).hexdigest()[:20])
