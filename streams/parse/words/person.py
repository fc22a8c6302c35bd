"""An author's name as a reader would write it: no capitals, no job, no sign of a desk."""

import re
from typing import Final

from streams.parse.words.agencies import INITIALS
from streams.parse.words.byline import PARTICLES

_NO_PERSON: Final = re.compile(
    r"(?i)(?:admin|administrator|editors?|authors?|writers?|producers?|journalists?|guest|user)"
    r"|(?:[\w.'&-]+ ){0,3}(?:staff|reporters?|correspondents?|web ?desk|news ?desk|desk|newsroom|team"
    r"|redaktion|redazione)"
)
_NUMBERED: Final = re.compile(r"^[A-Z]{0,2}\d{2,}/_?\s*")
_SMALL: Final = (PARTICLES - {"al", "el"}) | {"and", "ter"}
_ROMAN: Final = re.compile(r"(?:II|III|IV|VI{0,3})")
_INITIALS: Final = re.compile(r"(?:[^\W\d_]\.)+-?(?:[^\W\d_]\.?)*")
_SHORT_LETTERS: Final = 3  # characters: a word in capitals that short may be initials


def person_name(said: str) -> str | None:
    """Return an author's name, or None if the text is no person's: a job, a number, a desk's initials."""
    name = _NUMBERED.sub("", said).strip(" _/,;:|")
    if not any(character.isalpha() for character in name) or name.lower().startswith(("http:", "https:", "www.")):
        return None
    if _NO_PERSON.fullmatch(name):
        return None
    if name == name.lower() != name.upper() and (" " not in name or "/" in name):
        return None
    return from_capitals(name)


def from_capitals(name: str) -> str:
    """Return a name that is written in capitals as names are written; others stay as they are."""
    words = name.split()
    shouted = name == name.upper() != name.lower() and len(words) > 1
    if not shouted or max(map(len, words)) <= _SHORT_LETTERS:
        return name
    return " ".join(_word(word, first=place == 0) for place, word in enumerate(words))


def _word(word: str, *, first: bool) -> str:
    if word in INITIALS or _ROMAN.fullmatch(word) or _INITIALS.fullmatch(word):
        return word
    if word.lower() in _SMALL and not first:
        return word.lower()
    parts = re.split(r"([-'\u2019])", word)
    cased = "".join(part[:1].upper() + part[1:].lower() for part in parts)
    return f"Mc{cased[2].upper()}{cased[3:]}" if cased.startswith("Mc") and len(cased) > _SHORT_LETTERS else cased
