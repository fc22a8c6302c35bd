"""What an address leads to: a picture, a video or sound, by its media type or its suffix."""

from typing import Final
from urllib.parse import urlsplit

from schemas.post import MediaType

_SUFFIXES: Final = {
    "jpg": MediaType.IMAGE, "jpeg": MediaType.IMAGE, "png": MediaType.IMAGE, "gif": MediaType.IMAGE,
    "webp": MediaType.IMAGE, "avif": MediaType.IMAGE, "mp4": MediaType.VIDEO, "webm": MediaType.VIDEO,
    "m3u8": MediaType.VIDEO, "mov": MediaType.VIDEO, "mp3": MediaType.AUDIO, "m4a": MediaType.AUDIO,
    "ogg": MediaType.AUDIO, "wav": MediaType.AUDIO,
}  # fmt: skip


def type_of(stated: str, url: str) -> MediaType | None:
    """Return the type by the media type, otherwise by the address's suffix; None for a page or a player."""
    general = stated.partition("/")[0].strip().lower()
    if general in list(MediaType):
        return MediaType(general)
    return _SUFFIXES.get(urlsplit(url).path.rpartition(".")[2].lower())
