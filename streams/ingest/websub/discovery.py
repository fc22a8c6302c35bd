"""Finds the hub that a feed or a page names, and its topic: the headers count before the body."""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin, urlsplit

import orjson

_HEAD: Final = 64 * 1024
"""Bytes that are looked at: hubs are named before the first entry."""
_LONGEST: Final = 2000
_LINK: Final = re.compile(r"<(?:[A-Za-z][\w.-]{0,30}:)?link\s([^<>]{1,2000})>", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(r"""([A-Za-z-]{1,30})\s*=\s*(?:"([^"]{0,2000})"|'([^']{0,2000})'|([^\s"'>]{1,2000}))""")
_TARGET: Final = re.compile(r"<([^<>]{1,2000})>([^<]{0,2000})")
_REL: Final = re.compile(r"""\brel\s*=\s*(?:"([^"]{0,200})"|([^\s;,"]{1,200}))""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hub:
    """A hub's address, and the topic to subscribe to there."""

    hub: str
    topic: str


def discover(
    link_headers: Iterable[str], content_type: str, body: bytes, url: str, configured: str | None = None
) -> Hub | None:
    """Return the hub of what was read from `url`, or None.

    The topic is its own address (`rel="self"`), if that is of the host it was read from or of the one that is
    configured; another host's would have us publish what a stranger's hub says of somebody else's page. Otherwise the
    topic is where it was read from.
    """
    found = list(_header_links(link_headers))
    if not any(rel == "hub" for rel, _ in found):
        found += _json_feed_links(body) if "json" in content_type.lower() else _body_links(body[:_HEAD])
    hub = next((whole for rel, address in found if rel == "hub" and _is_web(whole := _joined(url, address))), "")
    topic = next((_joined(url, address) for rel, address in found if rel == "self"), url)
    own = _is_web(topic) and _host(topic) in {_host(url), _host(configured or url)}
    return Hub(hub, topic if own else url) if hub else None


def _joined(url: str, address: str) -> str:
    try:
        return urljoin(url, address)
    except ValueError:
        return ""


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _header_links(headers: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield relation and address of each link (RFC 8288)."""
    for header in headers:
        for address, parameters in _TARGET.findall(header):
            told = _REL.search(parameters)
            for rel in (told[1] or told[2] or "").lower().split() if told else ():
                yield rel, address.strip()


def _body_links(head: bytes) -> Iterator[tuple[str, str]]:
    lowered = head.lower()
    if b"hub" not in lowered:
        return
    # A feed's own links stand before its first entry, whose links are about something else.
    ends = [at for tag in (b"<item", b"<entry", b"<body") if (at := lowered.find(tag)) >= 0]
    for link in _LINK.findall(head[: min(ends, default=len(head))].decode("utf-8", "replace")):
        told = {name.lower(): html.unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(link)}
        for rel in told.get("rel", "").lower().split():
            if address := told.get("href", "").strip():
                yield rel, address


def _json_feed_links(body: bytes) -> Iterator[tuple[str, str]]:
    """Yield JSON Feed's `hubs` and `feed_url`."""
    if b'"hubs"' not in body:
        return
    try:
        feed = orjson.loads(body)
    except orjson.JSONDecodeError:
        return
    if not isinstance(feed, dict):
        return
    if isinstance(address := feed.get("feed_url"), str):
        yield "self", address
    hubs = feed.get("hubs")
    for hub in hubs if isinstance(hubs, list) else ():
        if isinstance(hub, dict) and str(hub.get("type", "")).lower() == "websub" and isinstance(hub.get("url"), str):
            yield "hub", hub["url"]


def _is_web(address: str) -> bool:
    return len(address) <= _LONGEST and address.lower().startswith(("http://", "https://"))
