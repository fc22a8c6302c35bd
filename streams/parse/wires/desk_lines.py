"""Lines that an agency writes for desks around its text: notes, a byline as a paragraph, routing codes."""

import re
from dataclasses import dataclass
from html import escape
from typing import Final

from streams.parse.html.safe import html_to_text
from streams.parse.words.byline import names_of_paragraph

_BETWEEN: Final = re.compile(r"(?:\s|<(?:div|section|article|body|block)\b[^<>]{0,200}>|<br\s?/?>)*", re.IGNORECASE)
_OPENING: Final = re.compile(r"<(p|pre)\b[^<>]{0,300}>", re.IGNORECASE)
_LONGEST_PARAGRAPH_CHARS: Final = 600
_MOST_PARAGRAPHS: Final = 5
_VERBS: Final = (
    "adds?|adding|updates?|updating|corrects?|correcting|recasts?|rewrites?|refiles?|repeats?|releads?|clarifies|"
    "removes?|deletes?|fixes|edits?|inserts?|changes|trims|writes thru"
)
_NOTE: Final = re.compile(
    rf"\((?i:{_VERBS})\b[^()]*(?:\([^()]*\)[^()]*)*\)\.?"
    r"|(?i:eds|editors)\s*[:=].*"
    r"|\W{0,3}(?i:attention|attn|note to|notes to|achtung|an die)[ ,:]*(?i:editors?|desks?|redaktion\w*)\b.*"
    r"|(?i:strictly )?(?i:embargo(?:ed)?)\b.{0,160}",
    re.DOTALL,
)
_SIGN_OFF: Final = re.compile(r"[a-z]{2,4}(?:/[a-z]{2,4})+|[A-Z]{2,4}(?: [A-Z]{2,4})? [a-z]{2,4}|(?i:ends)")
_CODE: Final = re.compile(r"[A-Z0-9]{2,10}")
_FEWEST_CODES: Final = 4


@dataclass(frozen=True, slots=True)
class DeskLines:
    """An agency's HTML without the lines to desks, and what those say."""

    html: str
    note: str | None = None
    authors: tuple[str, ...] = ()


def part_desk_lines(html: str | None) -> DeskLines:
    """Return the HTML without notes, bylines and codes before its first and after its last paragraph."""
    if not html:
        return DeskLines("")
    notes: list[str] = []
    authors: list[str] = []
    at = 0
    for _ in range(_MOST_PARAGRAPHS):
        span = _first(html, at)
        if span is None:
            break
        line = " ".join(html_to_text(html[span[0] : span[1]]).split())
        names = names_of_paragraph(line)
        if _NOTE.fullmatch(line):
            notes.append(line.removeprefix("(").removesuffix(")") if line.startswith("(") else line)
        elif names:
            authors.extend(names)
        elif line and not _is_code(line):
            break
        html = html[: span[0]] + html[span[1] :]
        at = span[0]
    for _ in range(_MOST_PARAGRAPHS):
        span = _last(html)
        if span is None:
            break
        line = " ".join(html_to_text(html[span[0] : span[1]]).split())
        if line and not (_is_code(line) or _SIGN_OFF.fullmatch(line)):
            break
        html = html[: span[0]] + html[span[1] :]
    return DeskLines(html, " ".join(notes) or None, tuple(dict.fromkeys(authors)))


def part_plain_desk_lines(text: str) -> tuple[str, DeskLines]:
    """Return plain text without such lines, and what these say."""
    html = "".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in text.split("\n\n"))
    desk = part_desk_lines(html)
    return (text if desk.html == html else html_to_text(desk.html)), desk


def _first(html: str, at: int) -> tuple[int, int] | None:
    """Return where the first paragraph stands, if there is nothing but containers before it and it is short."""
    between = _BETWEEN.match(html, at)
    start = between.end() if between else at
    opening = _OPENING.match(html, start)
    if opening is None:
        return None
    end = html.find(f"</{opening[1]}>", opening.end(), opening.end() + _LONGEST_PARAGRAPH_CHARS)
    return (start, end + len(opening[1]) + 3) if end >= 0 else None


def _last(html: str) -> tuple[int, int] | None:
    """Return where the last paragraph stands, if it is short and there is no text after it."""
    end = html.rfind("</p>")
    start = html.rfind("<p", max(0, end - _LONGEST_PARAGRAPH_CHARS), end) if end >= 0 else -1
    if start < 0 or not _OPENING.match(html, start):
        return None
    after = html[end + 4 :]
    if len(after) > _LONGEST_PARAGRAPH_CHARS or html_to_text(after):
        return None
    return start, end + 4


def _is_code(line: str) -> bool:
    """Whether a line is an agency's routing: words of capitals and digits only, some of both."""
    words = line.split()
    mixed = sum(1 for word in words if word.isalnum() and not word.isdigit() and not word.isalpha())
    return len(words) >= _FEWEST_CODES and mixed > 1 and all(_CODE.fullmatch(word) for word in words)
