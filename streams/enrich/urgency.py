"""How urgent an update is, 1 to 9 as IPTC has it, with the reason; the source's own number stays.

A word of alarm counts in the headline, or without one in the first sentence, where an update says what it is about.
"""

import re
from typing import Final

from schemas.entry import Bound, Entry, Figure, FigureKind
from schemas.newsroom import Coverage
from schemas.post import Kind
from streams.enrich.registry import Enrichment, enricher

_FLASH: Final = 1
_URGENT: Final = 2
_IMPORTANT: Final = 3
_ROUTINE: Final = 5
_LATER: Final = 6
_LEAST: Final = 8

_BREAKING: Final = re.compile(
    r"^\W*(?:breaking(?: news)?|urgent|flash|newsflash|alert|eilmeldung|eil|\+\+\+|urgente|última hora|"
    r"ultim['\u2019]?ora|alerte(?: info)?|dernière minute|pilne|spoed|just in)\b\s*[:!|\u2013\u2014-]|\+\+\+",
    re.IGNORECASE,
)
_ALARM: Final = re.compile(
    r"\b(?:explosions?|blast|bombings?|shooting|shots? fired|gunm[ae]n|hostages?|terror(?:ist)? attack|stabbings?|"
    r"hijack\w*|"
    r"earthquake|tsunami|tornado|avalanche|landslide|plane crash|crash(?:es|ed)? into|derail\w*|collaps\w+|capsiz\w+|"
    r"evacuat\w+|state of emergency|major incident|coup|invades?|airstrikes?|air strikes?|missile|"
    r"resigns?|resigned|assassinat\w*|killed|dead|dies|died|found guilty|verdict|declares? war|ceasefire|sirens?|"
    r"explosión|terremoto|atentado|tiroteo|muertos?|dimite|esplosione|attentato|sparatoria|mort[oi]|dimissioni|"
    r"explosion|séisme|attentat|fusillade|morts|démissionne|explosionen?|erdbeben|anschlag|tote|schüsse|zurückgetreten|"
    r"tritt zurück)\b",
    re.IGNORECASE,
)
_FIRST_CHARS: Final = 220
_SENTENCE_END: Final = re.compile(r"[.!?](?=\s)|\n")
_SNAP_LETTERS: Final = 20
_SNAP_SHARE: Final = 0.7
_MANY_DEAD: Final = 10
_MANY_HURT: Final = 20
_MANY_MOVED: Final = 500
_STRONG_QUAKE: Final = 6.0
_PEOPLE: Final = {
    FigureKind.DEAD: (1, _MANY_DEAD),
    FigureKind.INJURED: (3, _MANY_HURT),
    FigureKind.MISSING: (1, _MANY_HURT),
    FigureKind.EVACUATED: (50, _MANY_MOVED),
}
"""From how many people on a figure is important, and from how many urgent."""


@enricher("urgency", rank=60)
def find_urgency(entry: Entry, _: Coverage) -> Enrichment:
    """Return the urgency and its reason, unless the source gives its own."""
    if entry.urgency is not None or not (entry.headline or entry.body_text):
        return Enrichment()
    value, reason = urgency(entry)
    return Enrichment(urgency=value, urgency_reason=reason)


def urgency(entry: Entry) -> tuple[int, str]:
    """Return the smallest number that anything in the entry speaks for, and what it is."""
    first = _SENTENCE_END.split((entry.body_text or "")[:_FIRST_CHARS], maxsplit=1)[0]
    head = entry.headline or first
    if entry.kind in {Kind.SUMMARY, Kind.COMMENT}:
        return (_LATER if entry.kind is Kind.SUMMARY else _LEAST), f"kind: {entry.kind.value}"
    found: list[tuple[int, str]] = []
    if entry.breaking:
        found.append((_FLASH, "breaking: marked by the source"))
    elif match := _BREAKING.search(entry.headline or "") or _BREAKING.search(entry.body_text or ""):
        found.append((_URGENT, f"breaking: {match[0].strip(' :!|')}"))
    found += [
        (weight, f"figure: {figure.kind.value} {_shown(figure)}")
        for figure in entry.figures
        if figure.start < _FIRST_CHARS and (weight := _of_figure(figure))
    ]
    letters = [letter for letter in first if letter.isalpha()]
    if len(letters) >= _SNAP_LETTERS and sum(map(str.isupper, letters)) > _SNAP_SHARE * len(letters):
        found.append((_IMPORTANT, "capitals: an agency's snap"))
    if match := _ALARM.search(head):
        found.append((_IMPORTANT, f"word: {match[0].lower()}"))
    if entry.key_event:
        found.append((_IMPORTANT, "key event: marked by the source"))
    return min(found, key=lambda pair: pair[0], default=(_ROUTINE, "nothing speaks for more"))


def _of_figure(figure: Figure) -> int | None:
    value = figure.value if not isinstance(figure.value, tuple) else 0
    if figure.kind is FigureKind.MAGNITUDE:
        return _URGENT if value >= _STRONG_QUAKE else _IMPORTANT
    if figure.kind not in _PEOPLE or figure.bound is Bound.MOST:
        return None
    important, urgent = _PEOPLE[figure.kind]
    return _URGENT if value >= urgent else _IMPORTANT if value >= important else None


def _shown(figure: Figure) -> str:
    return f"{figure.bound.value} {figure.value}" if figure.bound else str(figure.value)
