"""Addresses as they may reach a reader: http and https, nothing that a browser would run."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from schemas.post import Embed, Media

# Browsers pass over these wherever they stand in an address, so `java\tscript:` is one of theirs.
_PASSED_OVER: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u2028\u2029\ufeff]+")
_WEB: Final = re.compile(r"(https?)://(?=[^/?#\s])", re.IGNORECASE)
# Anything before a colon counts as a scheme: browsers are lenient, and so are those who write `java script:`.
_SCHEME: Final = re.compile(r"[^/?#]*:")
_RUN: Final = ("javascript:", "data:", "vbscript:")


def web_address(written: str, base: str | None = None) -> str | None:
    """Return an http or https address, or None for any other text.

    One without a scheme is relative: to `base`, the document's own address, where that is known.
    """
    address = _PASSED_OVER.sub("", written).strip()
    if not address:
        return None
    if not _SCHEME.match(address):
        address = _joined(base, address)
    found = _WEB.match(address)
    try:
        urlsplit(address)
    except ValueError:  # brackets that don't close
        return None
    return found[1].lower() + address[found.end(1) :] if found else None


def link_target(written: str) -> str | None:
    """Return an address as it may stand in markup: of the web, or relative; None for any other."""
    address = _PASSED_OVER.sub("", written).strip()
    return web_address(address) if _SCHEME.match(address) or address.startswith("//") else address or None


def identifier(written: str) -> str | None:
    """Return the id in a post's `url` that is no web address, such as a `urn:` or `tag:`."""
    address = "".join(_PASSED_OVER.sub("", written).split())
    return address if address and not any(scheme in address.lower() for scheme in _RUN) else None


def with_web_addresses(items: Iterable[Any], base: str | None) -> tuple[Any, ...]:
    """Return media or embeds with web addresses; one that is left with nothing to show is left out.

    A value of a wrong type stays as it is, so that validation reports it.
    """
    kept = []
    for item in items:
        fields = item.model_dump() if isinstance(item, Media | Embed) else item
        written = fields.get("url") if isinstance(fields, Mapping) else None
        if not isinstance(written, str):
            kept.append(item)
            continue
        address = web_address(written, base)
        if address == written:
            kept.append(item)
        elif address or any(fields.get(name) for name in ("caption", "credit", "alt", "text")):
            kept.append({**fields, "url": address})
    return tuple(kept)


def _joined(base: str | None, address: str) -> str:
    if address.startswith("//"):
        return f"https:{address}"
    try:
        return urljoin(base or "", address)
    except ValueError:
        return address
