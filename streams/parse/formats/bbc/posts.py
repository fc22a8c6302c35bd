"""BBC live pages: `lx` stream payloads, the newer page JSON, and pages that carry either in a script."""

from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import Any, Final

from schemas.post import Post
from streams.exceptions import ParseError
from streams.parse.build import build_post
from streams.parse.formats.bbc.nodes import lx_body, page_body
from streams.parse.html.safe import html_to_text
from streams.parse.items.merge import merge_posts
from streams.parse.items.post_lists import Placed, post_lists
from streams.parse.items.shape import as_dict, as_list, as_text, dig, first_text, is_true, need_dict, objects_in
from streams.parse.pages.script_state import embedded_json
from streams.parse.parsed import BadPart, Parsed, collect, too_many_posts
from streams.parse.payload.payload import Payload
from streams.parse.registry import parser

_FLAGS: Final = ("isBreakingNews", "isPriorityPost")
_HEADLINES: Final = ("headline", "subheadline")


def _is_bbc(payload: Payload) -> bool:
    body = payload.document.body
    if (
        payload.looks_like_json
        and (b"latestChange" in body or b"liveTextStream" in body)
        and _is_empty_stream(payload.json)
    ):
        return True
    if b"firstPublished" not in body or b"isBreakingNews" not in body:
        return False
    if not (payload.looks_like_json or payload.looks_like_html):
        return False
    return any(_found(value, payload) for value in _values(payload))


@parser("bbc", looks_like=_is_bbc, rank=25)
def parse_bbc(payload: Payload) -> Parsed:
    """Read every post of the stream; a stream that only announces a change has no posts."""
    posts: list[Post] = []
    bad: list[BadPart] = []
    seen = False
    for value in _values(payload):
        found = _found(value, payload)
        read, broken = collect(payload, found, partial(_post, payload, _contributors(value, payload)))
        posts.extend(read)
        bad.extend(broken)
        seen = seen or bool(found) or _is_empty_stream(value)
    if not seen:
        raise ParseError("no posts of a BBC live page in this document")
    return Parsed(merge_posts(posts), tuple(bad), snapshot=len(posts) != 1)


def _values(payload: Payload) -> Iterator[Any]:
    return embedded_json(payload, ("firstPublished",))


def _is_post(node: Any) -> bool:
    if not node or not isinstance(node, dict):
        return False
    if isinstance(node.get("options"), dict) and any(flag in node["options"] for flag in _FLAGS):
        return True
    return ("assetId" in node and "firstPublished" in node) or (
        isinstance(node.get("dates"), dict) and "content" in node and "urn" in node
    )


def _is_empty_stream(value: Any) -> bool:
    body = dig(value, "body")
    if isinstance(body, dict) and "latestChange" in body:
        return isinstance(body.get("posts"), list) or isinstance(body.get("results"), list)
    return isinstance(dig(value, "data", "liveTextStream"), dict)


def _found(value: Any, payload: Payload) -> list[Placed]:
    """Return the posts of every list that holds one, with their places; raises `ParseError` for too many."""
    found = list(chain.from_iterable(post_lists(payload, value, _is_post)))
    if len(found) > payload.limits.max_posts:
        raise too_many_posts(payload)
    return found


def _contributors(value: Any, payload: Payload) -> tuple[str, ...]:
    for _, node in objects_in(value, payload.limits.max_depth):
        if "liveTextStream" in node:
            stated = as_dict(node["liveTextStream"]).get("contributors")
            return tuple(name for item in as_list(stated) if (name := first_text(item, as_dict(item).get("name"))))
    return ()


def _post(payload: Payload, contributors: tuple[str, ...], item: Any) -> Post:
    item = need_dict(item, "post")
    options = as_dict(item.get("options"))
    dates = as_dict(item.get("dates"))
    page = "dates" in item or isinstance(item.get("content"), dict)
    pieces = page_body(dig(item, "content", "model", "blocks")) if page else lx_body(item.get("body"))
    headline, second = _headlines(item) if page else (first_text(item.get("title")), first_text(item.get("summary")))
    author = first_text(dig(item, "contributor", "name"))
    return build_post(
        payload,
        id=first_text(item.get("assetId"), item.get("urn"), item.get("locator"), item.get("id")),
        url=first_text(item.get("url"), dig(item, "link", "url"), dig(item, "link", "href")),
        published=first_text(
            dates.get("firstPublished"), item.get("firstPublished"), item.get("dateAdded"), dates.get("curated")
        ),
        updated=first_text(
            dates.get("lastUpdated"), dates.get("lastPublished"), item.get("lastUpdated"), item.get("lastPublished")
        ),
        headline=headline,
        summary=second,
        body_html=pieces.html,
        authors=[author] if author else contributors,
        media=pieces.media,
        embeds=pieces.embeds,
        breaking=is_true(options.get("isBreakingNews")),
        key_event=is_true(options.get("isPriorityPost")),
        language=as_text(item.get("language")),
    )


def _headlines(item: dict[str, Any]) -> tuple[str | None, str | None]:
    """Return the headline and the second one beneath it."""
    said: dict[str, str] = {}
    for block in as_list(dig(item, "header", "model", "blocks")):
        kind = as_dict(block).get("type")
        if kind in _HEADLINES and kind not in said:
            said[kind] = " ".join(html_to_text(page_body([block]).html).split())
    titles = {first_text(title.get("source")): title for title in map(as_dict, as_list(item.get("titles")))}
    return said.get("headline") or first_text(dig(titles, "primary", "title")), said.get("subheadline") or None
