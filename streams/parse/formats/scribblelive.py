"""ScribbleLive API: a post, an array of posts, or an event with its posts."""

import re
from typing import Any, Final

from schemas.post import Kind, MediaType, Post, Status
from streams.exceptions import ParseError
from streams.parse.build import build_post
from streams.parse.html.take_apart import take_apart
from streams.parse.items.merge import merge_posts
from streams.parse.items.post_lists import posts_in
from streams.parse.items.shape import as_dict, as_list, dig, first_text, is_true, need_dict
from streams.parse.parsed import Parsed, collect
from streams.parse.payload.payload import Payload
from streams.parse.registry import parser

_DATE: Final = re.compile(r"/Date\((-?\d{1,15})([+-]\d{4})?\)/")


def _is_scribble(payload: Payload) -> bool:
    body = payload.document.body
    return (
        payload.looks_like_json
        and b"IsStuck" in body
        and b"IsDeleted" in body
        and bool(posts_in(payload, payload.json, _is_post))
    )


@parser("scribblelive", looks_like=_is_scribble, rank=30)
def parse_scribblelive(payload: Payload) -> Parsed:
    """Read the posts; a deleted one is canceled, one that waits for approval withheld."""
    found = posts_in(payload, payload.json, _is_post)
    if not found:
        raise ParseError("no ScribbleLive posts in this JSON")
    posts, bad = collect(payload, found, lambda item: _post(payload, item))
    return Parsed(merge_posts(posts), tuple(bad), snapshot=found[0][0] != "")


def _is_post(node: Any) -> bool:
    return isinstance(node, dict) and "IsDeleted" in node and ("Content" in node or "Id" in node)


def _post(payload: Payload, item: Any) -> Post:
    item = need_dict(item, "post")
    pieces = take_apart(first_text(item.get("Content")) or "")
    kind = (first_text(item.get("Type")) or "").upper()
    media = [
        {
            "type": MediaType.VIDEO if kind == "VIDEO" else MediaType.AUDIO if kind == "AUDIO" else MediaType.IMAGE,
            "url": url,
        }
        for medium in as_list(item.get("Media"))
        if (url := first_text(as_dict(medium).get("Url"), medium)) and url.startswith("http")
    ]
    caption = first_text(item.get("Caption"))
    if caption and media:
        media[0]["caption"] = caption
    status = Status.USABLE
    if is_true(item.get("IsDeleted")):
        status = Status.CANCELED
    elif "IsApproved" in item and not is_true(item["IsApproved"]):
        status = Status.WITHHELD
    return build_post(
        payload,
        id=first_text(item.get("Id")),
        published=_time(first_text(item.get("Created"))),
        updated=_time(first_text(item.get("LastModified"))),
        headline=first_text(item.get("Title"), item.get("Headline")),
        body_html=pieces.html,
        authors=[first_text(dig(item, "Creator", "Name"))],
        media=media or pieces.media,
        embeds=pieces.embeds,
        pinned=is_true(item.get("IsStuck")),
        kind=Kind.COMMENT if is_true(item.get("IsComment")) else Kind.POST,
        status=status,
    )


def _time(value: str | None) -> object:
    """Return what `read_time` takes: Microsoft's `/Date(ms+0000)/` counts in UTC; its zone is for display."""
    found = _DATE.fullmatch(value.strip()) if value else None
    return int(found[1]) / 1000 if found else value
