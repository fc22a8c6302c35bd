"""The two trees in which the BBC writes a post's body: `lx` nodes (name, children) and page blocks (type, model)."""

from collections.abc import Callable
from html import escape
from typing import Any, Final

from schemas.post import Embed, Media, MediaType
from streams.exceptions import ParseError
from streams.parse.html.providers import embed_of
from streams.parse.html.take_apart import Pieces
from streams.parse.items.shape import as_dict, as_list, dig, first_text, objects_in
from streams.parse.words.clean import clean_line

_MAX_DEPTH: Final = 60
_LX: Final = {
    "paragraph": "p", "heading": "h3", "subheading": "h3", "crosshead": "h3", "bold": "b", "italic": "i", "list": "ul",
    "listitem": "li", "listItem": "li", "item": "li", "orderedlist": "ol", "unorderedlist": "ul", "quote": "blockquote",
    "blockquote": "blockquote", "superscript": "sup", "subscript": "sub",
}  # fmt: skip
_PAGE: Final = {
    "paragraph": "p", "subheadline": "h3", "crosshead": "h3", "heading": "h3", "orderedList": "ol",
    "unorderedList": "ul", "listItem": "li", "blockquote": "blockquote", "quote": "blockquote",
}  # fmt: skip
_NAMELESS: Final = ("social", "socialEmbed", "include", "oEmbed", "embed")
_EMBEDDED: Final = (*_NAMELESS, "twitter", "instagram", "tiktok", "youtube", "facebook")


class _Builder:
    """Collects the pieces of one post while its tree is walked."""

    def __init__(self) -> None:
        self.media: list[Media] = []
        self.embeds: list[Embed] = []

    def children(self, nodes: Any, one: Callable[[dict[str, Any], int], str], depth: int) -> str:
        if depth > _MAX_DEPTH:
            raise ParseError(f"the body is nested deeper than {_MAX_DEPTH} levels")
        # What is empty or no object says nothing; a list may hold half a million of it.
        return "".join([one(node, depth + 1) for node in as_list(nodes) if node and isinstance(node, dict)])

    def pieces(self, html: str) -> Pieces:
        return Pieces(html, tuple(self.media), tuple(self.embeds))


def lx_body(nodes: Any) -> Pieces:
    """Return the pieces of an `lx` body."""
    builder = _Builder()

    def one(node: dict[str, Any], depth: int) -> str:
        name = first_text(node.get("name")) or ""
        if name == "text":
            return escape(first_text(node.get("text")) or "", quote=False)
        if name == "link":
            href = _attribute(_child(node, "url"), "href")
            said = builder.children(dig(_child(node, "caption"), "children"), one, depth)
            return f'<a href="{escape(href)}">{said}</a>' if href else said
        if name in ("image", "video", "audio"):
            builder.media.append(_lx_media(node, name))
            return ""
        if name in ("embed", "media", "social"):
            builder.embeds.append(
                embed_of(
                    _text_of(_child(node, "href")) or first_text(node.get("href")),
                    provider=_text_of(_child(node, "type")),
                )
            )
            return ""
        inner = builder.children(node.get("children"), one, depth)
        tag = _LX.get(name)
        return f"<{tag}>{inner}</{tag}>" if tag else inner

    return builder.pieces(builder.children(nodes, one, 0))


def page_body(blocks: Any) -> Pieces:
    """Return the pieces of a page's content blocks."""
    builder = _Builder()

    def one(block: dict[str, Any], depth: int) -> str:
        kind = first_text(block.get("type")) or ""
        model = as_dict(block.get("model"))
        if kind == "fragment":
            return _fragment(model)
        if kind in ("urlLink", "link", "externalLink"):
            said = builder.children(model.get("blocks"), one, depth) or escape(first_text(model.get("text")) or "")
            href = first_text(model.get("locator"), model.get("href"))
            return f'<a href="{escape(href)}">{said}</a>' if href else said
        if kind in ("image", "rawImage"):
            builder.media.append(_page_image(model))
            return ""
        if kind in ("video", "audio", "clip") or kind.lower().endswith("media"):
            builder.media.append(_page_player(kind, model))
            return ""
        if kind in _EMBEDDED:
            builder.embeds.append(_page_embed(kind, block))
            return ""
        inner = builder.children(model.get("blocks"), one, depth)
        if not inner and not as_list(model.get("blocks")):
            inner = escape(first_text(model.get("text")) or "", quote=False)
        tag = _PAGE.get(kind)
        return f"<{tag}>{inner}</{tag}>" if tag else inner

    return builder.pieces(builder.children(blocks, one, 0))


def _fragment(model: dict[str, Any]) -> str:
    said = escape(first_text(model.get("text")) or str(model.get("text") or ""), quote=False)
    for mark, tag in (("bold", "b"), ("italic", "i")):
        if mark in as_list(model.get("attributes")):
            said = f"<{tag}>{said}</{tag}>"
    return said


def _child(node: dict[str, Any], name: str) -> dict[str, Any]:
    return next((child for child in map(as_dict, as_list(node.get("children"))) if child.get("name") == name), {})


def _attribute(node: dict[str, Any], name: str) -> str | None:
    stated = (item for item in map(as_dict, as_list(node.get("attributes"))) if item.get("name") == name)
    return next((first_text(item.get("value")) for item in stated), None)


def _text_of(node: dict[str, Any]) -> str | None:
    return first_text(*(as_dict(child).get("text") for child in as_list(node.get("children"))))


def _lx_media(node: dict[str, Any], name: str) -> Media:
    caption = first_text(node.get("caption")) or _text_of(_child(node, "caption"))
    credit = first_text(node.get("copyrightHolder"))
    alt = first_text(node.get("altText")) or _text_of(_child(node, "altText"))
    return Media(
        type=MediaType(name),
        url=first_text(node.get("href")) or _text_of(_child(node, "href")),
        caption=clean_line(caption) if caption else None,
        credit=clean_line(credit) if credit else None,
        alt=clean_line(alt) if alt else None,
    )


def _deep(model: dict[str, Any], kind: str) -> dict[str, Any]:
    """Return the model of the block of a kind among a model's blocks."""
    blocks = map(as_dict, as_list(model.get("blocks")))
    return next((as_dict(block.get("model")) for block in blocks if block.get("type") == kind), {})


def _plain(model: dict[str, Any]) -> str | None:
    """Return the text of a caption or an alternative text, which are trees of their own."""
    said = first_text(model.get("text"))
    if said:
        return clean_line(said)
    inner = (_plain(as_dict(as_dict(block).get("model"))) for block in as_list(model.get("blocks")))
    return next((text for text in inner if text), None)


def _page_image(model: dict[str, Any]) -> Media:
    raw = _deep(model, "rawImage") or as_dict(model.get("image")) or model
    origin, locator = first_text(raw.get("originCode")), first_text(raw.get("locator"))
    made = f"https://ichef.bbci.co.uk/news/976/{origin}/{locator}" if origin and locator else locator
    return Media(
        type=MediaType.IMAGE,
        url=first_text(raw.get("url"), raw.get("src"), raw.get("originalUrl"), made),
        caption=_plain(_deep(model, "caption")) or first_text(model.get("caption"), raw.get("caption")),
        credit=first_text(raw.get("copyrightHolder"), model.get("copyright"), model.get("copyrightHolder")),
        alt=_plain(_deep(model, "altText")) or first_text(model.get("altText"), raw.get("altText"), model.get("alt")),
    )


def _page_player(kind: str, model: dict[str, Any]) -> Media:
    video = as_dict(model.get("video"))
    url = first_text(video.get("shareUrl"), model.get("url"), model.get("locator"), dig(model, "media", "url"))
    title = first_text(video.get("title"), model.get("caption"), model.get("title"))
    return Media(
        type=MediaType.AUDIO if "audio" in (kind, model.get("type")) else MediaType.VIDEO,
        url=f"https://www.bbc.co.uk{url}" if url and url.startswith("/") else url,
        caption=_plain(_deep(model, "caption")) or title,
    )


def _page_embed(kind: str, block: dict[str, Any]) -> Embed:
    model = as_dict(block.get("model"))
    # The provider's answer may be some levels down (renditions, aresOEmbed).
    said: dict[str, Any] = next(
        (node["oembed"] for _, node in objects_in(model, _MAX_DEPTH) if isinstance(node.get("oembed"), dict)), {}
    )
    stated = (said.get("url"), *(model.get(name) for name in ("href", "source", "url", "locator")), block.get("id"))
    url = next((text for value in stated if (text := first_text(value)) and text.startswith("http")), None)
    provider = first_text(said.get("provider_name"), model.get("provider"), None if kind in _NAMELESS else kind)
    return embed_of(url, provider=provider.lower() if provider else None)
