"""Sourcefabric Live Blog API: posts of a blog, an array of them, or a single post."""

from typing import Any

from schemas.post import Kind, Post, Status
from streams.exceptions import ParseError
from streams.parse.build import build_post
from streams.parse.formats.sourcefabric.items import Items
from streams.parse.items.merge import merge_posts
from streams.parse.items.post_lists import posts_in
from streams.parse.items.shape import as_dict, as_list, as_text, dig, first_text, is_true, need_dict
from streams.parse.parsed import Parsed, collect
from streams.parse.payload.payload import Payload
from streams.parse.registry import parser


def _is_live_blog(payload: Payload) -> bool:
    body = payload.document.body
    return payload.looks_like_json and b"post_status" in body and bool(posts_in(payload, payload.json, _is_post))


@parser("sourcefabric", looks_like=_is_live_blog, rank=28)
def parse_sourcefabric(payload: Payload) -> Parsed:
    """Read the posts; adverts among them are left out."""
    found = posts_in(payload, payload.json, _is_post)
    if not found:
        raise ParseError("no Sourcefabric Live Blog posts in this JSON")
    posts, bad = collect(payload, found, lambda item: _post(payload, item))
    return Parsed(merge_posts(posts), tuple(bad), snapshot=found[0][0] != "")


def _is_post(node: Any) -> bool:
    if not isinstance(node, dict) or not ("_id" in node or "guid" in node):
        return False
    return isinstance(node.get("groups"), list) or ("post_status" in node and isinstance(node.get("mainItem"), dict))


def _post(payload: Payload, post: Any) -> Post | None:
    post = need_dict(post, "post")
    items = Items()
    for item in _items(post):
        items.add(item)
    status = _status(post)
    if items.adverts and not (items.html or items.media or items.embeds) and status is not Status.CANCELED:
        return None
    html = "".join(items.html)
    return build_post(
        payload,
        id=first_text(post.get("_id"), post.get("guid")),
        url=first_text(post.get("url"), post.get("public_url")),
        published=first_text(post.get("published_date"), post.get("firstcreated"), post.get("_created")),
        updated=first_text(post.get("_updated"), post.get("versioncreated")),
        headline=first_text(post.get("headline"), items.headline),
        body_html=html or None,
        authors=[items.commenter or _author(post)],
        media=items.media,
        embeds=items.embeds,
        pinned=is_true(post.get("sticky")),
        key_event=is_true(post.get("lb_highlight")) or is_true(post.get("highlight")),
        version=as_text(post.get("_current_version")),
        kind=Kind.COMMENT if items.comment or post.get("post_status") == "comment" else Kind.POST,
        status=status,
    )


def _items(post: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the items of the main group, in order; the root group only refers to it."""
    groups = [as_dict(group) for group in as_list(post.get("groups"))]
    main = [group for group in groups if group.get("id") == "main"] or [g for g in groups if g.get("id") != "root"]
    refs = [as_dict(ref) for group in main for ref in as_list(group.get("refs"))]
    if not groups:  # what the embedding page gets: the first item apart from the others
        refs = [as_dict(ref) for ref in (post.get("mainItem"), *as_list(post.get("items")))]
    return [item for ref in refs if (item := as_dict(ref.get("item"))) and not is_true(item.get("deleted"))]


def _status(post: dict[str, Any]) -> Status:
    if is_true(post.get("deleted")) or post.get("pubstatus") == "canceled":
        return Status.CANCELED
    withheld = post.get("post_status") in ("submitted", "draft", "ai") or post.get("pubstatus") == "withheld"
    return Status.WITHHELD if withheld else Status.USABLE


def _author(post: dict[str, Any]) -> str | None:
    publisher = post.get("publisher")
    return first_text(
        dig(publisher, "display_name"), publisher if not str(publisher).isalnum() else None,
        dig(post, "original_creator", "display_name"), post.get("byline"),
    )  # fmt: skip
