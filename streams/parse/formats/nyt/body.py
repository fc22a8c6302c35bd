"""Blocks of a New York Times post, found through the references of an Apollo cache."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any, Final

from schemas.post import Embed, Media, MediaType
from streams.exceptions import ParseError
from streams.parse.html.providers import embed_of
from streams.parse.items.shape import as_dict, as_list, first_text, objects_in
from streams.parse.words.clean import clean_line

_MAX_DEPTH: Final = 40
_TAGS: Final = {
    "ParagraphBlock": "p", "DetailBlock": "p", "ListBlock": "ul", "ListItemBlock": "li",
    "BlockquoteBlock": "blockquote",
    "Heading2Block": "h3", "Heading3Block": "h3", "Heading4Block": "h4", "PullquoteBlock": "blockquote",
}  # fmt: skip
_FORMATS: Final = {"BoldFormat": "b", "ItalicFormat": "i", "StrikethroughFormat": "s"}
_EMBEDDED: Final = (
    "TwitterEmbedBlock",
    "YouTubeEmbedBlock",
    "InstagramEmbedBlock",
    "FacebookEmbedBlock",
    "TikTokEmbedBlock",
)
_HEADER: Final = (
    "HeaderBasicBlock",
    "HeaderFullBleedHorizontalBlock",
    "HeaderFullBleedVerticalBlock",
    "HeaderLegacyBlock",
)


@dataclass(slots=True)
class Body:
    """The parts of a post, from its blocks."""

    html: str = ""
    headline: str | None = None
    media: list[Media] = field(default_factory=list)
    embeds: list[Embed] = field(default_factory=list)


class State:
    """The page's state: references are looked up in it."""

    def __init__(self, value: Any, max_depth: int) -> None:
        self._cache: dict[str, Any] = {}
        for _, node in objects_in(value, max_depth):
            if "ROOT_QUERY" in node:
                self._cache = node
                break

    def of(self, value: Any) -> Any:
        """Return the object that a reference points to; other values are returned as they are."""
        if isinstance(value, dict):
            name = value.get("__ref") or (value.get("id") if value.get("type") == "id" else None)
            if isinstance(name, str) and name in self._cache:
                return self._cache[name]
        return value

    def many(self, node: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
        """Yield what a field refers to; Apollo adds directives to its name (`content@filterEmpty`)."""
        for key, value in node.items():
            if key == name or key.startswith((f"{name}@", f"{name}(")):
                for item in as_list(value):
                    yield as_dict(self.of(item))
                return

    def one(self, node: dict[str, Any], name: str) -> dict[str, Any]:
        """Return the first thing that a field refers to."""
        return next(self.many(node, name), {})

    def body(self, reference: Any) -> Body:
        """Return the pieces of a document block."""
        body = Body()
        body.html = self._blocks(as_dict(self.of(reference)), body, 0)
        return body

    def picture(self, image: dict[str, Any]) -> Media:
        """Return a picture in its largest rendition."""
        crops = [crop for name in image if name.startswith("crops") for crop in self.many(image, name)]
        renditions = [rendition for crop in crops for rendition in self.many(crop, "renditions")]
        widths = [(width if isinstance(width := item.get("width"), int) else 0, item) for item in renditions]
        caption = as_dict(self.of(image.get("caption")))
        said = first_text(caption.get("text"), caption.get("text@stripHtml"), image.get("caption"))
        credit = first_text(image.get("credit"))
        return Media(
            type=MediaType.IMAGE,
            url=first_text(max(widths, key=lambda pair: pair[0])[1].get("url"))
            if widths
            else first_text(image.get("url")),
            caption=clean_line(said) if said else None,
            credit=clean_line(credit) if credit else None,
            alt=first_text(image.get("altText")),
        )

    def _blocks(self, node: dict[str, Any], body: Body, depth: int) -> str:
        if depth > _MAX_DEPTH:
            raise ParseError(f"the body is nested deeper than {_MAX_DEPTH} levels")
        return "".join(self._block(block, body, depth + 1) for block in self.many(node, "content"))

    def _block(self, block: dict[str, Any], body: Body, depth: int) -> str:
        kind = first_text(block.get("__typename")) or ""
        if kind in ("TextInline", "LineBreakInline"):
            return self._inline(block) if kind == "TextInline" else "<br>"
        if kind in _HEADER:
            said = self._plain(self.one(block, "headline"), depth)
            body.headline = body.headline or clean_line(said) or None
            lede = self.one(block, "ledeMedia")
            return self._block(lede, body, depth + 1) if lede and depth < _MAX_DEPTH else ""
        if self._is_shown(kind, block, body):
            return ""
        tag = _TAGS.get(kind)
        if tag is None and not kind.endswith("DocumentBlock"):
            return ""  # sign-ups, related links, rulers, interactives
        if kind == "ListBlock" and block.get("style") == "ORDERED":
            tag = "ol"
        inner = self._blocks(block, body, depth)
        return f"<{tag}>{inner}</{tag}>" if tag else inner

    def _is_shown(self, kind: str, block: dict[str, Any], body: Body) -> bool:
        """Add a picture, a player or an embed to the body; return whether the block was one."""
        if kind in ("ImageBlock", "DiptychBlock", "GridBlock"):
            names = ("media", "imageOne", "imageTwo", "gridMedia")
            body.media.extend(self.picture(image) for name in names for image in self.many(block, name) if image)
        elif kind in ("VideoBlock", "AudioBlock"):
            body.media.append(self._player(kind, self.one(block, "media")))
        elif kind in _EMBEDDED:
            url = first_text(*(block.get(name) for name in ("twitterUrl", "youTubeUrl", "instagramUrl", "url")))
            text = first_text(block.get("text"), block.get("title"))
            body.embeds.append(embed_of(url, text, None if url else kind.partition("Embed")[0].lower()))
        else:
            return False
        return True

    def _inline(self, inline: dict[str, Any]) -> str:
        text = inline.get("text") if isinstance(inline.get("text"), str) else inline.get("text@stripHtml")
        said = escape(text, quote=False) if isinstance(text, str) else ""
        for shape in self.many(inline, "formats"):
            kind = shape.get("__typename")
            if kind == "LinkFormat" and (url := first_text(shape.get("url"))):
                said = f'<a href="{escape(url)}">{said}</a>'
            elif isinstance(kind, str) and kind in _FORMATS:
                said = f"<{_FORMATS[kind]}>{said}</{_FORMATS[kind]}>"
        return said

    def _plain(self, node: dict[str, Any], depth: int) -> str:
        if depth > _MAX_DEPTH:
            raise ParseError(f"the headline is nested deeper than {_MAX_DEPTH} levels")
        own = first_text(node.get("text"), node.get("text@stripHtml")) or ""
        return own + "".join(self._plain(child, depth + 1) for child in self.many(node, "content"))

    def _player(self, kind: str, media: dict[str, Any]) -> Media:
        caption = as_dict(self.of(media.get("summary")))
        return Media(
            type=MediaType.VIDEO if kind == "VideoBlock" else MediaType.AUDIO,
            url=first_text(media.get("url"), media.get("fileUrl")),
            caption=first_text(media.get("summary"), caption.get("text"), media.get("headline")),
        )
