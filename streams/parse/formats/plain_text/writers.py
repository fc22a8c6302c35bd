"""Who writes a post, where the page puts a name and a job below the time instead of a byline."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from streams.parse.formats.plain_text.section import Section

_WORD: Final = r"[^\W\d_a-z][\w.'’-]*"
_NAME: Final = re.compile(rf"{_WORD}(?: (?:{_WORD}|de|da|di|van|von|der|den|bin|al|el))*? {_WORD}")
_JOB: Final = re.compile(
    r"(?i)reporting from \S.{1,50}|(?:[\w&,'’-]+ ){0,5}"
    r"(?:correspondent|editor|reporter|writer|producer|presenter|analyst|korrespondentin|korrespondent|journaliste)"
    r"(?:,? (?:in|at|for|on|of) .{2,40})?"
)
_LONGEST_NAME_CHARS: Final = 40


def take_writers(sections: Iterable[Section]) -> None:
    """Take a name with a job below it off each post's lines, and the same names where they stand alone.

    A name alone proves nothing: "Marrow Quay" is a headline.
    """
    sections = list(sections)
    known = {section.lines[0].text for section in sections if _is_named(section)}
    for section in sections:
        if len(section.lines) > 1 and section.lines[0].text in known:
            section.time_line = replace(section.time_line, author=section.lines[0].text)
            jobs = 2 if _JOB.fullmatch(section.lines[1].text) else 1
            first = section.lines[0]
            del section.lines[:jobs]
            if section.lines:  # what follows stands where the name stood
                section.lines[0] = replace(section.lines[0], after_blank=first.after_blank)


def _is_named(section: Section) -> bool:
    if len(section.lines) < 2 or len(section.lines[0].text) > _LONGEST_NAME_CHARS:  # noqa: PLR2004
        return False
    return bool(_NAME.fullmatch(section.lines[0].text) and _JOB.fullmatch(section.lines[1].text))
