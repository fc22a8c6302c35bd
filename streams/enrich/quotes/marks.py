"""The stretches of a text between quotation marks: straight, curly, guillemets, German, and those of tokenised text.

A quotation that goes on in the next paragraph has its opening mark again there and its closing mark at the end alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_CLOSES: Final = {
    "\u201c": "\u201d", "\u00ab": "\u00bb", "\u201e": "\u201c\u201d", "\u00bb": "\u00ab", "\u2039": "\u203a",
    "\u2018": "\u2019", "``": "''", '"': '"', "'": "'", "\u201d": "\u201d", "\u201a": "\u2018\u2019",
}  # fmt: skip
_MARK: Final = re.compile(r"``|''|[\"\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a]")
_SINGLE: Final = re.compile(r"['\u2018\u2019\u201a]")
_PARAGRAPH: Final = re.compile(r"\n\s*\n|\n")
_LONGEST_CHARS: Final = 4_000
_BEFORE_OPENING: Final = frozenset(" \t\n([{\u2014\u2013-/\u00a0\u202f,.;:'\u2018")


@dataclass(frozen=True, slots=True)
class Marked:
    """What stands between marks."""

    start: int
    """Of the words, after the mark."""
    end: int
    """Of the words, before the mark."""
    text: str
    """Without marks at the beginning of its paragraphs."""
    comma: bool
    """Whether a comma stands before the closing mark, as before "she said"."""
    whole: bool
    """Whether its closing mark is there."""

    @property
    def words(self) -> int:
        """How many words it has."""
        return len(self.text.split())


def marked(text: str) -> list[Marked]:
    """Return the outermost stretches between marks; single marks count only where there are no double ones."""
    found = list(_pairs(text, _MARK))
    return found or list(_pairs(text, _SINGLE)) if "'" in text or "\u2018" in text or "\u201a" in text else found


def _pairs(text: str, marks: re.Pattern[str]) -> Iterator[Marked]:
    opened: tuple[int, str] | None = None
    for match in marks.finditer(text):
        mark, start, end = match[0], match.start(), match.end()
        if opened is None:
            if mark in _CLOSES and _opens(text, mark, start, end):
                opened = end, mark
            continue
        begin, opening = opened
        if start - begin > _LONGEST_CHARS:
            opened = (end, mark) if _opens(text, mark, start, end) else None
            continue
        if mark in _closing(opening) and _may_close(text, mark, start, end):
            yield _marked(text, begin, start, opening, whole=True)
            opened = None
        elif mark == opening and _opens(text, mark, start, end) and "\n" in text[begin:start]:
            if _new_paragraph(text, start):
                continue  # the same quotation, in its next paragraph
            # The first one was never closed: it ends with its paragraph.
            yield _marked(text, begin, begin + _paragraph_end(text[begin:start]), opening, whole=False)
            opened = end, mark
    if opened and marks is _MARK:
        begin, opening = opened
        rest = text[begin : begin + _LONGEST_CHARS]
        again = [m.start() for m in _PARAGRAPH.finditer(rest) if rest[m.end() :].startswith(opening)]
        last = again[-1] + 2 if again else 0
        yield _marked(text, begin, begin + last + _paragraph_end(rest[last:]), opening, whole=False)


def _closing(opening: str) -> tuple[str, ...]:
    closes = _CLOSES[opening]
    return (closes,) if closes == "''" else tuple(closes)


def _opens(text: str, mark: str, start: int, end: int) -> bool:
    if mark == "``":
        return True
    before, after = text[start - 1 : start], text[end : end + 1]
    free = not before or before in _BEFORE_OPENING or before == "\u201c"
    if mark in {'"', "'", "\u201d", "''"}:
        tokenised = mark == '"' and before == " " and after == " "
        return free and bool(after) and (not after.isspace() or tokenised)
    return mark in "\u201c\u201e\u00ab\u2039\u2018\u201a" or (mark == "\u00bb" and free and after.isalpha())


def _may_close(text: str, mark: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    if mark in {"'", "\u2019"}:  # an apostrophe stands between letters, or after the s of a plural
        return not after.isalnum() and not before.isspace()
    if mark == '"':
        return not before.isspace() or after.isspace() or not after
    return True


def _new_paragraph(text: str, start: int) -> bool:
    return not text[max(0, start - 2) : start].strip() and "\n" in text[max(0, start - 2) : start]


def _paragraph_end(text: str) -> int:
    match = _PARAGRAPH.search(text)
    return match.start() if match else len(text)


def _marked(text: str, start: int, end: int, opening: str, *, whole: bool) -> Marked:
    words = re.sub(rf"(\n\s*){re.escape(opening)}", r"\1", text[start:end]).strip()
    return Marked(start, end, words.rstrip(",").rstrip(), words.endswith(","), whole)
