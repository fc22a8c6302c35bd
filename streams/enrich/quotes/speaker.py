"""Who says what stands between marks: from the sentence around it, by its verb; else who spoke last."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from schemas.entry import Entity, EntityType
from streams.enrich.quotes.marks import Marked
from streams.enrich.quotes.named import HIDDEN, MARKS_AND_SPACE, definite, named
from streams.enrich.quotes.speech import ACCORDING, PRONOUN, VERB
from streams.text.listed import listed

_SENTENCE_END: Final = re.compile(
    r"(?<!\b[A-Z])(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bMrs)(?<!\bSen)(?<!\bRep)(?<!\bGov)(?<!\bGen)(?<!\bSt)(?<!\bLt)(?<!\bSgt)"
    r"[.!?](?=\s|$)|\n"
)
_AFTER_CHARS: Final = 170
_BEFORE_CHARS: Final = 260
_SUBJECT_WORDS: Final = 24
_LEAD_IN_CHARS: Final = 60
_RELATIVE: Final = frozenset({"who", "which", "that", "whose", "where"})
_NO_SUBJECT: Final = listed(
    "on in at for to of and but because while than since which who that as with by from if when before after so or "
    "is was are were has had e ed et und y che qui que des"
)
_PIECE: Final = re.compile(r"[,;]\s|\b(?:but|and|while|as|that|dass|qui|que|che)\s")
_MOVED: Final = re.compile(
    r"(?:[Ll]o (?:ha|hanno)|[Cc]osì)\s+(?:\w+\s+)?(?:detto|dichiarato|affermato|riferito|spiegato|scritto|riporta)?\s*"
)


@dataclass(frozen=True, slots=True)
class Speaker:
    """A name or a phrase, or someone spoken of before by a pronoun."""

    name: str | None
    pronoun: bool = False
    phrase: str | None = None
    """Words for somebody named before, such as "the mayor"; the speaker's name if nobody was."""


def hidden(text: str, quotes: Sequence[Marked]) -> str:
    """Return the text with what stands between marks hidden, letter for letter."""
    parts, last = [], 0
    for quote in quotes:
        parts += [text[last : quote.start], HIDDEN * (quote.end - quote.start)]
        last = quote.end
    return "".join([*parts, text[last:]])


def speaker_of(masked: str, quote: Marked, entities: Sequence[Entity]) -> Speaker | None:
    """Return who speaks by the sentence around the quotation, or None if the sentence has nobody speak."""
    before = masked[max(0, quote.start - _BEFORE_CHARS) : quote.start].rstrip(MARKS_AND_SPACE)
    lead_in = before.endswith((":", ",")) and bool(VERB.search(before[-_LEAD_IN_CHARS:]))
    said = None if before.endswith(":") else _after(masked, quote, entities)
    if said and not lead_in:
        return said
    # A colon leads in from the paragraph before.
    ends = [match.end() for match in _SENTENCE_END.finditer(before, 0, max(0, len(before) - 1))]
    if not before.endswith(":") and "\n" in masked[quote.start - 3 : quote.start]:
        return said
    start = ends[-1] if ends else 0
    offset = max(0, quote.start - _BEFORE_CHARS) + start
    return _before(before[start:], offset, entities) or said


def _after(masked: str, quote: Marked, entities: Sequence[Entity]) -> Speaker | None:
    rest = masked[quote.end : quote.end + _AFTER_CHARS]
    lead = len(rest) - len(rest.lstrip(MARKS_AND_SPACE + ",.?!-\u2013\u2014"))
    stopped = "." in rest[:lead] or quote.text[-1:] in ".?!\u2026" or "," in rest[:lead] or quote.comma
    if not stopped or "\n" in rest[:lead]:
        return None
    clause = rest[lead:].partition(HIDDEN)[0]
    end = _SENTENCE_END.search(clause)
    clause = clause[: end.start()] if end else clause
    offset = quote.end + lead
    moved = _MOVED.match(clause)
    if "." in rest[:lead] and not moved and rest[:lead].rstrip().endswith("."):
        return None  # another sentence
    if moved:
        return Speaker(named(clause[moved.end() :], offset + moved.end(), entities, first=True))
    return _subject(clause, offset, entities)


def _subject(clause: str, offset: int, entities: Sequence[Entity]) -> Speaker | None:
    """Return who speaks in the clause after a quotation: "Ada Ruiz said", "said Ada Ruiz", "according to Ada Ruiz"."""
    according = ACCORDING.match(clause)
    if according:
        return Speaker(named(clause[according.end() :], offset + according.end(), entities, first=True))
    verb = VERB.search(clause)
    if not verb:
        return None
    left = clause[: verb.start()].strip(" ,")
    words = left.split()
    if len(words) > _SUBJECT_WORDS or (words and words[0].lower() in _NO_SUBJECT):
        return None
    if not words or left.lower() in {"so", "wie", "ha", "has", "had"}:
        right = clause[verb.end() :]
        first = right.split()[:1]
        if first and PRONOUN.match(first[0].strip(",.")):
            return Speaker(None, pronoun=True)
        return Speaker(named(right, offset + verb.end(), entities, first=True), phrase=definite(right))
    if PRONOUN.match(words[0]):
        return Speaker(None, pronoun=True)
    name = named(left, offset, entities, first=True)
    return Speaker(name) if name else Speaker(None, pronoun=True, phrase=definite(left))


def _before(text: str, offset: int, entities: Sequence[Entity]) -> Speaker | None:
    verbs = list(VERB.finditer(text))
    according = list(ACCORDING.finditer(text))
    if according and (not verbs or according[-1].start() > verbs[-1].end()):
        cut = according[-1].end()
        if name := named(text[cut:], offset + cut, entities, first=True):
            return Speaker(name)
    if not verbs:
        return None
    verb = verbs[-1]
    left = text[: verb.start()]
    for start in sorted({0, *(m.end() for m in _PIECE.finditer(left))}, reverse=True):
        piece = left[start:].strip(MARKS_AND_SPACE + ",")
        words = piece.split()
        if not words or words[0].lower() in _RELATIVE:
            continue
        if apposed := _apposed(left[:start], offset, entities):
            return Speaker(apposed)
        if PRONOUN.match(words[0]):
            return Speaker(None, pronoun=True)
        if name := named(piece, offset + left.index(piece, start), entities, first=False):
            return Speaker(name)
    if name := named(text[verb.end() :], offset + verb.end(), entities, first=True):
        return Speaker(name)
    return Speaker(None, pronoun=True)


def _apposed(text: str, offset: int, entities: Sequence[Entity]) -> str | None:
    """Return the person before a comma: "Ada Ruiz, the mayor, said"."""
    head = text.rstrip(" ")
    if not head.endswith(","):
        return None
    end = offset + len(head) - 1
    return next((e.name for e in entities if e.type is EntityType.PERSON and e.end == end), None)
