"""A page, cut at its time lines into the lead and the posts: time, day heading above, lines."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from streams.parse.formats.plain_text.layout import times_first
from streams.parse.formats.plain_text.section import Section
from streams.parse.formats.plain_text.time_line import choose, read_date_line, read_update_mark
from streams.parse.formats.plain_text.writers import take_writers
from streams.parse.lines.headlines import (
    ends_headlines_with_a_stop,
    looks_like_headline,
    looks_like_sentence_headline,
    share_of_headlines,
)
from streams.parse.lines.lines import Line
from streams.parse.times.stamp import Stamp

_FEWEST_POSTS: Final = 2
_USUAL_SHARE: Final = 0.5
_RARE_SHARE: Final = 0.25
_COMPACT_SHARE: Final = 0.7
_NEARLY_ALL_SHARE: Final = 0.8


@dataclass(frozen=True, slots=True)
class Page:
    """A live page's text, cut into pieces."""

    lead: list[Line]
    sections: list[Section]
    compact: bool
    """Paragraphs are parted by single line breaks, posts by blank lines."""
    lead_day: Stamp | None = None


def cut(lines: Sequence[Line]) -> Page:
    """Return the page's pieces; whether first lines are headlines is decided by most of the page's posts."""
    lines, time_lines = times_first(lines, choose(lines))
    cutter = _Cutter()
    for place, line in enumerate(lines):
        if place in time_lines:
            cutter.begin(Section(place, time_lines[place]))
        else:
            cutter.take(line)
    sections = cutter.sections
    if (own := _page_stamp(sections)) is not None:  # the first time line dates the page, not a post
        cutter.lead += sections.pop(0).lines
        cutter.lead_day = cutter.lead_day or own
    take_writers(sections)
    if cutter.heading is not None:  # the page is parted into days: the first one's name stands above its first post
        for section in sections:
            section.heading = section.heading or cutter.lead_day
    compact = _is_compact(sections)
    _give_headlines(sections, compact=compact)
    return Page(cutter.lead, sections, compact, cutter.lead_day)


@dataclass(slots=True)
class _Cutter:
    """The pieces so far."""

    lead: list[Line] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    heading: Stamp | None = None
    lead_day: Stamp | None = None

    def begin(self, section: Section) -> None:
        """Begin a post at its time line."""
        section.heading = self.heading
        if section.time_line.rest:
            section.lines.append(Line(section.time_line.rest, after_blank=False))
        if self.sections and _says_the_same(self.sections[-1], section):
            self.sections.pop()
        self.sections.append(section)

    def take(self, line: Line) -> None:
        """Add a line to the current post or to the lead; a line that names a day dates the posts after it."""
        last = self.sections[-1] if self.sections else None
        fresh = last is not None and not last.lines
        if (fresh or line.after_blank) and (day := read_date_line(line.text)):
            if last is None:
                self.lead_day = day
            elif fresh:
                last.heading = day
            else:
                self.heading = day
        elif last is None:
            self.lead.append(line)
        elif mark := read_update_mark(line.text):
            last.updated = mark
        else:
            last.lines.append(line)


def _page_stamp(sections: Sequence[Section]) -> Stamp | None:
    """Return the stamp above a page: the only one with a date, at the top, with a title under it at most."""
    if len(sections) <= _FEWEST_POSTS:
        return None
    first, *others = sections
    if not first.time_line.stamp.year or len(first.lines) > 1:
        return None
    posts = all(len(section.lines) > 1 and not section.time_line.stamp.dated for section in others)
    return first.time_line.stamp if posts else None


def _says_the_same(before: Section, section: Section) -> bool:
    """Whether a time line only gives the time of the one below it in another way: `2h ago`, `(12:40 GMT)`."""
    clock = before.time_line.stamp.clock
    return not before.lines and (clock is None or clock == section.time_line.stamp.clock)


def _is_compact(sections: Sequence[Section]) -> bool:
    longer = [section for section in sections if len(section.lines) > 1]
    glued = [s for s in longer if not any(line.after_blank for line in s.lines[1:])]
    return bool(longer) and len(glued) >= _COMPACT_SHARE * len(longer)


def _give_headlines(sections: Sequence[Section], *, compact: bool) -> None:
    # On some pages a blank line stands for a missing headline: then a post whose first line follows directly has one.
    slotted = compact and not all(section.lines[0].after_blank for section in sections if section.lines)
    able = [section for section in sections if section.lines and _stands_alone(section, compact, slotted)]
    longer = [section.lines for section in able if len(section.lines) > 1]
    firsts = [lines[0].text for lines in longer]
    share = share_of_headlines(firsts)
    whole_sentences = ends_headlines_with_a_stop(firsts, [lines[1].text for lines in longer])
    unmarked = compact and not slotted and (share is None or share < _NEARLY_ALL_SHARE)
    if unmarked or (share is not None and share < _RARE_SHARE and not whole_sentences):
        return
    for section in able:
        first = section.lines[0].text
        sentence = whole_sentences or (first[-1] == "…" and share is not None and share >= _USUAL_SHARE)
        if looks_like_headline(first) or (sentence and looks_like_sentence_headline(first)):
            section.headline = first
            del section.lines[0]
    if share is not None and share < _USUAL_SHARE and not whole_sentences:
        _take_back(sections)


def _take_back(sections: Sequence[Section]) -> None:
    """If few posts have headlines, turn a headline without a body into the body."""
    for section in sections:
        if section.headline and section.bare:
            section.lines.append(Line(section.headline, after_blank=True))
            section.headline = None


def _stands_alone(section: Section, compact: bool, slotted: bool) -> bool:  # noqa: FBT001
    """Whether the first line can be a headline: not the first of several lines of a paragraph block."""
    if compact:
        return not slotted or not section.lines[0].after_blank
    return len(section.lines) == 1 or section.lines[1].after_blank or not section.lines[0].after_blank
