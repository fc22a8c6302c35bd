"""Removes lists of key events: their lines only link to posts further down."""

import re
from collections.abc import Sequence
from typing import Final

from streams.parse.formats.plain_text.section import Section
from streams.parse.formats.plain_text.time_line import read_time_line
from streams.parse.lines.lines import Line
from streams.parse.times.stamp import read_stamp

_TITLE: Final = re.compile(
    r"(?i)(?:key (?:events?|moments?|points?|updates?|developments?|posts?|entries)|jump to|in this blog"
    r"|(?:the )?(?:timeline|highlights|at a glance|main points|key facts)|what (?:has )?happened(?: so far)?"
    r"|(?:les )?(?:moments|points) (?:clés?|forts)|lo más destacado|das wichtigste)"
    r"(?: \(\d+\))?\s*:?"
)


def is_title(text: str) -> bool:
    """Whether a line is the title of such a list."""
    return _TITLE.fullmatch(text) is not None


def without_key_events(lead: Sequence[Line], sections: Sequence[Section]) -> tuple[list[Line], list[Section]]:
    """Return the lead and the posts without lists of key events."""
    headlines = {_folded(s.headline or (s.lines[0].text if s.lines else "")) for s in sections} - {""}
    titled = next((place for place, line in enumerate(lead) if is_title(line.text)), None)
    kept_lead = [
        line
        for place, line in enumerate(lead)
        if place != titled and not _links(line, headlines, listed=titled is not None and place > titled)
    ]
    listed = _listed(sections, at_top=titled is not None and titled == len(lead) - 1)
    return kept_lead, [section for place, section in enumerate(sections) if place not in listed]


def _links(line: Line, headlines: set[str], *, listed: bool) -> bool:
    """Whether a line of the lead is a post's headline or, in a list, any text with its time."""
    timed = read_time_line(line)
    if listed and timed is None and (stamp := read_stamp(line.text)) and stamp.ago is not None:
        return True  # "2h ago Fire brigade called"
    return _folded(timed.rest if timed else line.text) in headlines or (listed and timed is not None)


def _listed(sections: Sequence[Section], *, at_top: bool) -> set[int]:
    """Return the places of sections that are only links: bare, and repeated in full below, or listed under a title."""
    full: dict[tuple[object, str], int] = {}
    for place, section in enumerate(sections):
        full[_key(section)] = place  # the last one of equal ones is the post itself
    listed = {place for place, section in enumerate(sections) if _is_link(section) and full[_key(section)] > place}
    if at_top:
        posts_from = max(
            (at for at in range(1, len(sections)) if not _is_link(sections[at]) and _restarts(sections, at)), default=0
        )
        ages = next((at for at, section in enumerate(sections) if section.time_line.stamp.clock is not None), 0)
        last = max([*listed, ages, 0])
        for place, section in enumerate(sections):
            if not _is_link(section) or (listed and place > last and _restarts(sections, place)):
                break
            if place < max(last, posts_from):
                listed.add(place)
    return listed


def _restarts(sections: Sequence[Section], place: int) -> bool:
    before, here = (sections[at].time_line.stamp.clock for at in (place - 1, place))
    return before is not None and here is not None and here > before


def _is_link(section: Section) -> bool:
    texts = ([section.headline] if section.headline else []) + [line.text for line in section.lines]
    return len(texts) == 1


def _key(section: Section) -> tuple[object, str]:
    return section.time_line.stamp.clock, _folded(section.headline or (section.lines[0].text if section.lines else ""))


def _folded(text: str) -> str:
    return re.sub(r"\W+", " ", text).casefold().strip()
