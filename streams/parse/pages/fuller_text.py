"""One text told twice, plain by a page's metadata and marked up by the page: the markup's, where it has more."""

import re
from collections import Counter
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from streams.parse.html.safe import html_to_text, is_markup
from streams.parse.pages.element import letters
from streams.parse.payload.depth import check_html_depth
from streams.parse.words.clean import clean_paragraphs

_COVERED: Final = 0.95
"""Share of the stated words that the markup must show for both to be one text."""
_MORE: Final = 0.25
"""Words beyond the stated ones, as a share of them: more is another text or the page's furniture."""
_FURNITURE_SHARE: Final = 0.4
_FURNITURE_SHARE_OF_EXCERPT: Final = 0.15
_FURNITURE_LETTERS: Final = 150
"""Paragraphs after the stated text that are no longer than that are the page's: a byline, a link card.

A stated text of one paragraph may be an excerpt: what follows is more likely its rest.
"""
_TAIL_LETTERS: Final = 40
_LISTED: Final = re.compile(r"(?i)<(?:li|tr|blockquote)\b")
_MARKED: Final = re.compile(r"(?i)<(?:a|b|strong|em|i|li|h\d|blockquote|table)\b")
_LISTS: Final = ("li", "ul", "ol", "table", "tr", "td", "blockquote")
_BLOCKS: Final = "p, li, ul, ol, div, section, h2, h3, h4, h5, blockquote, table, tr, td, aside, span, a"
_SENTENCE_END: Final = re.compile(r"[.!?][\"'\u201d\u2019)]*\s*$")
_WORD: Final = re.compile(r"\w+")


def better_html(stated: str | None, shown: str) -> str | None:
    """Return the shown HTML where it is the stated text with more of it, paragraphs or markup; None otherwise."""
    if not stated:
        return shown
    text = html_to_text(stated) if is_markup(stated) else clean_paragraphs(stated)
    seen = html_to_text(shown)
    said, full = letters(text), letters(seen)
    shown = _without_furniture(shown, seen, said, full, parted="\n" in text)
    seen = html_to_text(shown)
    full = letters(seen)
    more_paragraphs = seen.count("\n") > text.count("\n")
    if said and full.startswith(said):
        parted = seen.count("\n\n") >= sum(1 for line in text.split("\n") if line) - 1
        more_marks = not is_markup(stated) and bool(_MARKED.search(shown)) and parted
        return shown if len(full) > len(said) or more_paragraphs or more_marks else None
    if not (len(full) > len(said) or more_paragraphs):
        return None
    words, shown_words = Counter(_WORD.findall(text)), Counter(_WORD.findall(seen))
    covered = sum((words & shown_words).values()) >= _COVERED * sum(words.values())
    more = sum((shown_words - words).values()) / max(sum(words.values()), 1)
    return shown if covered and (more <= _MORE or _LISTED.search(shown)) else None


def _without_furniture(shown: str, seen: str, said: str, full: str, *, parted: bool) -> str:
    """Return the shown HTML without the few paragraphs after the end of the stated text; list items stay."""
    tail = said[-_TAIL_LETTERS:]
    end = full.rfind(tail) + len(tail)
    rest = len(full) - end
    share = _FURNITURE_SHARE if parted else _FURNITURE_SHARE_OF_EXCERPT
    if not tail or end < len(tail) or rest > max(_FURNITURE_LETTERS, share * len(said)):
        return shown
    after = _after(seen, end)
    if after is None or any(_SENTENCE_END.search(paragraph) for paragraph in after):
        return shown  # in the middle of a paragraph, or sentences as a text has them
    return _without_end(shown, end)


def _after(seen: str, count: int) -> list[str] | None:
    """Return the paragraphs after so many letters, if one ends there."""
    ends, paragraphs = 0, seen.split("\n")
    for place, paragraph in enumerate(paragraphs):
        ends += len(letters(paragraph))
        if ends >= count:
            return paragraphs[place + 1 :] if ends == count else None
    return None


def _without_end(html: str, count: int) -> str:
    """Return HTML without its last blocks, as far as so many letters are left."""
    check_html_depth(html)
    body = LexborHTMLParser(html).body
    if body is None:
        return html
    left = len(letters(body.text() or ""))
    for node in reversed(body.css(_BLOCKS)):
        text = (node.text() or "").strip()
        own = len(letters(text))
        if left - own < count or node.tag in _LISTS:
            break  # the text's own end, or a list that the stated text lost
        if text:
            node.decompose()
            left -= own
    return body.inner_html or html
