"""Subscribes to the hubs that the sources name, answers them, and takes what they deliver."""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

import structlog

from streams.exceptions import BrokerError
from streams.ingest.polling.fetch import Fetcher, FetchError
from streams.ingest.polling.outbox import Outbox
from streams.ingest.polling.poll_metrics import PollMetrics
from streams.ingest.websub.discovery import Hub
from streams.ingest.websub.signature import is_signed
from streams.ingest.websub.subscription import LEASE, STEADY, Subscription

PATH: Final = "/v1/websub"
_TICK: Final = 1.0
_GOODBYE: Final = 3.0
"""Seconds that hubs have at shutdown to confirm that we leave."""


class Delivery(StrEnum):
    """How a hub's delivery is answered."""

    PUSHED = "pushed"
    SAME_BODY = "same_body"
    NOT_STORED = "not_stored"
    BAD_SIGNATURE = "bad_signature"
    UNKNOWN = "unknown"
    EMPTY = "empty"
    PINGED = "pinged"
    """Unsigned, from a hub without https: only a reason to poll."""


class Subscriber:
    """The subscriptions of this process, one a source; they live as long as it does."""

    def __init__(
        self,
        public_url: str,
        fetcher: Fetcher,
        outboxes: Mapping[str, Outbox],
        *,
        lost: Callable[[str], None],
        clock: Callable[[], datetime],
        metrics: PollMetrics,
        log: structlog.stdlib.BoundLogger,
        is_private: Callable[[str], bool] = lambda hub: hub.lower().startswith("https://"),
    ) -> None:
        """Take the base address under which hubs reach us, and whom to tell that a source is to be polled now.

        `is_private` says whether nobody on the way to a hub can read what it is told; only then it is told a secret.
        """
        self._public_url = public_url.rstrip("/")
        self._fetcher = fetcher
        self._outboxes = outboxes
        self._lost = lost
        self._clock = clock
        self._metrics = metrics
        self._log = log
        self._is_private = is_private
        self._subscriptions: dict[str, Subscription] = {}
        self._active: frozenset[str] = frozenset()
        self._left = asyncio.Event()
        """A hub has confirmed that we leave."""

    # -- what pollers tell and ask

    def found(self, source_id: str, hub: Hub | None) -> None:
        """Note the hub that a source names now; if it is a new one, subscribe there."""
        now, known = self._clock(), self._subscriptions.get(source_id)
        if known is not None and known.is_left:  # the source was gone from `liveline.yaml`, and is back
            known = None
        if hub is None or (known is not None and (known.hub == hub or now - known.since < STEADY)):
            return  # a page that names none this once is no reason to leave: the lease ends by itself
        # A new token: deliveries of the former hub find nobody, which ends its subscription.
        self._subscriptions[source_id] = Subscription(
            source_id, hub, secrets.token_urlsafe(24), secrets.token_urlsafe(32), now, now
        )
        self._log.info("websub.hub_found", source=source_id, hub=hub.hub, topic=hub.topic)

    def is_active(self, source_id: str) -> bool:
        """Say whether a hub has promised to tell what is new."""
        subscription = self._subscriptions.get(source_id)
        return subscription is not None and subscription.is_active(self._clock())

    async def leave(self, source_id: str) -> None:
        """Leave the hub of a source that is no longer read; what it does not confirm ends with its lease."""
        if (known := self._subscriptions.get(source_id)) is not None:
            self._subscriptions[source_id] = leaving = known.leave()
            await self._ask("unsubscribe", leaving)

    # -- its own time

    async def run(self) -> None:
        """Ask hubs when it is time to, until cancelled."""
        while True:
            try:
                await self.tick()
            except Exception:  # noqa: BLE001
                # A bug of ours with one hub must not let the other leases end.
                self._log.exception("websub.tick_failed")
            await asyncio.sleep(_TICK)

    async def tick(self) -> None:
        """Send the requests to hubs that are due, and wake the pollers of sources whose lease has ended."""
        now = self._clock()
        active = frozenset(s.source_id for s in self._subscriptions.values() if s.is_active(now))
        for source_id in self._active - active:
            self._lost(source_id)
        self._active = active
        self._metrics.subscriptions.set(len(active))
        due = [each for each in self._subscriptions.values() if each.is_due(now)]
        for each in due:  # before anything is sent: a hub may verify before it answers
            self._subscriptions[each.source_id] = each.request(now)
        await asyncio.gather(*(self._ask("subscribe", each) for each in due))

    async def close(self) -> None:
        """Unsubscribe everywhere and wait a moment for confirmations; an unconfirmed one ends with its lease."""
        now = self._clock()
        leaving = [s.leave() for s in self._subscriptions.values() if s.is_active(now) or s.asked]
        self._subscriptions = {each.source_id: each for each in leaving}
        try:
            async with asyncio.timeout(_GOODBYE):
                await asyncio.gather(*(self._ask("unsubscribe", each) for each in leaving))
                while self._subscriptions:
                    self._left.clear()
                    await self._left.wait()
        except TimeoutError:
            self._log.info("websub.unsubscribe_unconfirmed", sources=sorted(self._subscriptions))

    async def _ask(self, mode: str, subscription: Subscription) -> None:
        source = subscription.source_id
        form = {
            "hub.mode": mode,
            "hub.topic": subscription.hub.topic,
            "hub.callback": f"{self._public_url}{PATH}/{quote(source, safe='')}/{subscription.token}",
        }
        if mode == "subscribe":
            form["hub.lease_seconds"] = str(int(LEASE.total_seconds()))
            if self._is_private(subscription.hub.hub):
                form["hub.secret"] = subscription.secret
        try:
            answer = await self._fetcher.post(subscription.hub.hub, form)
        except FetchError as error:
            self._metrics.hub_requests.labels(mode, "failed").inc()
            self._log.warning("websub.hub_unreachable", source=source, mode=mode, error=str(error))
            return
        accepted = HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES
        self._metrics.hub_requests.labels(mode, "accepted" if accepted else "refused").inc()
        if not accepted:
            self._log.warning(
                "websub.hub_refused", source=source, mode=mode, hub=subscription.hub.hub, status=answer.status
            )

    # -- what hubs ask and bring

    def verify(self, source_id: str, token: str, query: Mapping[str, str]) -> str | None:
        """Return the answer to a hub's verification, or None if we asked for no such subscription."""
        mode, topic = query.get("hub.mode", ""), query.get("hub.topic", "")
        subscription = self._known(source_id, token)
        challenge = query.get("hub.challenge", "")
        answer: str | None = None
        if subscription is not None and mode == "denied" and topic == subscription.hub.topic:
            self._subscriptions[source_id] = subscription.deny(self._clock())
            self._log.warning("websub.hub_denied", source=source_id, reason=query.get("hub.reason", "")[:200])
            answer = ""
        elif subscription is not None and challenge and subscription.expects(mode, topic):
            if mode == "unsubscribe":
                del self._subscriptions[source_id]
                self._left.set()
                answer = challenge
            elif lease := _lease(query.get("hub.lease_seconds", "")):
                self._subscriptions[source_id] = subscription.confirm(self._clock(), lease)
                self._log.info("websub.subscribed", source=source_id, lease_seconds=lease.total_seconds())
                answer = challenge
        self._metrics.verifications.labels("unknown" if answer is None else mode).inc()
        return answer

    async def deliver(
        self, source_id: str, token: str, *, content_type: str, signature: str | None, body: bytes
    ) -> Delivery:
        """Take a delivery; one that is not signed with our secret is dropped."""
        delivery = await self._deliver(source_id, token, content_type, signature, body)
        self._metrics.deliveries.labels(delivery.value).inc()
        return delivery

    def accepts(self, source_id: str, token: str) -> bool:
        """Say whether the callback exists and has a lease; asked before the body is read."""
        return self._leased(source_id, token) is not None

    async def _deliver(
        self, source_id: str, token: str, content_type: str, signature: str | None, body: bytes
    ) -> Delivery:
        subscription = self._leased(source_id, token)
        if subscription is None:
            return Delivery.UNKNOWN
        if not self._is_private(subscription.hub.hub):
            # Whoever is on the way could have read the callback's address: what is new is fetched from the source.
            self._lost(source_id)
            return Delivery.PINGED
        if not is_signed(signature, subscription.secret, body):
            self._log.warning("websub.delivery_unsigned", source=source_id)
            return Delivery.BAD_SIGNATURE
        if not body.strip():
            return Delivery.EMPTY
        try:
            taken = await self._outboxes[source_id].take(body, content_type, subscription.hub.topic, by_hub=True)
        except BrokerError as error:
            self._log.warning("websub.delivery_not_stored", source=source_id, error=str(error))
            return Delivery.NOT_STORED
        return Delivery(taken.value)

    def _leased(self, source_id: str, token: str) -> Subscription | None:
        """Return the subscription under which a hub may deliver now: confirmed, and within its lease."""
        subscription = self._known(source_id, token)
        return subscription if subscription is not None and subscription.is_active(self._clock()) else None

    def _known(self, source_id: str, token: str) -> Subscription | None:
        subscription = self._subscriptions.get(source_id)
        if subscription is None or not secrets.compare_digest(
            subscription.token.encode(), token.encode("utf-8", "surrogateescape")
        ):
            return None
        return subscription


def _lease(said: str) -> timedelta | None:
    """Return a lease that a hub grants; the Recommendation has it say one, and of years we take what fits."""
    if not (said.isascii() and said.isdecimal()) or int(said[:12]) == 0:
        return None
    return timedelta(seconds=min(int(said[:12]), 10 * 365 * 24 * 3600))
