"""Media of an agency's item whose file name is relative: the file lies in the agency's system, not on the web."""

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from schemas.post import Media


def without_own_files(media: Iterable[Media]) -> Iterator[Media]:
    """Yield media without relative file names, if a caption or an alternative text is left to show.

    `fire.mp3` belongs to the transfer by which the item came. Joined to the document's address, it would lead to
    nothing, or to something else.
    """
    for each in media:
        if each.url is None or not _is_relative(each.url):
            yield each
        elif each.caption or each.alt:
            yield each.model_copy(update={"url": None})


def _is_relative(address: str) -> bool:
    try:
        parts = urlsplit(address.strip())
    except ValueError:  # brackets that don't close; whoever checks addresses refuses it
        return False
    return not parts.scheme and not parts.netloc
