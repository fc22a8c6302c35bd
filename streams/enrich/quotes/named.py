"""How a speaker is named: a person or a body by its entity, else by a phrase such as "a police spokesman"."""

import re
from collections.abc import Sequence
from typing import Final

from schemas.entry import Entity, EntityType
from streams.text.listed import listed

HIDDEN: Final = "\ue000"
"""Stands for each letter between marks."""
MARKS_AND_SPACE: Final = " \"'\u201c\u201d\u2018\u2019\u00ab\u00bb\u201e`\n\u00a0\u202f"
_PHRASE_WORDS: Final = 8
_NAME_CHARS: Final = 80
_CAPITALS: Final = re.compile(
    r"(?<![\w-])((?:[A-ZÀ-Þ][\w'\u2019-]+)(?: (?:(?:de|van|von|bin|al|di|la|le) )?[A-ZÀ-Þ][\w'\u2019-]+){1,3})"
)
_TITLED: Final = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Dr|Sir|President|Senator|Sen|Rep|Gov)\.? )?([A-ZÀ-Þ][\w'\u2019-]{2,})(?=$|,)"
)
_DEFINITE: Final = frozenset({"the", "der", "die", "le", "la", "el", "il", "lo"})
_BODIES: Final = listed(
    "police government ministry company agency party committee department office club group army statement paper "
    "report book website union council court team service force board kremlin source message polizei regierung "
    "governo esercito polizia gouvernement gobierno ministère ministerium ministero"
)
_SPEAKERS: Final = frozenset({EntityType.PERSON, EntityType.ORGANISATION})
_PHRASE: Final = re.compile(
    r"^(?:the|an?|one|two|another|his|her|their|police|officials?|authorities|witnesses|der|die|ein|eine|le|la|un|"
    r"une|l'|el|una|il|lo|gli|i)(?![\w-]).*$",
    re.IGNORECASE,
)
_PHRASE_ENDS: Final = re.compile(
    r"[,;:(\u2013\u2014]|\s(?:in|on|at|to|during|after|before|when|while|about|as|who|that|which|and|but|has|have|"
    r"had|was|is|also|of course|by|with|from)\s",
    re.IGNORECASE,
)


def definite(text: str) -> str | None:
    """Return "the mayor" where a stretch begins with it: somebody named before."""
    phrase = text.strip(MARKS_AND_SPACE + ",.")
    cut = _PHRASE_ENDS.search(phrase)
    phrase = phrase[: cut.start()] if cut else phrase
    words = phrase.split()
    return (
        phrase if 1 < len(words) <= _PHRASE_WORDS and words[0].lower() in _DEFINITE and HIDDEN not in phrase else None
    )


def named(text: str, offset: int, entities: Sequence[Entity], *, first: bool) -> str | None:
    """Return the person or body in a stretch of the post, else a phrase such as "a spokesman"."""
    inside = [e for e in entities if e.type in _SPEAKERS and offset <= e.start and e.end <= offset + len(text)]
    people = [e for e in inside if e.type is EntityType.PERSON]
    chosen = people or inside
    phrase = text.strip(" ,")
    plain = _PHRASE.match(phrase)
    if chosen:
        entity = chosen[0] if first else chosen[-1]
        head = text[: entity.start - offset]
        # "the spokesman for the council": with a body alone, the phrase says more than the body.
        if people or not plain or "," in head:
            return entity.name
    capital = None if chosen or (plain and phrase[:3].lower() == "the") else _CAPITALS.search(phrase[:_NAME_CHARS])
    if capital:
        return capital[1]
    if not plain:
        titled = _TITLED.match(phrase)
        return titled[1] if titled else None
    cut = _PHRASE_ENDS.search(phrase)
    phrase = phrase[: cut.start()] if cut else phrase
    words = phrase.split()
    if not 1 <= len(words) <= _PHRASE_WORDS or HIDDEN in phrase:
        return None
    if words[0].lower() in _DEFINITE and words[-1].lower() not in _BODIES and not words[-1].endswith("s"):
        return None  # "the striker": someone named before
    return phrase.strip(MARKS_AND_SPACE + ",.")
