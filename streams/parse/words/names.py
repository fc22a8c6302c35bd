"""Bylines as one name each: `By Ana Reyes and Tom Lee` is two people."""

import re
from typing import Final

_BY: Final = re.compile(r"(?i)(?:written |posted |reporting )?by:? (?=\S)")
_AND: Final = re.compile(r"(?i)\s+(?:and|und|et|&)\s+|\s*[;|]\s*")
_NAME: Final = re.compile(
    r"[^\W\d_][\w.'’-]*(?:\s(?:[^\W\d_a-z][\w.'’-]*|de|da|di|van|von|der|den|bin|al|el|la|le)){1,4}"
)
_ROLE: Final = re.compile(
    r"(?i)\b(?:editor|correspondent|reporter|writer|staff|news|desk|agency|political|chief|bureau)\b"
)


def names_in(byline: str) -> list[str]:
    """Return the people a byline names; what stands after a comma is a name only when all of it are names."""
    found: list[str] = []
    for part in _AND.split(_BY.sub("", " ".join(byline.split()), count=1)):
        pieces = [piece.strip() for piece in part.split(",") if piece.strip()]
        if len(pieces) > 1 and not all(_NAME.fullmatch(piece) and not _ROLE.search(piece) for piece in pieces):
            pieces = pieces[:1] if _ROLE.search(part) else [part.strip(" ,")]
        found += pieces
    return found
