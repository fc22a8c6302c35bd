"""Pages that put the time under the headline or under the whole post, turned so that it stands first."""

from collections.abc import Sequence
from typing import Final

from streams.parse.formats.plain_text.time_line import TimeLine
from streams.parse.lines.headlines import looks_like_headline
from streams.parse.lines.lines import Line

_FEWEST_TIMES: Final = 2


def times_first(lines: Sequence[Line], times: dict[int, TimeLine]) -> tuple[list[Line], dict[int, TimeLine]]:
    """Return the lines and time lines with each time before what it belongs to."""
    if len(times) >= _FEWEST_TIMES and not any(line.rest for line in times.values()):
        if _at_the_foot(lines, times):
            return _turned(lines, times, {place: before + 1 for before, place in _pairs(times)})
        if all(_under_a_headline(lines, place, times) for place in times):
            return _turned(lines, times, {place: place - 1 for place in times})
    return list(lines), times


def _pairs(times: dict[int, TimeLine]) -> list[tuple[int, int]]:
    return list(zip([-1, *times], times, strict=False))


def _at_the_foot(lines: Sequence[Line], times: dict[int, TimeLine]) -> bool:
    """Whether each post ends with its writer and time: nothing follows the last one."""
    return max(times) == len(lines) - 1 and all(
        line.author and place - before > 1 for (before, place), line in zip(_pairs(times), times.values(), strict=True)
    )


def _under_a_headline(lines: Sequence[Line], place: int, times: dict[int, TimeLine]) -> bool:
    above = lines[place - 1] if place else None
    return (
        above is not None
        and place - 1 not in times
        and not lines[place].after_blank
        and above.after_blank
        and looks_like_headline(above.text)
    )


def _turned(
    lines: Sequence[Line], times: dict[int, TimeLine], moved: dict[int, int]
) -> tuple[list[Line], dict[int, TimeLine]]:
    """Move the time lines to where they belong; the line that one then stands before keeps close to it."""
    by_target = {target: place for place, target in moved.items()}
    turned: list[Line] = []
    found: dict[int, TimeLine] = {}
    for place, line in enumerate(lines):
        if (time := by_target.get(place)) is not None:
            found[len(turned)] = times[time]
            turned.append(Line(lines[time].text, after_blank=True))
            turned.append(Line(line.text, after_blank=False, bullet=line.bullet))
        elif place not in moved:
            alone = place - 1 in moved and moved[place - 1] == place - 2
            turned.append(Line(line.text, after_blank=line.after_blank or alone, bullet=line.bullet))
    return turned, found
