"""The elements of a Guardian block: text, pictures, embeds; the page model and the Content API name them alike."""

import re
from dataclasses import dataclass, field
from typing import Any, Final

from schemas.post import Embed, Media, MediaType
from streams.parse.html.providers import embed_of
from streams.parse.html.safe import html_to_text
from streams.parse.html.take_apart import Pieces, take_apart
from streams.parse.items.shape import as_dict, as_list, as_text, dig, first_text
from streams.parse.words.clean import clean_line

_TEXT: Final = re.compile(
    r"Text|Subheading|Blockquote|Pullquote|Table|List|Code|Disclaimer|Qanda|QAndA|Numbered|Divider|Timeline",
    re.IGNORECASE,
)
_LEFT_OUT: Final = re.compile(
    r"RichLink|Callout|Newsletter|Advert|Contributions|ExplainerAtom|Adverts|Product|Comment", re.IGNORECASE
)


@dataclass(slots=True)
class _Found:
    html: list[str] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)
    embeds: list[Embed] = field(default_factory=list)


def page_elements(elements: Any) -> Pieces:
    """Return what the elements of a page model's block hold."""
    found = _Found()
    for element in map(as_dict, as_list(elements)):
        kind = (as_text(element.get("_type")) or "").rpartition(".")[2].removesuffix("BlockElement")
        html = first_text(element.get("html"), element.get("text"), element.get("body"))
        if _LEFT_OUT.search(kind):
            continue
        if kind.startswith(("Image", "Cartoon", "MultiImage")):
            found.media.extend(_picture(image) for image in as_list(element.get("images")) or [element])
        elif kind in ("GuVideo", "Video", "Audio", "AudioAtom"):
            found.media.append(_player(element, kind))
        elif _TEXT.fullmatch(kind) or (kind and html and _is_prose(kind)):
            found.html.append(html or "")
        elif kind:
            found.embeds.append(_embed(element, html))
    pieces = take_apart("\n".join(found.html))
    return Pieces(pieces.html, (*found.media, *pieces.media), (*found.embeds, *pieces.embeds))


def _is_prose(kind: str) -> bool:
    return bool(_TEXT.search(kind)) and "Interactive" not in kind


def _picture(element: dict[str, Any]) -> Media:
    data = as_dict(as_dict(element).get("data"))
    sources = as_list(dig(element, "media", "allImages"))
    master = [image for image in sources if dig(image, "fields", "isMaster")] or sources
    caption = first_text(data.get("caption"))
    credit = first_text(data.get("credit"))
    return Media(
        type=MediaType.IMAGE,
        url=first_text(dig(master, 0, "url"), dig(element, "imageSources", 0, "srcSet", 0, "src")),
        caption=html_to_text(caption).replace("\n", " ") if caption else None,
        credit=re.sub(r"^(?:Photograph|Illustration|Composite|Photo):\s*", "", clean_line(credit)) if credit else None,
        alt=clean_line(data["alt"]) if as_text(data.get("alt")) and isinstance(data["alt"], str) else None,
    )


def _player(element: dict[str, Any], kind: str) -> Media:
    caption = first_text(element.get("caption"), element.get("title"), dig(element, "data", "caption"))
    return Media(
        type=MediaType.AUDIO if kind.startswith("Audio") else MediaType.VIDEO,
        url=first_text(
            dig(element, "assets", 0, "url"), element.get("url"), element.get("trackUrl"), element.get("originalUrl")
        ),
        caption=clean_line(caption) if caption else None,
    )


def _embed(element: dict[str, Any], html: str | None) -> Embed:
    inner = take_apart(html).embeds if html and "<" in html else ()
    video = first_text(element.get("assetId")) if "Youtube" in str(element.get("_type")) else None
    url = first_text(
        element.get("originalUrl"), element.get("url"), inner[0].url if inner else None, element.get("embedUrl")
    )
    text = first_text(
        inner[0].text if inner else None, element.get("mediaTitle"), element.get("title"), element.get("caption")
    )
    return embed_of(
        f"https://www.youtube.com/watch?v={video}" if video and not url else url, clean_line(text) if text else None
    )
