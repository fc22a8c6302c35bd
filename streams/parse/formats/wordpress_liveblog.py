"""WordPress Liveblog (Automattic/liveblog): its JSON, where an edit or a delete is a new entry, and its markup."""

import re
from typing import Any, Final

from selectolax.lexbor import LexborNode

from schemas.post import Post, Status
from streams.exceptions import ParseError
from streams.parse.build import build_post
from streams.parse.html.heading import first_heading
from streams.parse.html.take_apart import take_apart
from streams.parse.items.merge import merge_posts
from streams.parse.items.shape import as_dict, as_list, dig, first_text, is_true, need_dict
from streams.parse.pages.element import page_url, read_element
from streams.parse.parsed import Parsed, collect
from streams.parse.payload.payload import Payload
from streams.parse.registry import parser

_ENTRY: Final = ".liveblog-entry, [id^='liveblog-entry-']"
_KEY: Final = re.compile(r"\btype-key\b|liveblog-entry--key|\bkey-event\b")
_TYPES: Final = ("new", "update", "delete")


def _is_liveblog(payload: Payload) -> bool:
    body = payload.document.body
    if payload.looks_like_json:
        return b'"timestamp"' in body and bool(_entries(payload.json))
    return payload.looks_like_html and b"liveblog-entry" in body and payload.html.css_first(_ENTRY) is not None


@parser("wordpress-liveblog", looks_like=_is_liveblog, rank=45)
def parse_wordpress_liveblog(payload: Payload) -> Parsed:
    """Read the entries; of those that replace one another the last counts, first published when the first was."""
    if payload.looks_like_json:
        entries = _entries(payload.json)
        if not entries:
            raise ParseError("no entries of a WordPress Liveblog in this JSON")
        posts, bad = collect(payload, entries, lambda entry: _post(payload, entry))
        return Parsed(merge_posts(posts), tuple(bad), snapshot=False)
    nodes = [node for node in payload.html.css(_ENTRY) if not _inside(node)]
    if not nodes:
        raise ParseError("no entries of a WordPress Liveblog in this page")
    url = page_url(payload)
    by_html = {node.html or "": node for node in nodes}
    posts, bad = collect(
        payload,
        ((f"/entries/{place}", html) for place, html in enumerate(by_html)),
        lambda html: _element(payload, by_html[html], url),
    )
    return Parsed(merge_posts(posts), tuple(bad))


def _is_entry(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.get("type") in _TYPES
        and "id" in value
        and ("html" in value or "content" in value or "render" in value or value.get("type") == "delete")
    )


def _entries(value: Any) -> list[tuple[str, Any]]:
    if _is_entry(value):
        return [("", value)]
    stated = value if isinstance(value, list) else dig(value, "entries")
    where = "" if isinstance(value, list) else "/entries"
    if isinstance(stated, list) and any(map(_is_entry, stated)):
        return [(f"{where}/{index}", entry) for index, entry in enumerate(stated)]
    return []


def _post(payload: Payload, entry: Any) -> Post:
    entry = need_dict(entry, "entry")
    html = first_text(entry.get("render"), entry.get("content"), entry.get("html")) or ""
    stated = first_text(entry.get("status"))
    gone = entry.get("type") == "delete" or stated == "trash"
    waiting = stated in ("draft", "pending", "future", "private")
    headline = first_text(entry.get("headline"), entry.get("title"))
    if not headline and (found := first_heading(html)):
        headline = re.sub(r"<[^>]*>", "", found[2])
        html = html[found.end() :]
    pieces = take_apart(html)
    number = first_text(entry.get("replaces") or None, entry.get("id"))
    authors = [first_text(as_dict(author).get("name"), author) for author in as_list(entry.get("authors"))]
    return build_post(
        payload,
        id=number,
        url=first_text(entry.get("share_link"), entry.get("permalink")),
        published=_seconds(entry.get("entry_time")) or _seconds(entry.get("timestamp")),
        updated=_seconds(entry.get("timestamp")),
        headline=headline,
        body_html=pieces.html or None,
        authors=authors,
        media=pieces.media,
        embeds=pieces.embeds,
        key_event=is_true(entry.get("key_event")) or bool(_KEY.search(first_text(entry.get("css_classes")) or "")),
        pinned=is_true(entry.get("pinned")),
        status=Status.CANCELED if gone else Status.WITHHELD if waiting else Status.USABLE,
    )


def _seconds(value: Any) -> Any:
    """Return a time in seconds; the plugin writes it as a number or as digits."""
    return int(value) if isinstance(value, str) and re.fullmatch(r"\d{9,13}", value) else value


def _inside(node: LexborNode) -> bool:
    above = node.parent
    while above is not None:
        if "liveblog-entry" in (above.attributes.get("class") or "").split():
            return True
        above = above.parent
    return False


def _element(payload: Payload, node: LexborNode, url: str | None) -> Post | None:
    found = read_element(node, payload, body=".liveblog-entry-text, .liveblog-entry-content")
    if found is None:
        return None
    classes = node.attributes.get("class") or ""
    name = (found.anchor or "").removeprefix("liveblog-entry-") or None
    return build_post(
        payload,
        id=name,
        url=f"{url}#{found.anchor}" if url and found.anchor else None,
        published=found.published,
        updated=found.updated,
        headline=found.headline,
        body_html=found.html,
        authors=found.authors,
        media=found.media,
        embeds=found.embeds,
        key_event=bool(_KEY.search(classes)),
        pinned="pinned" in classes.lower(),
    )
