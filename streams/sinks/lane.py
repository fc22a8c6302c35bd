"""Runs one sink: plans, sends in threads of its own, and records the outcome; no sink waits for another."""

import asyncio
import contextlib
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Final

import structlog

from streams.sinks.book import Book, Failure, Outgoing, delays
from streams.sinks.message import message_of
from streams.sinks.targets import SendError, Target
from streams.webhooks.queue import StateQueue

_AT_ONCE: Final = 4
_LONGEST_SLEEP_SECONDS: Final = 5.0
"""Somebody may have acknowledged or muted something; and the clock of a test may run faster than this one."""
_FINISH_SECONDS: Final = 5.0
"""At the end, for what is being sent: what is cut off is in doubt, and sent again by whoever goes on."""


class Lane:
    """Sends what is due at one sink, so many messages at once, each alert in order."""

    def __init__(
        self, book: Book, target: Target, queue: StateQueue, timeout: timedelta, log: structlog.stdlib.BoundLogger
    ) -> None:
        self._book = book
        self._target = target
        self._queue = queue
        self._timeout = timeout.total_seconds()
        self._log = log.bind(sink=book.rules.id)
        self._woken = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """Look for due messages now: a new revision was queued."""
        self._woken.set()

    async def run(self) -> None:
        """Send until it is cancelled; raises what the state database raises."""
        threads = ThreadPoolExecutor(_AT_ONCE, f"sink-{self._book.rules.id}")
        try:
            while True:
                self._woken.clear()
                outgoing, look_at = await self._queue.call(self._book.begin, lambda: _AT_ONCE - len(self._under_way))
                for each in outgoing:
                    self._under_way.add(asyncio.create_task(self._send(each, threads)))
                await self._wait(look_at)
                done = {task for task in self._under_way if task.done()}
                self._under_way -= done
                for task in done:
                    task.result()
        finally:
            if self._under_way:
                await asyncio.wait(self._under_way, timeout=_FINISH_SECONDS)
            for task in self._under_way:
                task.cancel()
            await asyncio.gather(*self._under_way, return_exceptions=True)
            threads.shutdown(wait=False, cancel_futures=True)

    async def _wait(self, look_at: datetime | None) -> None:
        """Wait for `wake`, for a message that was sent, or for the planned time."""
        left = (look_at - self._book.clock()).total_seconds() if look_at is not None else _LONGEST_SLEEP_SECONDS
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, min(left, _LONGEST_SLEEP_SECONDS))):
                await self._woken.wait()

    async def _send(self, outgoing: Outgoing, threads: ThreadPoolExecutor) -> None:
        sink, metrics = self._book.rules.id, self._book.metrics
        revisions = outgoing.planned.revisions
        try:
            if outgoing.in_doubt:
                metrics.in_doubt.inc(len(revisions))
            failure = await self._attempt(outgoing, threads)
            if failure is None:
                await self._queue.call(self._book.succeeded, outgoing)
                metrics.attempts.labels(sink, "sent").inc()
                for delay in delays(revisions, self._book.clock()):
                    metrics.delay.labels(sink).observe(max(0.0, delay))
                self._log.info("sink.sent", message=outgoing.planned.id, revisions=len(revisions))
                return
            again = await self._queue.call(self._book.failed, outgoing, failure)
            metrics.attempts.labels(sink, "failed" if again is None else "retried").inc()
            (self._log.error if again is None else self._log.warning)(
                "sink.given_up" if again is None else "sink.failed", message=outgoing.planned.id,
                attempt=outgoing.attempt, error=failure.error, again_at=again.isoformat() if again else None,
            )  # fmt: skip
        finally:
            self.wake()

    async def _attempt(self, outgoing: Outgoing, threads: ThreadPoolExecutor) -> Failure | None:
        alerts = [each.alert for each in outgoing.planned.revisions]
        message = message_of(alerts, outgoing.before, in_doubt=outgoing.in_doubt)
        future: Future[None] = threads.submit(self._target.send, message)
        try:
            async with asyncio.timeout(self._timeout):
                await asyncio.wrap_future(future)
        except TimeoutError:
            if future.cancelled():
                return Failure(f"earlier messages have had no answer for {self._timeout:g} s")
            # A thread that waits for an answer can't be ended: the sink may have it, or get it later.
            return Failure(f"no answer within {self._timeout:g} s", in_doubt=True)
        except SendError as error:
            return Failure(str(error))
        return None
