"""Gives records to a target at a pace, until they end or somebody says stop."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from streams.replay.by_time import Stamped
from streams.replay.pace import Pace
from streams.replay.select import Found
from streams.replay.source import UnreadableError
from streams.replay.target import Target

_LOOK_SECONDS = 0.1
"""How soon a stop is noticed while a record waits for its time."""


@dataclass(slots=True)
class Play:
    """One replay; `told` takes a record's place and what is wrong with it."""

    target: Target
    pace: Pace
    limit: int | None
    stop: Callable[[], bool]
    sleep: Callable[[float], None]
    told: Callable[[Stamped[Found], str], None]
    progress: Callable[[int, Stamped[Found]], None]
    count: int = 0

    def run(self, batches: Iterable[list[Stamped[Found]]]) -> None:
        """Give the records out in their order."""
        if self.limit == 0:
            return
        for batch in batches:
            if not self._at_once(batch) and not self._one_by_one(batch):
                break
            if self.count == self.limit:
                break
        self.target.flush()

    def _at_once(self, batch: list[Stamped[Found]]) -> bool:
        """Put a whole batch where nothing waits for anything: several times as quick."""
        if self.pace.speed is not None or (self.limit is not None and self.count + len(batch) > self.limit):
            return False
        if self.stop() or not self.target.put_all(batch):
            return False
        self.count += len(batch)
        self.progress(self.count, batch[-1])
        return True

    def _one_by_one(self, batch: list[Stamped[Found]]) -> bool:
        """Put a batch's records; returns whether to go on."""
        for stamped in batch:
            if stamped.item.error is not None:
                self.told(stamped, stamped.item.error)
                continue
            self._wait(stamped)
            if self.stop():
                return False
            try:
                self.target.put(stamped)
            except UnreadableError as error:
                self.told(stamped, str(error))
                continue
            self.count += 1
            if self.pace.speed is not None:
                self.target.flush()
            self.progress(self.count, stamped)
            if self.count == self.limit:
                return False
        return True

    def _wait(self, stamped: Stamped[Found]) -> None:
        while (left := self.pace.wait_seconds(stamped.counts_as)) > 0 and not self.stop():
            self.sleep(min(left, _LOOK_SECONDS))
