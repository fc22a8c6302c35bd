"""A post in a plain text: its time line and the lines below it."""

from dataclasses import dataclass, field

from streams.parse.formats.plain_text.time_line import TimeLine
from streams.parse.lines.lines import Line
from streams.parse.times.stamp import Stamp


@dataclass(slots=True)
class Section:
    """A time line with the lines up to the next one."""

    place: int
    time_line: TimeLine
    lines: list[Line] = field(default_factory=list)
    heading: Stamp | None = None
    """The day heading above it."""
    updated: Stamp | None = None
    headline: str | None = None

    @property
    def bare(self) -> bool:
        """Whether it has a headline at most."""
        return not self.lines
