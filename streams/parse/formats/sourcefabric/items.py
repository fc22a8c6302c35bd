"""The items of a Sourcefabric Live Blog post: text, pictures, quotes, embeds, scorecards, comments, adverts."""

import re
from dataclasses import dataclass, field
from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser

from schemas.post import Embed, Media, MediaType
from streams.parse.html.providers import embed_of
from streams.parse.html.safe import html_to_text
from streams.parse.html.take_apart import take_apart
from streams.parse.items.shape import as_dict, dig, first_text
from streams.parse.payload.depth import check_html_depth
from streams.parse.words.clean import clean_line

_HEADING: Final = re.compile(r"^\s*(?:<div[^>]*>\s*)*<h([1-6])\b[^>]*>(.*?)</h\1\s*>", re.IGNORECASE | re.DOTALL)
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"']+")


@dataclass(slots=True)
class Items:
    """What the items of a post come to."""

    html: list[str] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)
    embeds: list[Embed] = field(default_factory=list)
    headline: str | None = None
    comment: bool = False
    commenter: str | None = None
    adverts: int = 0

    def add(self, item: dict[str, Any]) -> None:
        """Take up one item."""
        kind = (first_text(item.get("item_type")) or "text").lower()
        meta = as_dict(item.get("meta"))
        html = first_text(item.get("text")) or ""
        if kind.startswith("advert"):
            self.adverts += 1
        elif kind == "image":
            self._picture(meta, html)
        elif kind in ("video", "audio"):
            self._player(kind, meta, html)
        elif kind == "embed":
            self.embeds.append(_embed(meta, html))
        elif kind == "scorecard":
            text = html_to_text(re.sub(r"(?i)</(?:div|li|fieldset|legend|span)>", "\\g<0> ", html))
            self.embeds.append(Embed(provider="scorecard", text=clean_line(text) or None))
        else:
            self._text(html, meta)
            self.comment = self.comment or kind in ("comment", "post_comment")
            self.commenter = self.commenter or first_text(item.get("commenter"), meta.get("commenter"))

    def _text(self, html: str, meta: dict[str, Any]) -> None:
        if not html and (quote := first_text(meta.get("quote"))):
            html = "".join(f"<p>{said}</p>" for said in (quote, first_text(meta.get("credit"))) if said)
        if not self.html and not self.headline and (found := _HEADING.match(html)):
            self.headline = html_to_text(found[2]) or None
            html = html[: found.start(1) - 2] + html[found.end() :]
        pieces = take_apart(html)
        self.html.append(f"<div>{pieces.html}</div>")
        self.media.extend(pieces.media)
        self.embeds.extend(pieces.embeds)

    def _picture(self, meta: dict[str, Any], html: str) -> None:
        shown = take_apart(html).media
        caption, credit = first_text(meta.get("caption")), first_text(meta.get("credit"))
        renditions = as_dict(dig(meta, "media", "renditions"))
        best = first_text(
            *(dig(renditions, name, "href") for name in ("baseImage", "viewImage", "original", "thumbnail"))
        )
        self.media.append(
            Media(
                type=MediaType.IMAGE,
                url=shown[0].url if shown else best,
                caption=html_to_text(caption).replace("\n", " ") if caption else shown[0].caption if shown else None,
                credit=clean_line(credit) if credit else shown[0].credit if shown else None,
                alt=(shown[0].alt or None) if shown else None,
            )
        )

    def _player(self, kind: str, meta: dict[str, Any], html: str) -> None:
        pieces = take_apart(html)
        if pieces.embeds:
            self.embeds.extend(pieces.embeds)
            return
        caption, credit = first_text(meta.get("caption")), first_text(meta.get("credit"))
        url = first_text(dig(meta, "media", "renditions", "original", "href"), meta.get("url"))
        self.media.append(
            Media(
                type=MediaType(kind),
                url=url or (pieces.media[0].url if pieces.media else None),
                caption=html_to_text(caption).replace("\n", " ") if caption else None,
                credit=clean_line(credit) if credit else None,
            )
        )


def _embed(meta: dict[str, Any], html: str) -> Embed:
    html = first_text(meta.get("html")) or html
    check_html_depth(html)
    tree = LexborHTMLParser(html)
    player = tree.css_first("video[data-video-id][data-account]")
    if player:
        named = {name: player.attributes.get(f"data-{name}") for name in ("account", "player", "video-id")}
        address = "https://players.brightcove.net/{account}/{player}_default/index.html?videoId={video-id}".format_map(
            named
        )
        return embed_of(address)
    inner = take_apart(html).embeds
    link = tree.css_first("a.link-preview[href]")
    stated = first_text(meta.get("original_url"), meta.get("url"), meta.get("original_id"))
    if not inner and not stated and link:
        stated = link.attributes.get("href")
    if not inner and not stated and (bare := _ADDRESS.search(html)):
        stated = bare[0]
    own_text = " ".join(
        node.text() for node in tree.css(".title-preview, .description-preview") if (node.text() or "").strip()
    )
    text = first_text(inner[0].text if inner else None, meta.get("title"), meta.get("description"), own_text)
    provider = first_text(meta.get("provider_name"))
    url = stated if stated and stated.startswith("http") else inner[0].url if inner else None
    return embed_of(
        url, clean_line(html_to_text(text)) if text else None, None if url or not provider else provider.lower()
    )
