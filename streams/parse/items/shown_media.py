"""Pictures and players as they can be shown: with an address that can be fetched, a caption that is one, each once."""

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import unquote

from schemas.post import Media

_SIZE: Final = re.compile(
    r"(?:[-_.](?:\d{2,4}x\d{2,4}|scaled|large|medium|small|thumb(?:nail)?)"
    r"|-(?:[a-z]{2,20}[A-Z][A-Za-z]{1,30}\d{0,4}|jumbo|popup|square\d{1,4})(?:-v\d{1,3})?)(?=\.\w{2,4}$)"
)
_STANDS_IN: Final = re.compile(r"(?i).*(?:nameplate|placeholder|default[-_]?(?:image|share|thumb)).*")
_SUFFIX: Final = r"\.(?:jpe?g|png|gif|webp|avif|heic|tiff?|bmp|mp4|mov)"
_FILE_NAME: Final = re.compile(
    rf"(?i)\S+{_SUFFIX}|[\w .()-]{{1,80}}{_SUFFIX}"
    r"|(?:img|dsc|dscn|dscf|screen[ _-]?shot|image|photo|unnamed|untitled)[\s_-]*\d[\w .-]{0,60}"
    r"|(?=\S*[a-z0-9][-_][a-z0-9]\S*[-_])(?=\S*\d)[a-z0-9]+(?:[-_][a-z0-9]+){2,}"
)
_LONGEST_NAME_CHARS: Final = 200
_PORTRAIT: Final = re.compile(
    r"(?i)//[^/]*gravatar\.com/|/avatars?/|/profile[-_]images?/|/headshots?/|/author[-_]?(?:photos?|images?|bios?)/"
)


def shown_media(media: Iterable[Media]) -> tuple[Media, ...]:
    """Return the media without authors' portraits, file names as captions and addresses that nobody can open.

    What a document has as a file of its own, without a caption, is left out. The same picture in several sizes is
    one, with all that is said of it.
    """
    shown: dict[str, Media] = {}
    for item in media:
        url = _address(item.url)
        name = _file_name(url)
        caption, alt = _words(item.caption, name), _words(item.alt, name)
        if item.url and not (url or caption):
            continue
        if url and (_PORTRAIT.search(url) or _STANDS_IN.fullmatch(name)):
            continue
        item = item.model_copy(update={"url": url, "caption": caption, "alt": alt})  # noqa: PLW2901
        file = _SIZE.sub("", url.partition("?")[0]) if url and _is_file(url) else url
        key = f"{item.type} {file or caption or item.credit}"
        shown[key] = _merged(shown[key], item) if key in shown else item
    return tuple(shown.values())


def _address(url: str | None) -> str | None:
    if url is None:
        return None
    address = f"https:{url}" if url.startswith("//") else url
    return address if address.lower().startswith(("http://", "https://")) else None


def _is_file(url: str) -> bool:
    """Whether an address names a file, so that its query only chooses the size."""
    return "." in _file_name(url)


def _file_name(url: str | None) -> str:
    return (url or "").partition("?")[0].rpartition("/")[2]


def _words(said: str | None, file_name: str) -> str | None:
    """Return a caption unless it is a file's name, be it the picture's own without its suffix."""
    if not said or (len(said) <= _LONGEST_NAME_CHARS and _FILE_NAME.fullmatch(said.strip())):
        return None
    own = _letters(file_name.rpartition(".")[0])
    return None if own and _letters(said) == own else said


def _letters(text: str) -> str:
    return "".join(character for character in unquote(text).casefold() if character.isalnum())


def _merged(known: Media, other: Media) -> Media:
    names = ("caption", "credit", "alt")
    return known.model_copy(
        update={name: getattr(other, name) for name in names if getattr(known, name) is None and getattr(other, name)}
    )
