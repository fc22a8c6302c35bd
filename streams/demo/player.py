"""Plays the event: an hour in a minute, and the first documents at once so that there is something to see."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from streams.demo.push import Push
from streams.demo.story import MINUTES, story
from streams.exceptions import LivelineError

_AT_ONCE: Final = 3  # minutes of the event that a visitor finds on arrival

log = structlog.get_logger(__name__)


async def play(
    push: Push,
    *,
    seconds: float = 60.0,
    now: datetime | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> int:
    """Push the whole event in order within `seconds` and return how many documents were taken.

    Its clock ends when the playing ends, so no post is from the future. With 0 seconds all is pushed at once. After
    the hour nothing follows: the page stays as it is, and nobody is told the same news twice.
    """
    begin = (now or datetime.now(UTC)) + timedelta(seconds=seconds) - timedelta(minutes=MINUTES)
    pace = seconds / (MINUTES - _AT_ONCE)
    minute: float = _AT_ONCE
    taken = 0
    for step in story(begin):
        if step.minute > minute:
            await sleep((step.minute - minute) * pace)
            minute = step.minute
        try:
            await push(step)
        except LivelineError as error:  # the next document may fare better, and a visitor is watching
            log.warning("demo.document_refused", source=step.source, minute=step.minute, error=str(error))
        else:
            taken += 1
    return taken
