"""Pictures, video and sound of a ninjs item: the item itself, or those associated with a text."""

from collections.abc import Iterator
from typing import Any

from schemas.post import Media, MediaType
from streams.parse.items.shape import each_object, line_in, whole_number
from streams.parse.words.clean import clean_line, clean_paragraphs

MEDIA_TYPES = {
    "picture": MediaType.IMAGE,
    "graphic": MediaType.IMAGE,
    "photo": MediaType.IMAGE,
    "image": MediaType.IMAGE,
    "video": MediaType.VIDEO,
    "audio": MediaType.AUDIO,
}
_BEST_FIRST = ("original", "main", "supplied", "highres", "baseimage", "viewimage", "web", "preview")


def own_media(item: dict[str, Any]) -> tuple[Media, ...]:
    """Return a media item as the one picture, video or sound that it is."""
    media = _media(item)
    return (media,) if media else ()


def associated_media(item: dict[str, Any]) -> tuple[Media, ...]:
    """Return the media associated with a text that have an address or a caption."""
    found = (_media(each) for each in each_object(item.get("associations")))
    return tuple(media for media in found if media)


def _media(item: dict[str, Any]) -> Media | None:
    kind = MEDIA_TYPES.get(str(item.get("type")).lower())
    if kind is None:
        return None
    caption = _caption(item)
    alt = line_in(item, "alt_text", "altText", "body_text")
    url = _address(item, kind)
    if not (url or caption):
        return None
    return Media(
        type=kind,
        url=url,
        caption=caption,
        credit=_credit(item),
        alt=clean_line(alt) if alt and clean_line(alt) != caption else None,
    )


def _caption(item: dict[str, Any]) -> str | None:
    said = line_in(item, "description_caption", "description_text") or _described(item, "caption", "text", "")
    return clean_paragraphs(said) if said else None


def _credit(item: dict[str, Any]) -> str | None:
    credit = line_in(item, "description_creditline", "creditline", "creditLine") or _described(item, "creditline")
    if not credit:
        credit = line_in(item, "byline", "by")
    if not credit and isinstance(photographer := item.get("photographer"), dict):
        credit = line_in(photographer, "name")
    credit = credit or line_in(item, "copyrightholder", "copyrightHolder", "source", "provider")
    return clean_line(credit) if credit else None


def _described(item: dict[str, Any], *roles: str) -> str | None:
    said = [each for each in each_object(item.get("descriptions")) if line_in(each, "value")]
    for role in roles:
        for each in said:
            if str(each.get("role") or "").lower() == role:
                return line_in(each, "value")
    return None


def _address(item: dict[str, Any], kind: MediaType) -> str | None:
    """Return the address of the best rendition: the sender's own first, then the largest."""
    found = sorted(_renditions(item, kind), key=lambda rendition: (rendition[0], -rendition[1]))
    return found[0][2] if found else None


def _renditions(item: dict[str, Any], kind: MediaType) -> Iterator[tuple[int, int, str]]:
    renditions = item.get("renditions")
    if isinstance(renditions, dict):
        named = [(name, each) for name, each in renditions.items() if isinstance(each, dict)]
    else:
        named = [(str(each.get("name")), each) for each in each_object(renditions)]
    for name, each in named:
        href = line_in(each, "href")
        mime = str(line_in(each, "mimetype", "contenttype", "contentType") or f"{kind}/").lower()
        if href and mime.startswith(f"{kind}/"):
            rank = _BEST_FIRST.index(name.lower()) if name.lower() in _BEST_FIRST else len(_BEST_FIRST)
            yield rank, whole_number(each.get("width")) or 0, href
