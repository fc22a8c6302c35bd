"""Elements of the Guardian's Content API: pictures with caption and credit, and embeds."""

import re
from typing import Any

from schemas.post import Embed, Media, MediaType
from streams.parse.html.providers import embed_of
from streams.parse.html.safe import html_to_text
from streams.parse.html.take_apart import take_apart
from streams.parse.items.shape import as_dict, as_list, as_text, dig, first_text
from streams.parse.words.clean import clean_line

_MEDIA = {"image": MediaType.IMAGE, "cartoon": MediaType.IMAGE, "video": MediaType.VIDEO, "audio": MediaType.AUDIO}
_EMBEDDED = ("tweet", "embed", "instagram", "interactive", "map", "document", "vine", "witness", "contentatom")


def asset_media(elements: Any) -> tuple[tuple[Media, ...], tuple[Embed, ...]]:
    """Return the pictures and players, and the embeds, of a block's or an item's elements."""
    media: list[Media] = []
    embeds: list[Embed] = []
    for element in map(as_dict, as_list(elements)):
        kind = (as_text(element.get("type")) or "").lower()
        assets = [as_dict(asset) for asset in as_list(element.get("assets"))]
        stated = as_dict(element.get(f"{kind}TypeData")) or next(
            (as_dict(asset.get("typeData")) for asset in assets if asset.get("type") == kind), {}
        )
        address = first_text(stated.get("originalUrl"), stated.get("url"))
        if kind in _MEDIA and not (kind in ("video", "audio") and address):
            media.append(_media(_MEDIA[kind], stated, assets))
        elif kind in _EMBEDDED or kind in _MEDIA:
            embeds.append(_embed(stated, address))
    return tuple(media), tuple(embeds)


def _media(kind: MediaType, stated: dict[str, Any], assets: list[dict[str, Any]]) -> Media:
    largest = max(assets, key=_width, default={})
    caption, credit = first_text(stated.get("caption"), stated.get("title")), first_text(stated.get("credit"))
    alt = first_text(stated.get("altText"), stated.get("alt"))
    return Media(
        type=kind,
        url=first_text(
            dig(largest, "typeData", "secureFile"), largest.get("file"), dig(stated, "variants", 0, "images", 0, "file")
        ),
        caption=html_to_text(caption).replace("\n", " ") if caption else None,
        credit=re.sub(r"^(?:Photograph|Illustration|Composite|Photo):\s*", "", clean_line(credit)) if credit else None,
        alt=clean_line(alt) if alt else None,
    )


def _width(asset: dict[str, Any]) -> int:
    width = first_text(dig(asset, "typeData", "width")) or ""
    return int(width) if width.isdigit() else 0


def _embed(stated: dict[str, Any], address: str | None) -> Embed:
    html = first_text(stated.get("html")) or ""
    inner = take_apart(html).embeds
    text = first_text(inner[0].text if inner else None, html_to_text(html), stated.get("title"), stated.get("alt"))
    return embed_of(address or (inner[0].url if inner else None), clean_line(text) if text else None)
