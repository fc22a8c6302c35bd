"""Where an entry holds what was searched for: its texts with `<mark>` around the matches, safe as HTML."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any, Final

from streams.archive.folding import Word, words
from streams.archive.search import SearchQuery, Term

_FIELDS: Final = ("headline", "summary", "body_text", "authors")
_AROUND_CHARS: Final = 120
"""Shown of a long text before its first match, and three times as much after it."""
_LOOKED_AT_CHARS: Final = 50_000
_WHOLE_CHARS: Final = 500
"""A text up to this length is shown whole."""


def highlights(query: SearchQuery, entry: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return each field that matches, marked; of a text beyond all measure, only its beginning is looked at."""
    found = []
    for field in _FIELDS:
        value = entry.get(field) or ""
        text = (value if isinstance(value, str) else ", ".join(value))[:_LOOKED_AT_CHARS]
        if spans := _spans(query, text):
            found.append({"field": field, "text": _marked(text, spans)})
    return found


def _spans(query: SearchQuery, text: str) -> list[tuple[int, int]]:
    """Return where the matches are, in order, those that overlap or touch as one."""
    there = list(words(text))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(span for term in query.terms for span in _matches(term, there)):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _matches(term: Term, there: Sequence[Word]) -> Iterator[tuple[int, int]]:
    *first, last = term.words
    for index in range(len(there) - len(first)):
        end = there[index + len(first)]
        ends = end.folded.startswith(last) if term.begins else end.folded == last
        if ends and all(there[index + n].folded == word for n, word in enumerate(first)):
            yield there[index].start, end.end


def _marked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    begin, stop = 0, len(text)
    if stop > _WHOLE_CHARS:
        begin = _at_word(text, spans[0][0] - _AROUND_CHARS)
        stop = _to_word(text, max(spans[0][1], begin + 4 * _AROUND_CHARS))
    parts, place = [], begin
    for start, end in spans:
        if end > stop:
            break
        parts += [escape(text[place:start]), "<mark>", escape(text[start:end]), "</mark>"]
        place = end
    parts.append(escape(text[place:stop]))
    return ("…" if begin else "") + "".join(parts).strip() + ("…" if stop < len(text) else "")


def _at_word(text: str, place: int) -> int:
    if place <= 0:
        return 0
    space = text.find(" ", place, place + _AROUND_CHARS)
    return place if space < 0 else space + 1


def _to_word(text: str, place: int) -> int:
    if place >= len(text):
        return len(text)
    space = text.rfind(" ", place - _AROUND_CHARS // 2, place)
    return place if space < 0 else space
