"""The Guardian's Content API: an item with its blocks, search results, a content object or a single block."""

from collections.abc import Iterator
from typing import Any, Final

from schemas.post import Kind, Media, Post, Status
from streams.exceptions import ParseError
from streams.parse.build import build_post
from streams.parse.formats.guardian_capi.assets import asset_media
from streams.parse.html.safe import html_to_text
from streams.parse.html.take_apart import take_apart
from streams.parse.items.merge import merge_posts
from streams.parse.items.shape import as_dict, as_list, as_text, dig, first_text, is_true, need_dict
from streams.parse.parsed import BadPart, Parsed, collect
from streams.parse.payload.payload import Payload
from streams.parse.registry import parser

_BLOCK: Final = ("bodyHtml", "bodyTextSummary", "firstPublishedDate")


def _is_capi(payload: Payload) -> bool:
    if not payload.looks_like_json or not isinstance(payload.json, dict | list):
        return False
    return bool(_contents(payload.json)) or _is_block(payload.json)


@parser("guardian-capi", looks_like=_is_capi, rank=21)
def parse_guardian_content(payload: Payload) -> Parsed:
    """Read the blocks of each item; an item that has none is one post."""
    if _is_block(payload.json):
        return Parsed((_block_post(payload, payload.json, {}),), snapshot=False)
    contents = _contents(payload.json)
    if not contents:
        raise ParseError("no content in this answer of the Guardian's Content API")
    posts: list[Post] = []
    bad: list[BadPart] = []
    for place, item in contents:
        read, broken = _collected(payload, place, as_dict(item))
        posts += read
        bad += broken
    return Parsed(merge_posts(posts), tuple(bad))


def _collected(payload: Payload, place: str, item: dict[str, Any]) -> tuple[list[Post], list[BadPart]]:
    """Read the blocks of an item, or the item; a bad block is a bad part without the item around it."""
    if blocks := list(_blocks(place, item)):
        return collect(payload, blocks, lambda block: _block_post(payload, need_dict(block, "block"), item))
    return collect(payload, [(place, item)], lambda alone: _item_post(payload, alone))


def _is_block(value: Any) -> bool:
    return isinstance(value, dict) and "bodyHtml" in value and sum(name in value for name in _BLOCK) > 1


def _is_item(value: Any) -> bool:
    return isinstance(value, dict) and "webUrl" in value and ("apiUrl" in value or "webPublicationDate" in value)


def _contents(value: Any) -> list[tuple[str, Any]]:
    """Return the answer's items with their places."""
    if _is_item(value):
        return [("", value)]
    if isinstance(value, list):
        return [(f"/{index}", item) for index, item in enumerate(value)] if any(map(_is_item, value)) else []
    response, at = (value["response"], "/response") if isinstance(dig(value, "response"), dict) else (value, "")
    found: list[tuple[str, Any]] = []
    if _is_item(dig(response, "content")):
        found.append((f"{at}/content", response["content"]))
    if any(map(_is_item, results := as_list(dig(response, "results")))):
        found.extend((f"{at}/results/{index}", item) for index, item in enumerate(results))
    return found


def _blocks(place: str, item: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    blocks = as_dict(item.get("blocks"))
    for index, block in enumerate(as_list(blocks.get("body"))):
        yield f"{place}/blocks/body/{index}", block
    for name, some in as_dict(blocks.get("requestedBodyBlocks")).items():
        for index, block in enumerate(as_list(some)):
            yield f"{place}/blocks/requestedBodyBlocks/{name}/{index}", block


def _block_post(payload: Payload, block: dict[str, Any], item: dict[str, Any]) -> Post:
    attributes = as_dict(block.get("attributes"))
    pieces = take_apart(first_text(block.get("bodyHtml")) or "")
    number = as_text(block.get("id"))
    url = first_text(item.get("webUrl"))
    media, embeds = asset_media(block.get("elements"))
    return build_post(
        payload,
        id=number,
        url=f"{url}#block-{number}" if url and number else None,
        published=first_text(block.get("firstPublishedDate"), block.get("publishedDate"), block.get("createdDate")),
        updated=first_text(block.get("lastModifiedDate"), block.get("publishedDate")),
        headline=first_text(block.get("title"), attributes.get("title")),
        body_html=pieces.html or None,
        body_text=None if pieces.html else first_text(block.get("bodyTextSummary")),
        authors=[_name(person) for person in as_list(block.get("contributors"))],
        media=_fuller(pieces.media, media),
        embeds=pieces.embeds or embeds,
        key_event=is_true(attributes.get("keyEvent")),
        pinned=is_true(attributes.get("pinned")),
        kind=Kind.SUMMARY if is_true(attributes.get("summary")) else Kind.POST,
        status=Status.WITHHELD if block.get("published") is False else Status.USABLE,
    )


def _item_post(payload: Payload, item: dict[str, Any]) -> Post:
    item = need_dict(item, "content")
    fields = as_dict(item.get("fields"))
    pieces = take_apart(first_text(fields.get("body"), item.get("bodyHtml")) or "")
    media, embeds = asset_media(item.get("elements"))
    return build_post(
        payload,
        id=first_text(item.get("id")),
        url=first_text(item.get("webUrl")),
        published=first_text(fields.get("firstPublicationDate"), item.get("webPublicationDate")),
        updated=first_text(fields.get("lastModified")),
        headline=first_text(fields.get("headline"), item.get("webTitle")),
        body_html=pieces.html or None,
        body_text=None if pieces.html else first_text(fields.get("bodyText")),
        summary=_plain(first_text(fields.get("trailText"), fields.get("standfirst"))),
        authors=[_name(tag) for tag in as_list(item.get("tags")) if as_dict(tag).get("type") == "contributor"],
        media=_fuller(pieces.media, media),
        embeds=pieces.embeds or embeds,
        language=first_text(fields.get("lang")),
    )


def _name(person: Any) -> str | None:
    return first_text(person, as_dict(person).get("name"), as_dict(person).get("webTitle"))


def _plain(html: str | None) -> str | None:
    return html_to_text(html) if html else None


def _fuller(shown: tuple[Media, ...], stated: tuple[Media, ...]) -> tuple[Media, ...]:
    """Return the pictures of the elements, which have captions, unless the HTML shows more pictures."""
    return stated if len(stated) >= len(shown) else shown
