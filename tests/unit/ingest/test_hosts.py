"""Turns at a host."""

import asyncio

import pytest

from streams.ingest.polling.hosts import Hosts


class Time:
    """Passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """Return it."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Let it pass."""
        await asyncio.sleep(0)
        self.now += seconds


async def test_requests_to_a_host_follow_one_another_with_a_pause() -> None:
    """However many sources are read from it; the pause is counted from the end of the last request."""
    time = Time()
    hosts = Hosts(connections=1, gap=2.0, now=time, sleep=time.sleep)
    spans = []

    async def request() -> None:
        async with hosts.turn("news.test"):
            began = time.now
            await time.sleep(0.5)
            spans.append((began, time.now))

    await asyncio.gather(*(request() for _ in range(3)))

    assert spans == [(100.0, 100.5), (102.5, 103.0), (105.0, 105.5)]


async def test_hosts_do_not_wait_for_one_another() -> None:
    """One slow publisher is no reason for another to be late."""
    time = Time()
    hosts = Hosts(gap=60.0, now=time, sleep=time.sleep)

    async with hosts.turn("news.test"), hosts.turn("other.test"):
        assert time.now == 100.0


async def test_a_redirect_is_followed_at_once() -> None:
    """It is still the same poll."""
    time = Time()
    hosts = Hosts(gap=60.0, now=time, sleep=time.sleep)

    async with hosts.turn("news.test"):
        pass
    async with hosts.turn("news.test", follows=True):
        assert time.now == 100.0
    async with hosts.turn("news.test"):
        assert time.now == 160.0


async def test_hosts_that_nobody_waits_for_are_forgotten() -> None:
    """A redirect to a new name each time costs no memory; a host that is in use keeps its pause."""
    time = Time()
    hosts = Hosts(gap=5.0, now=time, sleep=time.sleep)
    async with hosts.turn("used.test"):
        for number in range(3000):
            async with hosts.turn(f"{number}.test"):
                time.now += 5.0

    assert len(hosts._hosts) <= 1000
    async with hosts.turn("used.test"):
        assert time.now == 100.0 + 3000 * 5 + 5


async def test_a_request_that_fails_gives_its_turn_back() -> None:
    """Its host is not blocked for ever."""
    time = Time()
    hosts = Hosts(gap=1.0, now=time, sleep=time.sleep)

    for _ in range(3):
        with pytest.raises(ConnectionError):
            async with hosts.turn("news.test"):
                raise ConnectionError

    assert time.now == 102.0
