"""Polls one source: asks whether it changed, pushes what did, and decides when to ask again."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Final, Protocol

import structlog

from streams.exceptions import BrokerError
from streams.ingest.polling.fetch import Fetched, Fetcher, FetchError, Validators
from streams.ingest.polling.outbox import Outbox
from streams.ingest.polling.poll_metrics import PollMetrics
from streams.ingest.polling.schedule import Answer, freshness, next_poll, retry_after
from streams.ingest.polling.turns import Alone, Turns
from streams.ingest.websub.discovery import Hub, discover

_STAND_BY_SECONDS: Final = 2.0
_READ: Final = frozenset({HTTPStatus.OK, HTTPStatus.NOT_MODIFIED})


class Hubs(Protocol):
    """Subscribes to the hubs that sources name; `Unsubscribed` stands in where hubs cannot reach us."""

    def found(self, source_id: str, hub: Hub | None) -> None:
        """Note the hub that a source names now."""

    def is_active(self, source_id: str) -> bool:
        """Say whether a hub has promised to deliver updates."""


@dataclass(slots=True, kw_only=True)
class Poller:
    """One source's poller and what it knows of the last poll."""

    url: str
    every: float
    outbox: Outbox
    fetcher: Fetcher
    hubs: Hubs
    metrics: PollMetrics
    clock: Callable[[], datetime]
    log: structlog.stdlib.BoundLogger
    turns: Turns = field(default_factory=Alone)
    luck: Callable[[], float] = random.random
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    _validators: Validators | None = None
    _failures: int = 0
    _woken: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Poll until cancelled; nothing that a source does ends it."""
        while True:
            try:
                # Who stands by looks often: a poller that was killed is to be missed for a lease's length, not longer.
                wait = await self.poll() if self.turns.is_mine(self.outbox.source.id) else _STAND_BY_SECONDS
            except Exception:
                # A bug of ours with one source must not silence it, nor the others.
                self.log.exception("poll.failed", source=self.outbox.source.id)
                wait = self._failed("bug", "an exception of Liveline's own; the traceback is above")
            self._woken.clear()
            waking = asyncio.ensure_future(self._woken.wait())
            sleeping = asyncio.ensure_future(self.sleep(wait))
            try:
                await asyncio.wait({waking, sleeping}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                waking.cancel()
                sleeping.cancel()

    def wake(self) -> None:
        """Poll soon, because the hub that delivered updates has stopped."""
        self._woken.set()

    async def poll(self) -> float:
        """Poll once and return the seconds until the next time."""
        began = time.perf_counter()
        try:
            fetched = await self.fetcher.get(self.url, self._validators)
        except FetchError as error:
            return self._failed(error.reason.value, str(error))
        self.metrics.seconds.observe(time.perf_counter() - began)
        asked = retry_after(fetched.headers, self.clock())
        unasked = fetched.status == HTTPStatus.NOT_MODIFIED and self._validators is None
        if fetched.status not in _READ or unasked:
            return self._failed(f"status_{fetched.status}", f"{fetched.url}: answered {fetched.status}", asked)
        result = "not_modified"
        if fetched.status == HTTPStatus.OK:
            self.metrics.read_bytes.inc(len(fetched.body))
            if not fetched.body.strip():
                return self._failed("empty", f"{fetched.url}: an empty page", asked)
            try:
                result = (await self.outbox.take(fetched.body, fetched.content_type, fetched.url)).value
            except BrokerError as error:
                # Without the new validators the next poll brings the page again.
                return self._failed("not_stored", str(error), asked)
            self._validators = fetched.validators
            if result == "pushed":
                self._look_for_hub(fetched)
        return self._went_well(result, fetched, asked)

    def _look_for_hub(self, fetched: Fetched) -> None:
        hub = discover(fetched.links, fetched.content_type, fetched.body, fetched.url, self.url)
        self.hubs.found(self.outbox.source.id, hub)

    def _went_well(self, result: str, fetched: Fetched, asked: float) -> float:
        source = self.outbox.source.id
        if self._failures:
            self.log.info("poll.recovered", source=source, after=self._failures)
        self._failures = 0
        self.metrics.polls.labels(source, result).inc()
        self.metrics.failures.labels(source).set(0)
        self.metrics.success.labels(source).set(self.clock().timestamp())
        answer = Answer(retry_after=asked, fresh=freshness(fetched.headers), subscribed=self.hubs.is_active(source))
        return next_poll(self.every, answer, self.luck())

    def _failed(self, result: str, message: str, asked: float = 0.0) -> float:
        source = self.outbox.source.id
        self._failures += 1
        self.metrics.polls.labels(source, result).inc()
        self.metrics.failures.labels(source).set(self._failures)
        wait = next_poll(self.every, Answer(failures=self._failures, retry_after=asked), self.luck())
        # Once when it begins: a source that is down for a night is one line, not a thousand.
        tell = self.log.warning if self._failures == 1 else self.log.debug
        tell("a source is not read", source=source, error=message, failures=self._failures, again_in=round(wait, 1))
        return wait
