"""Bylines as names: "By Ana Reyes and Tom Field, Evening Post" is two people.

Where a byline stands decides how it is read. A field of an agency's is a byline whatever it says; a feed's author field
is names, so that "Di Marco" keeps its "Di"; a line or a paragraph of a text is one only if all of it looks like one.
"""

import re
from typing import Final

_LONGEST_CHARS: Final = 1_000
"""A longer field is no byline, and must not keep a regular expression busy."""
_LONGEST_LINE_CHARS: Final = 120
_AND: Final = re.compile(r"\s*[;|\n]\s*|\s+(?:&|and|und|et|og|och|y)\s+", re.IGNORECASE)
_COMMA_OR_AND: Final = re.compile(r"\s*,\s*|\s+(?:and|&|und|et|y)\s+")
PARTICLES: Final = frozenset({
    "de", "da", "di", "do", "dos", "del", "della", "der", "den", "van", "von", "al", "el", "la", "le", "bin", "ibn",
})  # fmt: skip
"""Words that are written small within a name."""
_JOINING: Final = frozenset({"and", "und", "et", "og", "och", "y", "e"})

_FIELD_BY: Final = re.compile(
    r"^\s*(?:by|von|par|por|door|da|di|av|af|text|texte|reporting by)\s*[:\s]\s*", re.IGNORECASE
)
_FIELD_ROLE: Final = re.compile(
    r"(?i)\b(?:writers?|correspondents?|reporters?|editors?|staff|agency|agence|agentur|news|press|presse|tribune"
    r"|times|post|herald|union|the|media|associated|reuters|afp|dpa|ap|ntb|tt)\b"
)
_FIELD_AGENCY: Final = re.compile(r"^(\S+ .*\S)/[A-Z]{2,6}$")
_FIELD_WHERE: Final = re.compile(r"\s+in [A-Z][\w .-]{2,40}$|\s*\([^()]{2,30}\)$")

_AUTHORS_BY: Final = re.compile(r"(?i)(?:written |posted |reporting )?by:? (?=\S)")
_AUTHORS_NAME: Final = re.compile(
    r"[^\W\d_][\w.'’-]*(?:\s(?:[^\W\d_a-z][\w.'’-]*|de|da|di|van|von|der|den|bin|al|el|la|le)){1,4}"
)
_AUTHORS_ROLE: Final = re.compile(
    r"(?i)\b(?:editor|correspondent|reporter|writer|staff|news|desk|agency|political|chief|bureau)\b"
)

_LINE: Final = re.compile(
    r"(?:By|BY|Von|Par|Por|From [A-Z][\w ]{1,20}['’]s?)\s+"
    r"((?:[^\W\d_][\w.'’-]*)(?:\s+(?:[^\W\d_][\w.'’-]*|and|&|,|und|et|y)){1,12})(?:,\s*[\w\s]{3,60})?"
)
_LINE_WHERE: Final = re.compile(r" in [A-Z].*$")
_LINE_SMALL: Final = frozenset({"and", "und", "et", "y", "&", ",", "de", "van", "von", "der", "den", "di", "da"})
_PARAGRAPH: Final = re.compile(r"By (?P<names>[^\W\d_][^:()\n]{2,90})")
_PARAGRAPH_SMALL: Final = (PARTICLES - {"do", "dos", "del", "della", "ibn"}) | {"and", "of"}
_SHOWN_BY: Final = re.compile(r"^(?:[Bb]y|[Dd]i|[Pp]or|[Vv]on)\s+")


def read_byline(byline: str | None) -> tuple[str, ...]:
    """Return the names in a byline field of an agency, without "By", agency or job."""
    if not byline or not byline.strip():
        return ()
    byline = byline[:_LONGEST_CHARS]
    text = " ".join(byline.split()) if "\n" not in byline else byline.strip()
    stripped = _FIELD_BY.sub("", text)
    if stripped == text and _is_sentence(text):
        return ()
    names: list[str] = []
    for part in _AND.split(_FIELD_AGENCY.sub(r"\1", _FIELD_WHERE.sub("", stripped.strip(" =.")))):
        names.extend(_of_list([piece.strip() for piece in part.split(",") if piece.strip()]))
    return tuple(dict.fromkeys(name for name in names if name))


def is_name(piece: str) -> bool:
    """Whether a piece of a byline looks like a person's name rather than an agency or a job."""
    words = piece.split()
    return len(words) > 1 and len(words) < 5 and words[0][:1].isupper() and not _FIELD_ROLE.search(piece)  # noqa: PLR2004


def names_in(authors: str) -> list[str]:
    """Return the people in a feed's author field; commas separate names only if every piece looks like a name."""
    found: list[str] = []
    for part in _AND.split(_AUTHORS_BY.sub("", " ".join(authors.split()), count=1)):
        pieces = [piece.strip() for piece in part.split(",") if piece.strip()]
        if len(pieces) > 1 and not all(_AUTHORS_NAME.fullmatch(p) and not _AUTHORS_ROLE.search(p) for p in pieces):
            pieces = pieces[:1] if _AUTHORS_ROLE.search(part) else [part.strip(" ,")]
        found += pieces
    return found


def names_of_line(line: str) -> list[str]:
    """Return the names of a line such as `By Ana Reyes and Tom Lee`, or nothing if the line is something else."""
    byline = _LINE.fullmatch(line) if len(line) <= _LONGEST_LINE_CHARS else None
    names = _LINE_WHERE.sub("", byline[1]) if byline else ""
    if not names or not all(word[0].isupper() or word in _LINE_SMALL for word in names.split()):
        return []
    return [name for name in _COMMA_OR_AND.split(names) if name]


def names_of_paragraph(paragraph: str) -> tuple[str, ...]:
    """Return the names of a paragraph that is a byline: every word of the first name in it begins with a capital."""
    found = _PARAGRAPH.fullmatch(paragraph)
    if not found:
        return ()
    words = found["names"].partition(",")[0].split()
    if len(words) < 2 or not all(word[:1].isupper() or word in _PARAGRAPH_SMALL for word in words):  # noqa: PLR2004
        return ()
    return read_byline(paragraph)


def without_by(name: str) -> str:
    """Return a name as a page shows it, without the "By" that stands before it."""
    return _SHOWN_BY.sub("", name)


def _of_list(pieces: list[str]) -> list[str]:
    """Return the names among what commas part: the first always, later ones if they look like a person's."""
    if len(pieces) == 2 and all(len(piece.split()) == 1 for piece in pieces):  # noqa: PLR2004
        family, given = pieces
        # "Field, Tom" is one person, "Field, dpa" a person and an agency.
        return [f"{family}, {given}"] if given.istitle() and not _FIELD_ROLE.search(given) else [family]
    return [piece for place, piece in enumerate(pieces) if place == 0 or is_name(piece)]


def _is_sentence(text: str) -> bool:
    """Whether a byline that doesn't say "By" is running text; some senders put a second headline there."""
    words = [word for word in text.replace(",", " ").split() if word.lower() not in PARTICLES | _JOINING]
    return len(words) > 3 and sum(word[:1].islower() for word in words) > 1  # noqa: PLR2004
