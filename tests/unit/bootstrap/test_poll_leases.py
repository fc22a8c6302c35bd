"""Pollers that share a state database."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from streams.bootstrap.poll_leases import PollLeases
from streams.testing import FakeClock


class Pollers:
    """Makes pollers' leases on one database, under one clock."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.url = f"sqlite:///{folder}/state.db"
        self.clock = FakeClock()
        self._stack = stack

    def one(self, *sources: str, url: str | None = None) -> PollLeases:
        """Return another poller's leases."""
        began = self.clock()

        def monotonic() -> float:
            return (self.clock() - began).total_seconds()

        made = PollLeases(url or self.url, sources, self.clock, monotonic)
        self._stack.callback(made.close)
        return made


@pytest.fixture
def pollers(tmp_path: Path) -> Iterator[Pollers]:
    """Make a state database."""
    with ExitStack() as stack:
        yield Pollers(tmp_path, stack)


def test_one_polls_a_source(pollers: Pollers) -> None:
    """Whoever comes first; a source that only the other has is the other's."""
    first, second = pollers.one("post"), pollers.one("post", "wire")
    for _ in range(10):
        first.renew()
        second.renew()
        pollers.clock.advance(timedelta(seconds=8))

    assert [each.is_mine("post") for each in (first, second)] == [True, False]
    assert second.is_mine("wire")


def test_who_stops_is_followed_at_once(pollers: Pollers) -> None:
    """It lets go of its leases."""
    first, second = pollers.one("post"), pollers.one("post")
    first.renew()
    first.close()
    second.renew()

    assert [each.is_mine("post") for each in (first, second)] == [False, True]


def test_at_no_time_do_two_poll_when_one_hangs(pollers: Pollers) -> None:
    """One that no longer renews stops by itself before another may begin."""
    first, second = pollers.one("post"), pollers.one("post")
    first.renew()
    both = []
    for _ in range(40):
        second.renew()
        both.append((first.is_mine("post"), second.is_mine("post")))
        pollers.clock.advance(timedelta(seconds=1))

    assert (True, True) not in both
    assert (both[0], both[-1]) == ((True, False), (False, True))
    first.renew()
    assert not first.is_mine("post")


def test_without_the_database_sources_are_polled(pollers: Pollers, tmp_path: Path) -> None:
    """A file that can't be had stops nobody."""
    leases = pollers.one("post", url=f"sqlite:///{tmp_path}/none/state.db")
    before = leases.is_mine("post")
    leases.renew()

    assert (before, leases.is_mine("post")) == (False, True)
