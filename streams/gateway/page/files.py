"""Scripts, styles and the client: static files of our own, read once, each with an ETag."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from typing import Final

from aiohttp import web

from streams.gateway.http.cors import ANY_ORIGIN

_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".ts": "text/plain; charset=utf-8",
}
_HEADERS: Final = {
    # Pages of other sites load the client and the component by themselves.
    **ANY_ORIGIN,
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    # Asked for each time, answered with 304: after a release nobody runs yesterday's script with today's page.
    "Cache-Control": "no-cache",
}


@dataclass(frozen=True, slots=True)
class _File:
    body: bytes
    media_type: str
    etag: str


@dataclass(frozen=True, slots=True)
class PageFiles:
    """The files, by name: those of the page, and those with an address of their own."""

    page: Mapping[str, _File]
    client: Mapping[str, _File]

    @classmethod
    def load(cls) -> "PageFiles":
        """Read the files that lie beside this module."""
        return cls(_read("files"), _read("client"))

    async def of_page(self, request: web.Request) -> web.Response:
        """Answer with one of the page's files."""
        return _answer(request, self.page.get(request.match_info["name"]))

    async def of_client(self, request: web.Request) -> web.Response:
        """Answer with the client, its types, or the script for other sites' pages."""
        return _answer(request, self.client.get(request.path.removeprefix("/")))


def is_held(request: web.Request, etag: str) -> bool:
    """Whether the client has a body with this ETag."""
    return any(tag.value in (etag, "*") for tag in request.if_none_match or ())


def _read(folder: str) -> Mapping[str, _File]:
    found = {}
    for each in (files(__package__) / folder).iterdir():
        suffix = "." + each.name.rpartition(".")[2]
        if suffix in _TYPES:
            body = each.read_bytes()
            found[each.name] = _File(body, _TYPES[suffix], sha256(body).hexdigest()[:20])
    return found


def _answer(request: web.Request, found: _File | None) -> web.Response:
    if found is None:
        raise web.HTTPNotFound
    headers = {**_HEADERS, "ETag": f'"{found.etag}"'}
    if is_held(request, found.etag):
        return web.Response(status=304, headers=headers)
    return web.Response(body=found.body, headers={**headers, "Content-Type": found.media_type})
