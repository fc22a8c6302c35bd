"""The deliverer: waits for the lease, then reads, queues and sends until it is told to stop or loses it."""

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, Protocol
from uuid import uuid4

import structlog
from aiokafka.errors import KafkaError

from schemas.webhook import FixedWebhook
from streams.archive.state import (
    Deliveries,
    Lease,
    LeaseLostError,
    Leases,
    SeenEntries,
    State,
    StateError,
    StoredWebhook,
    Webhooks,
)
from streams.exceptions import BrokerError
from streams.generations.record import Live
from streams.runtime.clock import Clock, system_clock
from streams.topology import Names
from streams.webhooks.feeds import Feeds
from streams.webhooks.intake import Intake
from streams.webhooks.lane import Lane, LaneTools
from streams.webhooks.metrics import DelivererMetrics
from streams.webhooks.queue import StateQueue
from streams.webhooks.schedule import Schedule
from streams.webhooks.send import Sender
from streams.webhooks.stretches import pieces_of
from streams.webhooks.tasks import Tasks

LEASE: Final = "deliver"
_AGAIN_SECONDS: Final = 1.0
_PRUNE_SECONDS: Final = 3600.0
_COUNT_SECONDS: Final = 5.0
_LOG_KEPT: Final = timedelta(days=30)
_NEVER_FITTED_KEPT: Final = timedelta(days=90)


class Beside(Protocol):
    """What a deliverer does beside webhooks, under the same lease: the alerts' sinks."""

    async def run(self, lease: Lease, queue: StateQueue) -> None:
        """Work until it is cancelled; raises what Kafka and the state database raise."""
        ...


async def first_generation() -> Live:
    """Return the live generation of a broker that has only the first."""
    return Live()


@dataclass(frozen=True, slots=True)
class DelivererConfig:
    """Everything that a deliverer needs."""

    kafka: Mapping[str, Any]
    """Keyword arguments of every aiokafka client."""
    log_identity: Callable[[str], Awaitable[str | None]]
    """Which log a topic is; None while there is no such topic."""
    state: State
    sender: Sender
    schedule: Schedule
    names: Names = field(default_factory=Names)
    beside: tuple[Beside, ...] = ()
    live: Callable[[], Awaitable[Live]] = first_generation
    """Which generation is live; raises `BrokerError` while that is not known."""
    fixed: tuple[FixedWebhook, ...] = ()
    """The webhooks of `liveline.yaml`."""
    fixed_secrets: Mapping[str, str] = field(default_factory=dict)
    by_time: bool = True
    """Whether the broker can say where a time begins; the embedded one can't."""
    lease_length: timedelta = timedelta(seconds=10)
    look_seconds: float = 0.5
    """Between two looks at what a person has changed."""
    clock: Clock = system_clock
    log: structlog.stdlib.BoundLogger = field(default_factory=structlog.get_logger)


class _ChangedError(Exception):
    """Delivery begins anew by another configuration."""


@dataclass(slots=True)
class _AtWork:
    lane: Lane
    tasks: tuple[asyncio.Task[None], ...]


class Deliverer:
    """One process's deliverer; only one of a state database delivers."""

    def __init__(self, config: DelivererConfig, metrics: DelivererMetrics) -> None:
        """Nothing connects before `run`."""
        self._config = self._wanted = config
        self._changed = asyncio.Event()
        self._metrics = metrics
        self._lease = Lease(LEASE, f"{socket.gethostname()}-{uuid4().hex[:12]}")
        self._webhooks = Webhooks(config.state)
        self._trouble: str | None = "the deliverer has not begun"

    def not_ready(self) -> str | None:
        """Return why nothing can be delivered, or None; a deliverer that waits for the lease is ready."""
        return self._trouble

    def take(
        self, fixed: tuple[FixedWebhook, ...], fixed_secrets: Mapping[str, str], beside: tuple[Beside, ...]
    ) -> None:
        """Go on with other webhooks of `liveline.yaml`, and with something else beside them.

        What is being sent ends first; everything else goes on from the state database, as after a restart.
        """
        self._wanted = replace(self._wanted, fixed=fixed, fixed_secrets=fixed_secrets, beside=beside)
        self._changed.set()

    async def run(self) -> None:
        """Deliver whenever the lease is held, until it is cancelled; raises for a corrupt state database."""
        while True:
            queue = StateQueue(self._config.state, self._lease)
            try:
                await self._hold(queue)
                self._config = self._wanted
                self._changed.clear()
                await self._deliver(queue)
            except _ChangedError:
                continue
            except LeaseLostError as error:
                self._config.log.warning("deliver.lease_lost", error=str(error))
            except StateError as error:
                if error.corrupt:
                    raise
                self._note(error)
            except (KafkaError, BrokerError, OSError) as error:
                self._note(error)
            finally:
                self._metrics.active.set(0)
                queue.close()
            await asyncio.sleep(_AGAIN_SECONDS)

    def _note(self, error: Exception) -> None:
        self._trouble = f"{type(error).__name__}; it is tried again, and the log says more"
        self._config.log.warning("deliver.interrupted", error=f"{type(error).__name__}: {error}")

    async def _hold(self, queue: StateQueue) -> None:
        """Wait until the lease is held."""
        waiting = False
        while not await self._acquire(queue):
            self._trouble = None
            if not waiting:
                waiting = True
                holder = await queue.call(Leases(self._config.state).holder, LEASE, self._config.clock())
                self._config.log.info("deliver.standing_by", holder=holder)
            await asyncio.sleep(self._config.lease_length.total_seconds() / 3)
        self._config.log.info("deliver.lease_held", holder=self._lease.holder)

    async def _acquire(self, queue: StateQueue) -> bool:
        config = self._config
        return await queue.call(Leases(config.state).acquire, self._lease, config.clock(), config.lease_length)

    async def _deliver(self, queue: StateQueue) -> None:
        """Deliver until something fails."""
        config = self._config
        try:
            await queue.call(self._webhooks.keep_fixed, config.fixed, config.clock(), complete=True)
            live = await config.live()
            pieces = await pieces_of(live, config.names.prefix, config.log_identity)
            names = Names(config.names.prefix, live.generation)
            if not pieces or pieces[-1].topic != names.entries:
                raise BrokerError(f"there is no topic {names.entries}: liveline topics create")
            log_of = {names.entries: pieces[-1].log}
            if (of_alerts := await config.log_identity(names.alerts)) is not None:
                log_of[names.alerts] = of_alerts
            intake = Intake(
                config.state, self._lease, names.entries, log_of, skips_older=not config.by_time,
                clock=config.clock, metrics=self._metrics, log=config.log, prefix=pieces[-1].prefix,
            )  # fmt: skip
            feeds = Feeds(
                config.kafka, tuple(log_of), intake, queue, config.state, by_time=config.by_time,
                metrics=self._metrics, log=config.log, pieces=pieces,
            )  # fmt: skip
            tasks = Tasks()
            try:
                tasks.begin(self._renew(queue), "deliver-lease")
                tasks.begin(queue.run(), "deliver-outcomes")
                tasks.begin(feeds.run(), "deliver-live")
                tasks.begin(self._look(queue, feeds, tasks), "deliver-webhooks")
                tasks.begin(self._tend(queue), "deliver-tend")
                for each in config.beside:
                    tasks.begin(each.run(self._lease, queue), "deliver-beside")
                tasks.begin(self._need_same(live), "deliver-generation")
                tasks.begin(self._need_same_config(), "deliver-config")
                self._trouble = None
                self._metrics.active.set(1)
                await tasks.failed()
            finally:
                await tasks.end_all()
        finally:
            # Whoever stands by goes on at once; after a crash it waits for the lease's end.
            await queue.call(Leases(config.state).release, self._lease)

    async def _need_same(self, live: Live) -> None:
        """Raise when another generation is live: everything begins anew, from the positions."""
        while True:
            await asyncio.sleep(self._config.look_seconds)
            now = await self._config.live()
            if now.stretches != live.stretches:
                raise BrokerError(f"generation {now.generation} is live; reading begins anew")

    async def _need_same_config(self) -> None:
        await self._changed.wait()
        raise _ChangedError

    async def _renew(self, queue: StateQueue) -> None:
        while True:
            await asyncio.sleep(self._config.lease_length.total_seconds() / 3)
            if not await self._acquire(queue):
                raise LeaseLostError("another process took the lease, which had expired")

    async def _look(self, queue: StateQueue, feeds: Feeds, tasks: Tasks) -> None:
        """Start, change or stop lanes so that each active webhook has one with its present settings."""
        tools = LaneTools(
            queue, self._config.sender.post, self._secrets_of, self._config.schedule, self._config.clock, self._metrics
        )
        at_work: dict[str, _AtWork] = {}
        while True:
            found = {each.id: each for each in await queue.call(self._webhooks.all)}
            self._metrics.disabled.set(sum(not each.active for each in found.values()))
            for webhook_id, working in list(at_work.items()):
                webhook = found.get(webhook_id)
                lane = working.lane
                if webhook and webhook.active and webhook.recovery == lane.webhook.recovery and not lane.over:
                    lane.change(webhook)
                    lane.wake()  # a test may have been asked for
                    continue
                del at_work[webhook_id]
                await tasks.end(*working.tasks)
                await feeds.leave(webhook_id)
                self._say_ended(webhook_id, webhook)
            for webhook_id, webhook in found.items():
                if webhook.active and webhook_id not in at_work:
                    lane = Lane(webhook, tools)
                    sending = tasks.begin(lane.run(), f"deliver-{webhook_id}")
                    bringing = tasks.begin(feeds.bring(lane), f"deliver-{webhook_id}-behind")
                    at_work[webhook_id] = _AtWork(lane, (sending, bringing))
            await asyncio.sleep(self._config.look_seconds)

    def _say_ended(self, webhook_id: str, webhook: StoredWebhook | None) -> None:
        if webhook is None:
            with contextlib.suppress(KeyError):  # it was not counted yet
                self._metrics.pending.remove(webhook_id)
        elif not webhook.active:
            self._config.log.warning("webhook.disabled", webhook=webhook_id, reason=webhook.disabled_reason)

    async def _tend(self, queue: StateQueue) -> None:
        """Set the gauges of waiting deliveries, and delete deliveries that ended long ago."""
        loop = asyncio.get_running_loop()
        prune_at = loop.time()
        while True:
            for webhook in await queue.call(self._webhooks.all):
                self._metrics.pending.labels(webhook.id).set(await queue.pending(webhook.id))
            if loop.time() >= prune_at:
                prune_at = loop.time() + _PRUNE_SECONDS
                await queue.call(self._prune)
            await asyncio.sleep(_COUNT_SECONDS)

    def _prune(self) -> None:
        now = self._config.clock()
        with self._config.state.write() as connection:
            Deliveries.prune(connection, now - _LOG_KEPT)
            SeenEntries.prune(connection, now - _NEVER_FITTED_KEPT)

    def _secrets_of(self, webhook: StoredWebhook, now: datetime) -> tuple[str, ...]:
        if webhook.fixed:
            return (self._config.fixed_secrets[webhook.id],)
        secrets = [webhook.secret]
        if webhook.old_secret_until is not None and now < webhook.old_secret_until:
            secrets.append(webhook.old_secret)
        return tuple(secret for secret in secrets if secret)
