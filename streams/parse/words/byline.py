"""A byline as written, "By Ana Reyes and Tom Field, Evening Post", read as names."""

import re

_BY = re.compile(r"^\s*(?:by|von|par|por|door|da|di|av|af|text|texte|reporting by)\s*[:\s]\s*", re.IGNORECASE)
_AND = re.compile(r"\s*(?:;|\n|\s&\s|\sand\s|\sund\s|\set\s|\sog\s|\soch\s|\sy\s)\s*", re.IGNORECASE)
_ROLE = re.compile(
    r"(?i)\b(?:writers?|correspondents?|reporters?|editors?|staff|agency|agence|agentur|news|press|presse|tribune"
    r"|times|post|herald|union|the|media|associated|reuters|afp|dpa|ap|ntb|tt)\b"
)

_AGENCY = re.compile(r"^(\S+ .*\S)/[A-Z]{2,6}$")
_LONGEST = 1_000  # characters; a byline that goes on is none, and must not keep a regular expression busy
_WHERE = re.compile(r"\s+in [A-Z][\w .-]{2,40}$|\s*\([^()]{2,30}\)$")
_PARTICLES = frozenset({
    "and", "und", "et", "og", "och", "y", "e", "de", "da", "di", "do", "dos", "del", "della", "der", "den", "van",
    "von", "al", "el", "la", "le", "bin", "ibn",
})  # fmt: skip


def read_byline(byline: str | None) -> tuple[str, ...]:
    """Return the names in a byline, without "By", agency or job."""
    if not byline or not byline.strip():
        return ()
    byline = byline[:_LONGEST]
    text = " ".join(byline.split()) if "\n" not in byline else byline.strip()
    stripped = _BY.sub("", text)
    if stripped == text and _is_sentence(text):
        return ()
    names: list[str] = []
    for part in _AND.split(_AGENCY.sub(r"\1", _WHERE.sub("", stripped.strip(" =.")))):
        names.extend(_of_list([piece.strip() for piece in part.split(",") if piece.strip()]))
    return tuple(dict.fromkeys(name for name in names if name))


def _of_list(pieces: list[str]) -> list[str]:
    """Return the names among what commas part: the first always, later ones when they look like a person's."""
    if len(pieces) == 2 and all(len(piece.split()) == 1 for piece in pieces):  # noqa: PLR2004
        family, given = pieces
        # "Field, Tom" is one person, "Field, dpa" a person and an agency.
        return [f"{family}, {given}"] if given.istitle() and not _ROLE.search(given) else [family]
    return [piece for place, piece in enumerate(pieces) if place == 0 or is_name(piece)]


def _is_sentence(text: str) -> bool:
    """Whether a byline that doesn't say "By" is running text; some senders put a second headline there."""
    words = [word for word in text.replace(",", " ").split() if word.lower() not in _PARTICLES]
    return len(words) > 3 and sum(word[:1].islower() for word in words) > 1  # noqa: PLR2004


def is_name(piece: str) -> bool:
    """Whether a piece of a byline looks like a person's name rather than an agency or a job."""
    words = piece.split()
    return len(words) > 1 and len(words) < 5 and words[0][:1].isupper() and not _ROLE.search(piece)  # noqa: PLR2004
