"""Sends to one webhook: several messages at once, never two of one entry, each until it succeeds or is given up."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Protocol

from schemas.webhook import DeliveryStatus
from streams.archive.state import Outcome, PendingDelivery, StoredWebhook
from streams.runtime.clock import Clock
from streams.webhooks.filters import filter_of
from streams.webhooks.metrics import DelivererMetrics
from streams.webhooks.schedule import Schedule
from streams.webhooks.send import Answer
from streams.webhooks.sign import signed_headers

if TYPE_CHECKING:
    from streams.archive.state.positions import Place
    from streams.gateway.delivery.filters import Filter

_AT_ONCE: Final = 8
_LONGEST_SLEEP_SECONDS: Final = 30.0


class Queue(Protocol):
    """The deliveries, as a lane needs them."""

    async def due(self, webhook_id: str, now: datetime, limit: int, without: frozenset[int]) -> list[PendingDelivery]:
        """Return the deliveries that are due and not under way."""
        ...

    async def next_at(self, webhook_id: str, without: frozenset[int]) -> datetime | None:
        """Return when something is due next."""
        ...

    async def record(self, webhook_id: str, outcome: Outcome) -> None:
        """Keep what became of an attempt; returns when it is kept."""
        ...


Post = Callable[[str, Mapping[str, str], bytes], Awaitable[Answer]]
SecretsOf = Callable[[StoredWebhook, datetime], tuple[str, ...]]
"""Returns what a webhook's deliveries are signed with now."""


@dataclass(frozen=True, slots=True)
class LaneTools:
    """What all lanes share."""

    queue: Queue
    post: Post
    secrets_of: SecretsOf
    schedule: Schedule
    clock: Clock
    metrics: DelivererMetrics


class Lane:
    """The sender of one webhook. A change by a person takes effect with the next attempt."""

    def __init__(self, webhook: StoredWebhook, tools: LaneTools) -> None:
        self._tools = tools
        self.webhook = webhook
        self.filter: Filter = filter_of(webhook.filter)
        self.position: dict[Place, int] = {}
        """The next record of each partition that is judged for it."""
        self.succeeded_at = webhook.succeeded_at
        self.over = False
        """It was disabled by an answer; a person must enable it."""
        self.begun = asyncio.Event()
        """After a recovery: what waited is taken back, and may be sent in its order."""
        if not webhook.recovery:
            self.begun.set()
        self._woken = asyncio.Event()

    def change(self, webhook: StoredWebhook) -> None:
        """Take up what a person has changed."""
        if webhook != self.webhook:
            self.filter = filter_of(webhook.filter)
            self.webhook = webhook

    def wake(self) -> None:
        """Look for what is due: something was queued."""
        self._woken.set()

    async def run(self) -> None:
        """Send until it is cancelled or disabled; raises what the state database raises."""
        await self.begun.wait()
        under_way: dict[int, asyncio.Task[None]] = {}
        waking = asyncio.create_task(self._woken.wait())
        try:
            while not self.over:
                self._woken.clear()
                if waking.done():
                    waking = asyncio.create_task(self._woken.wait())
                timeout = await self._begin_due(under_way)
                await asyncio.wait({waking, *under_way.values()}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
                for seq, task in list(under_way.items()):
                    if task.done():
                        del under_way[seq]
                        task.result()
        finally:
            waking.cancel()
            for task in under_way.values():
                task.cancel()
            await asyncio.gather(waking, *under_way.values(), return_exceptions=True)

    async def _begin_due(self, under_way: dict[int, asyncio.Task[None]]) -> float:
        """Begin the due deliveries that there is room for; return the seconds until more can begin."""
        queue, now = self._tools.queue, self._tools.clock()
        room = _AT_ONCE - len(under_way)
        if room <= 0:
            return _LONGEST_SLEEP_SECONDS
        due = await queue.due(self.webhook.id, now, room, frozenset(under_way))
        for delivery in due:
            under_way[delivery.seq] = asyncio.create_task(self._attempt(delivery))
        if len(due) == room:
            return _LONGEST_SLEEP_SECONDS  # one that ends makes room
        at = await queue.next_at(self.webhook.id, frozenset(under_way))
        return _LONGEST_SLEEP_SECONDS if at is None else min(_LONGEST_SLEEP_SECONDS, max(0.0, _seconds(at - now)))

    async def _attempt(self, delivery: PendingDelivery) -> None:
        tools, webhook, at = self._tools, self.webhook, self._tools.clock()
        began = time.monotonic()
        headers = signed_headers(delivery.message_id, at, delivery.body, tools.secrets_of(webhook, at))
        answer = await tools.post(webhook.url, headers, delivery.body)
        tools.metrics.seconds.observe(time.monotonic() - began)
        outcome = self._judge(delivery, answer, at)
        label = {
            DeliveryStatus.SUCCEEDED: "succeeded",
            DeliveryStatus.PENDING: "retried",
            DeliveryStatus.FAILED: "failed",
        }
        tools.metrics.attempts.labels(webhook.id, label[outcome.status]).inc()
        await tools.queue.record(webhook.id, outcome)
        if outcome.disable:
            self.over = True
            self.wake()

    def _judge(self, delivery: PendingDelivery, answer: Answer, at: datetime) -> Outcome:
        attempt, status, error = delivery.attempt + 1, answer.http_status, answer.error
        if answer.succeeded:
            self.succeeded_at = at
            return Outcome(delivery.seq, DeliveryStatus.SUCCEEDED, attempt, at, http_status=status)
        if answer.gone:
            why = "the endpoint answered 410 Gone"
            return Outcome(delivery.seq, DeliveryStatus.FAILED, attempt, at, None, status, error, disable=why)
        wait = self._tools.schedule.wait(attempt, answer.retry_after)
        if wait is not None:
            return Outcome(delivery.seq, DeliveryStatus.PENDING, attempt, at, at + wait, status, error)
        first = delivery.first_at or at
        dead = self.succeeded_at is None or self.succeeded_at < first
        why = f"{delivery.message_id} failed {attempt} times ({error}), and nothing else succeeded meanwhile"
        return Outcome(
            delivery.seq, DeliveryStatus.FAILED, attempt, at, None, status, error, disable=why if dead else None
        )


def _seconds(span: timedelta) -> float:
    return span.total_seconds()
