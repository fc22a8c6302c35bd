"""`/coverages/{coverage}/feed.atom`, `.rss`, `.json`, `.jsonld` and `.ninjs`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Final
from urllib.parse import quote, urlencode

from aiohttp import web
from aiohttp.typedefs import Handler

from schemas.newsroom import Newsroom
from streams.archive import Archive
from streams.gateway.delivery.filters import PARAMETERS, Filter, FilterError
from streams.gateway.feeds.atom import atom
from streams.gateway.feeds.coverage_feed import CoverageFeed
from streams.gateway.feeds.json_feed import json_feed
from streams.gateway.feeds.live_blog_posting import live_blog_posting
from streams.gateway.feeds.modified import LastModified
from streams.gateway.feeds.newest import describe, newest
from streams.gateway.feeds.ninjs import ninjs
from streams.gateway.feeds.rss import rss
from streams.gateway.http.base_address import base_address
from streams.gateway.http.cors import ANY_ORIGIN
from streams.gateway.http.problem import Problem
from streams.gateway.http.readable import Readable

FORMATS: Final[Mapping[str, tuple[str, Callable[[CoverageFeed], bytes]]]] = {
    "atom": ("application/atom+xml; charset=utf-8", atom),
    "rss": ("application/rss+xml; charset=utf-8", rss),
    "json": ("application/feed+json", json_feed),
    "jsonld": ("application/ld+json", live_blog_posting),
    "ninjs": ("application/json", ninjs),
}
"""Each suffix with its media type and who writes it."""
_TITLES: Final = {"atom": "Atom", "rss": "RSS", "json": "JSON Feed", "jsonld": "LiveBlogPosting", "ninjs": "ninjs"}


@dataclass(frozen=True, slots=True)
class Feeds:
    """The routes with what they need."""

    archive: Callable[[], Archive]
    newsroom: Newsroom
    readable: Readable
    modified: LastModified
    public_url: str | None = None
    """The gateway's address for others; None: the one that was asked."""

    def handlers(self) -> Mapping[str, Handler]:
        """Return each feed's handler by its route's name."""
        return {f"feed.{suffix}": self._handler(suffix) for suffix in FORMATS}

    def _handler(self, suffix: str) -> Handler:
        async def handle(request: web.Request) -> web.Response:
            return await self._answer(request, suffix)

        return handle

    async def _answer(self, request: web.Request, suffix: str) -> web.Response:
        media_type, write = FORMATS[suffix]
        coverage = request.match_info["coverage"]
        # What others append to a link, such as `utm_source`, is passed over; filters count.
        query = {name: request.query.getall(name) for name in request.query if name in PARAMETERS - {"coverage"}}
        try:
            wanted = Filter.read(query, coverage)
        except FilterError as error:
            raise Problem(HTTPStatus.BAD_REQUEST, str(error)) from error
        archive = self.archive()
        self.readable(request, frozenset({coverage}))
        base = base_address(request, self.public_url)
        page = f"{base}/coverages/{quote(coverage, safe='')}"
        address = f"{page}/feed.{suffix}" + (f"?{urlencode(query, doseq=True)}" if query else "")
        entries, _ = await newest(archive, wanted)
        feed = await describe(archive, self.newsroom, coverage, entries, page=page, address=address)
        body = write(feed)
        etag = sha256(body).hexdigest()[:20]
        modified = self.modified.of(address, etag, feed.changed)
        headers = {
            **ANY_ORIGIN,
            "Access-Control-Expose-Headers": "ETag, Last-Modified",
            "Cache-Control": "no-cache",
            "Content-Type": media_type,
            "ETag": f'"{etag}"',
            "X-Content-Type-Options": "nosniff",
        }
        if modified is not None:
            headers["Last-Modified"] = format_datetime(modified, usegmt=True)
        if _has(request, etag, modified):
            del headers["Content-Type"]
            return web.Response(status=HTTPStatus.NOT_MODIFIED.value, headers=headers)
        return web.Response(body=body, headers=headers)


def _has(request: web.Request, etag: str, modified: datetime | None) -> bool:
    """Whether the client has this form; by RFC 9110 its ETag goes before its time."""
    if request.if_none_match is not None:
        return any(tag.value in (etag, "*") for tag in request.if_none_match)
    # Exactly the time that was said: another gateway's, or that of before a restart, may be a little later.
    return modified is not None and request.if_modified_since == modified


def feed_links(coverage: str) -> str:
    """Return the lines of a page's head that name a coverage's feeds."""
    path = f"/coverages/{quote(coverage, safe='')}/feed."
    links = [
        f'<link rel="alternate" type="{media_type.split(";")[0]}" title="{_TITLES[suffix]}" href="{path}{suffix}">'
        for suffix, (media_type, _) in FORMATS.items()
    ]
    return "\n".join([*links, ""])
