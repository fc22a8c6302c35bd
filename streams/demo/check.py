"""`liveline demo --check`: plays all at once and compares what a subscriber gets with what a person expects."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeVar

import aiohttp

from schemas.entry import Entry
from streams.client.sse import read_events
from streams.demo.expected import Revision, Told, as_revisions, expected
from streams.demo.player import play
from streams.demo.push import Push
from streams.demo.story import story
from streams.exceptions import LivelineError

Found = TypeVar("Found")
_LOOKS: Final = 20
_QUIET: Final = 1.5  # seconds after the last expected revision, for one too many
CountDeadLetters = Callable[[], Awaitable[int]]
ReadTold = Callable[[], Awaitable[tuple[Told, ...]]]
"""Returns what came to the sink, in its order."""


class CheckError(LivelineError):
    """The check could not be made at all."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was compared."""

    what: str
    expected: str
    found: str

    @property
    def ok(self) -> bool:
        """Whether it is as expected."""
        return self.expected == self.found


@dataclass(frozen=True, slots=True)
class Check:
    """What was compared, and which revisions differ."""

    rows: tuple[Row, ...]
    differences: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether all is as expected."""
        return all(row.ok for row in self.rows)


async def check(
    session: aiohttp.ClientSession,
    gateway: str,
    push: Push,
    count_dead_letters: CountDeadLetters,
    read_told: ReadTold,
    *,
    patience: float = 60.0,
) -> Check:
    """Subscribe by SSE, push the whole event, and compare; waits at most `patience` seconds for what is to come."""
    wanted = expected()
    entries: list[Entry] = []
    # Without a time limit of its own: the stream stays open as long as we read.
    request = session.get(
        f"{gateway.rstrip('/')}/v1/stream",
        params={"duplicates": "include"},
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=10),
    )
    taken = 0
    async with request as response:
        if response.status != 200:  # noqa: PLR2004
            raise CheckError(f"{response.url} answered {response.status}; expected 200 and a stream of events")
        async with aclosing(read_events(response)) as events:
            try:
                async with asyncio.timeout(patience) as deadline:
                    await anext(events)  # `live`: what is pushed from here on is seen
                    taken = await play(push, seconds=0)
                    async for event in events:
                        if event.event != "entry":
                            continue
                        entries.append(Entry.from_json(event.data))
                        if len(entries) >= len(wanted.revisions):
                            deadline.reschedule(asyncio.get_running_loop().time() + _QUIET)
            except (TimeoutError, StopAsyncIteration):
                pass
    letters = await _settled(count_dead_letters, lambda found: found >= wanted.dead_letters)
    told = await _settled(read_told, lambda found: Counter(found) == Counter(wanted.alerts))
    outcome = compare(wanted.revisions, entries, (wanted.dead_letters, letters), taken)
    return Check(
        (*outcome.rows, *_alert_rows(wanted.alerts, told)), (*outcome.differences, *_untold(wanted.alerts, told))
    )


async def _settled(look: Callable[[], Awaitable[Found]], is_enough: Callable[[Found], bool]) -> Found:
    """Return what there is, once it is enough or has had the time."""
    found = await look()
    for _ in range(_LOOKS):
        if is_enough(found):
            break
        await asyncio.sleep(0.3)
        found = await look()
    return found


def _alert_rows(wanted: tuple[Told, ...], found: tuple[Told, ...]) -> tuple[Row, ...]:
    return (
        Row("alerts told", str(len(wanted)), str(sum(told.word == "sent" for told in found))),
        Row("their order at the sink", "kept", "kept" if wanted == found else "broken"),
    )


def _untold(wanted: tuple[Told, ...], found: tuple[Told, ...]) -> tuple[str, ...]:
    missing, surplus = Counter(wanted) - Counter(found), Counter(found) - Counter(wanted)
    return (
        *(f"missing: alert {told}" for told in missing.elements()),
        *(f"not expected: alert {told}" for told in surplus.elements()),
    )


def compare(wanted: tuple[Revision, ...], entries: list[Entry], dead_letters: tuple[int, int], taken: int) -> Check:
    """Compare revisions, their order and the dead letters (expected and found)."""
    found = as_revisions(entries)
    changes = [
        Row(f"  {change}", str(sum(r.change == change for r in wanted)), str(sum(r.change == change for r in found)))
        for change in sorted({r.change for r in wanted} | {r.change for r in found})
    ]
    unsafe = sum("<script" in (entry.body_html or "").lower() for entry in entries)
    rows = (
        Row("documents taken", str(_documents()), str(taken)),
        Row("revisions", str(len(wanted)), str(len(found))),
        *changes,
        Row("each revision as expected", "yes", "yes" if Counter(wanted) == Counter(found) else "no"),
        Row("their order", "kept", "kept" if _in_order(wanted, found) else "broken"),
        Row("entries with two sources", str(_pairs(wanted)), str(_pairs(found))),
        Row("scripts that got through", "0", str(unsafe)),
        Row("dead letters", str(dead_letters[0]), str(dead_letters[1])),
    )
    missing, surplus = Counter(wanted) - Counter(found), Counter(found) - Counter(wanted)
    return Check(
        rows, (*(f"missing: {r}" for r in missing.elements()), *(f"not expected: {r}" for r in surplus.elements()))
    )


def _documents() -> int:
    return len(story(datetime.now(UTC)))


def _pairs(revisions: tuple[Revision, ...]) -> int:
    return sum(revision.note.startswith("duplicate of") for revision in revisions)


def _in_order(wanted: tuple[Revision, ...], found: tuple[Revision, ...]) -> bool:
    """Whether what both have stands in the same order; what is missing or too much is another row's matter."""
    both = Counter(wanted) & Counter(found)
    return [r for r in wanted if r in both] == [r for r in found if r in both]
