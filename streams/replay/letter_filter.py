"""Which dead letters are wanted; pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from streams.replay.letter import Letter
from streams.replay.letter_state import State


@dataclass(frozen=True, slots=True)
class LetterFilter:
    """All must fit; of several sources or coverages, any."""

    stage: str | None = None
    sources: Collection[str] = ()
    coverages: Collection[str] = ()
    error: str | None = None
    """A part of the error's text, in either case."""
    begins: datetime | None = None
    """Failed then or later."""
    ends: datetime | None = None
    """Failed before."""
    state: State = State.WAITING

    @property
    def any(self) -> bool:
        """Whether anything but the state is asked for."""
        return bool(self.stage or self.sources or self.coverages or self.error or self.begins or self.ends)

    def fits(self, letter: Letter, state: State) -> bool:
        """Say whether a letter in this state is wanted."""
        return (
            state is self.state
            and (self.stage is None or letter.stage == self.stage)
            and (not self.sources or letter.source in self.sources)
            and (not self.coverages or letter.coverage in self.coverages)
            and (self.error is None or self.error.casefold() in letter.error.casefold())
            and (self.begins is None or letter.failed_at >= self.begins)
            and (self.ends is None or letter.failed_at < self.ends)
        )
