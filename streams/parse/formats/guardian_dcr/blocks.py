"""The Guardian's page model (dotcom-rendering): a page, a list of blocks or one block; also inside the page's HTML."""

from typing import Any, Final

from schemas.post import Kind, Post
from streams.exceptions import ParseError
from streams.parse.build import build_post
from streams.parse.formats.guardian_dcr.elements import page_elements
from streams.parse.items.merge import merge_posts
from streams.parse.items.shape import as_dict, as_list, as_text, first_text, is_true, need_dict, objects_in
from streams.parse.pages.script_state import embedded_json
from streams.parse.parsed import Parsed, collect
from streams.parse.payload.payload import Payload
from streams.parse.registry import parser

_MARK: Final = "dotcomrendering.pageElements"
_TIMES: Final = ("blockFirstPublished", "blockCreatedOn", "blockLastUpdated")


def _is_page_model(payload: Payload) -> bool:
    if _MARK.encode() not in payload.document.body:
        return False
    return any(_blocks(value, payload) for value in embedded_json(payload, (_MARK,)))


@parser("guardian-dcr", looks_like=_is_page_model, rank=20)
def parse_guardian_page(payload: Payload) -> Parsed:
    """Read the blocks of a page; the page's list of key events only points to blocks of other pages."""
    for value in embedded_json(payload, (_MARK,)):
        if blocks := _blocks(value, payload):
            break
    else:
        raise ParseError("no blocks in this Guardian page model")
    url = next((node["webURL"] for _, node in objects_in(value, payload.limits.max_depth) if _has_address(node)), None)
    posts, bad = collect(payload, blocks, lambda block: _post(payload, block, url))
    return Parsed(merge_posts(posts), tuple(bad), snapshot=len(blocks) > 1 or not _is_block(value))


def _has_address(node: dict[str, Any]) -> bool:
    return isinstance(node.get("webURL"), str) and "blocks" in node


def _is_block(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("elements"), list) and any(name in value for name in _TIMES)


def _blocks(value: Any, payload: Payload) -> list[tuple[str, Any]]:
    """Return the blocks with their places: of the page, of the array, or the one block that the document is."""
    if _is_block(value):
        return [("", value)]
    if isinstance(value, list) and any(_is_block(item) for item in value):
        return [(f"/{index}", item) for index, item in enumerate(value)]
    for place, node in objects_in(value, payload.limits.max_depth):
        stated = node.get("blocks")
        if isinstance(stated, list) and any(_is_block(item) for item in stated):
            found: list[tuple[str, Any]] = []
            if isinstance(node.get("pinnedPost"), dict):
                found.append((f"{place}/pinnedPost", {**node["pinnedPost"], "_pinned": True}))
            return found + [(f"{place}/blocks/{index}", block) for index, block in enumerate(stated)]
    return []


def _post(payload: Payload, block: Any, url: str | None) -> Post:
    block = need_dict(block, "block")
    pieces = page_elements(block.get("elements"))
    attributes = as_dict(block.get("attributes"))
    number = as_text(block.get("id"))
    return build_post(
        payload,
        id=number,
        url=f"{url}#block-{number}" if url and number else None,
        published=_first(block, "blockFirstPublished", "blockCreatedOn", "firstPublished", "createdOn"),
        updated=_first(block, "blockLastUpdated", "lastUpdated"),
        headline=first_text(block.get("title")),
        body_html=pieces.html,
        authors=[first_text(as_dict(person).get("name")) for person in as_list(block.get("contributors"))],
        media=pieces.media,
        embeds=pieces.embeds,
        key_event=is_true(attributes.get("keyEvent")),
        pinned=is_true(attributes.get("pinned")) or block.get("_pinned") is True,
        kind=Kind.SUMMARY if is_true(attributes.get("summary")) else Kind.POST,
    )


def _first(block: dict[str, Any], *names: str) -> Any:
    return next((block[name] for name in names if block.get(name)), None)
