"""One partition that this worker owns: taken over, run, started again after a failure, handed on.

What went wrong in a batch concerns its partition alone: it starts again from what is committed (fence, load, seek),
after a pause that grows, while the others go on.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import structlog
from aiokafka.errors import KafkaError
from faust.types import TP

from streams.runtime.batch import Batch
from streams.runtime.kafka.reads import Progress
from streams.runtime.ledger.ledger import FencedError, Ledger, LedgerError
from streams.runtime.metrics import WorkerMetrics

log = structlog.get_logger(__name__)

Memory = TypeVar("Memory")
"""What an agent knows of a partition; the runtime only loads it, hands it out and drops it."""

_LOOK_SECONDS = 5.0


class OutOfPlaceError(Exception):
    """A batch does not begin where the one before it ended."""


@dataclass(frozen=True, slots=True)
class Start:
    """Where an owner may start."""

    beginning: int
    """The first offset that retention has left."""
    committed: int | None
    """The next offset to process, or None if nothing was ever committed."""

    @property
    def position(self) -> int:
        """The next offset to process that there is."""
        return max(self.beginning, self.committed or 0)

    @property
    def deleted(self) -> int:
        """How many offsets retention deleted before they were processed."""
        return 0 if self.committed is None else self.position - self.committed


_LONGEST_ERROR_CHARS = 500
"""An error's text stands in the answer of `/readyz`."""


class Feed(Protocol):
    """The consumer, as a partition's owner needs it."""

    async def start_offset(self, tp: TP) -> Start:
        """Return where the partition begins and what is committed of it."""

    async def seek(self, tp: TP, offset: int) -> None:
        """Fetch from this offset next."""

    def wake(self) -> None:
        """Look again which partitions want records."""

    async def progress(self, tp: TP) -> Progress | None:
        """Return how far the partition is read, or None before its first fetch."""


@dataclass(frozen=True, slots=True)
class Restarts:
    """How long a partition pauses before it starts again, in seconds."""

    first: float = 0.1
    most: float = 10.0
    fenced: float = 3.0
    """After a fence: time for the group to tell whether the partition is still ours; taking it back at once from its
    rightful owner would only fence that one."""
    hand_over: float = 3.0
    """How long a rebalance waits for an open transaction before it is abandoned."""

    stuck_after: int = 3
    """How many starts in a row at one offset make the worker not ready."""

    def pause(self, failures: int) -> float:
        """Return the pause after so many failures in a row."""
        return float(min(self.most, self.first * 2 ** min(failures - 1, 16)))


@dataclass(frozen=True, slots=True)
class Standstill:
    """A partition that starts again and again at one offset."""

    offset: int
    times: int
    error: str

    def __str__(self) -> str:
        return f"has started again {self.times} times at offset {self.offset}: {self.error}"


class OwnedPartition(Generic[Memory]):
    """The owner's side of one partition of an agent's source topic."""

    def __init__(
        self,
        tp: TP,
        *,
        open_ledger: Callable[[TP], Ledger],
        load: Callable[[TP], Awaitable[Memory]],
        feed: Feed,
        metrics: WorkerMetrics,
        agent: str = "entries",
        restarts: Restarts | None = None,
    ) -> None:
        self.tp = tp
        self.epoch = 0
        """One more whenever what was fetched before no longer counts."""
        self._memory: Memory | None = None
        self.position = 0
        """The next offset to process: what is committed."""
        self._read_to = 0
        """Where the next batch must begin. Ahead of `position` when control or aborted records followed the last."""
        self._open_ledger = open_ledger
        self._load = load
        self._feed = feed
        self._metrics = metrics
        self._agent = agent
        self._log = log.bind(agent=agent, partition=tp.partition)
        self._restarts = restarts or Restarts()
        self._ledger: Ledger | None = None
        self._running = False
        self._busy = asyncio.Lock()
        self._handed_over = False
        self._failures = 0
        self._standstill: Standstill | None = None
        self._starting: asyncio.Task[None] | None = None
        self._closing: set[asyncio.Task[None]] = set()

    @property
    def memory(self) -> Memory:
        """What is known of it as of what is committed; there is none before it is taken over, nor once it is let go."""
        if self._memory is None:
            raise RuntimeError(f"partition {self.tp.partition} is not taken over: nothing is known of it")
        return self._memory

    @property
    def wants_records(self) -> bool:
        """Whether a fetch may bring it the next batch: one is in work at a time, so none can overtake another."""
        return self._running and not self._handed_over

    @property
    def running(self) -> bool:
        """Whether it is taken over and at work."""
        return self._running

    @property
    def busy(self) -> bool:
        """Whether a batch is in work."""
        return self._busy.locked()

    @property
    def idle(self) -> bool:
        """Whether it is at work and nothing is in work."""
        return self._running and not self._handed_over and not self._busy.locked()

    @property
    def stuck(self) -> Standstill | None:
        """Where and why it doesn't get on, or None while it does or has only just begun to fail."""
        standstill = self._standstill
        return standstill if standstill and standstill.times >= self._restarts.stuck_after else None

    def hand_over(self, batch: Batch) -> None:
        """Note that a batch is on its way to the agent."""
        self._handed_over = batch.epoch == self.epoch

    # -- its life: assigned, restarted, revoked, released

    def assign(self) -> None:
        """Make it ready: all of the take-over, or only the seek when it came back with its ledger still open."""
        self._begin(pause=0.0)

    def restart(self, error: BaseException) -> None:
        """Start again from what is committed, after a pause; nothing of the failed batch is kept."""
        self._failures += 1
        self._metrics.restarts.labels(agent=self._agent, reason=type(error).__name__).inc()
        pause = self._restarts.pause(self._failures)
        if isinstance(error, FencedError):
            pause = max(pause, self._restarts.fenced)
        else:
            self._note_standstill(error)
        self._log.warning(
            "partition.restarting", position=self.position, failures=self._failures,
            pause=pause, error=repr(error),
        )  # fmt: skip
        self._discard_ledger()
        self._begin(pause)

    async def revoke(self) -> None:
        """Finish the open transaction, or abandon it after a bound, and stop; called before the group moves on."""
        self._stop()
        try:
            async with asyncio.timeout(self._restarts.hand_over), self._busy:
                pass
        except TimeoutError:
            self._log.warning("partition.transaction_abandoned")
            self._discard_ledger()
        if self._ledger is not None and not self._ledger.outlives_rebalance:
            await self._close(self._ledger)
            self._ledger = None

    async def release(self) -> None:
        """Let go: somebody else owns it now, or the worker stops."""
        starting = self._starting
        self._stop()
        if starting is not None:  # what it had opened is closed as it ends
            await asyncio.wait({starting}, timeout=_LOOK_SECONDS)
        if self._ledger is not None:
            await self._close(self._ledger)
            self._ledger = None
        self._memory = None
        await asyncio.gather(*self._closing)

    # -- its work

    @contextlib.asynccontextmanager
    async def turn(self, batch: Batch | None) -> AsyncIterator[Ledger | None]:
        """Give the ledger to one batch at a time, or None when the batch is of an epoch that is over.

        Whatever is raised within starts the partition again. Without a batch (a timer), it is the ledger of the
        present epoch.
        """
        async with self._busy:
            epoch = self.epoch
            if not self._running or (batch is not None and batch.epoch != epoch):
                self._metrics.stale_batches.labels(agent=self._agent).inc()
                yield None
                return
            if batch is not None and batch.start != self._read_to:
                await self._refuse(batch)
                yield None
                return
            try:
                yield self._ledger
            except BaseException as error:  # whatever it was, nothing of it is committed
                if self.epoch == epoch:
                    self.restart(error)
                else:  # revoked meanwhile; the next owner, perhaps this worker again, starts from what is committed
                    self._discard_ledger()
                if not isinstance(error, Exception):  # the agent was cancelled
                    raise
            else:
                if batch is not None and self.epoch == epoch:
                    self._read_to = batch.end
                    self._handed_over = False
                    self._feed.wake()

    async def change(self, changed: Callable[[Memory], Memory]) -> None:
        """Exchange what is known between two transactions; what is not taken over is loaded when it is.

        `changed` returns the new memory, and must not fail. What it is given is all committed: whatever fails within
        a turn closes the ledger, and the memory is loaded anew with the next one.
        """
        async with self._busy:
            if self._ledger is not None and self._memory is not None:
                self._memory = changed(self._memory)

    def committed(self, offset: int) -> None:
        """Note what the ledger has committed; the agent makes its memory know of it."""
        self.position = offset
        self._failures = 0
        self._standstill = None

    def still(self, batch: Batch) -> bool:
        """Whether a batch's epoch lasts: asked between its parts, so that a rebalance waits for one part only."""
        return batch.epoch == self.epoch

    async def unread(self) -> int | None:
        """Return how many offsets are not processed yet, or None before the first fetch; 0: it has caught up."""
        progress = await self._feed.progress(self.tp)
        if progress is None:
            return None
        # Of what is read but not processed, the position has passed the records; what is committed has not.
        settled = progress.position if progress.read == self._read_to else self.position
        return max(0, progress.end - settled)

    # -- how

    async def _refuse(self, batch: Batch) -> None:
        """Start again instead of skipping what lies between: it is read again, unless retention has deleted it."""
        try:
            async with asyncio.timeout(_LOOK_SECONDS):
                explained = self._read_to < batch.start <= (await self._feed.start_offset(self.tp)).beginning
        except (KafkaError, TimeoutError, OSError):
            explained = False
        if batch.epoch != self.epoch:
            return  # revoked meanwhile: the next start seeks anyway
        if not explained:
            self._metrics.out_of_place.labels(agent=self._agent).inc()
            self._log.error(
                "partition.batch_out_of_place", expected=self._read_to, start=batch.start,
                end=batch.end, records=len(batch.records),
            )  # fmt: skip
        self.restart(OutOfPlaceError(f"a batch begins at {batch.start}, the one before it ended at {self._read_to}"))

    def _begin(self, pause: float) -> None:
        self._stop()
        self._starting = asyncio.create_task(self._take_over(pause), name=f"take over {self.tp.partition}")

    def _stop(self) -> None:
        self.epoch += 1
        self._running = self._handed_over = False
        if self._starting is not None:
            self._starting.cancel()
            self._starting = None

    def _note_standstill(self, error: BaseException) -> None:
        before = self._standstill
        times = before.times + 1 if before and before.offset == self.position else 1
        self._standstill = Standstill(self.position, times, f"{type(error).__name__}: {error}"[:_LONGEST_ERROR_CHARS])
        if stuck := self.stuck:
            self._log.error(
                "partition.stuck",
                offset=stuck.offset,
                times=stuck.times,
                error=stuck.error,
            )

    async def _take_over(self, pause: float) -> None:
        await asyncio.sleep(pause)
        while True:
            try:
                async with self._busy:  # a transaction of ours that is still open ends first
                    if self._ledger is None:
                        with self._metrics.take_over_seconds.labels(agent=self._agent).time():
                            await self._fence_and_load()
                    # 4. Seek, always: what was fetched before the rebalance was dropped.
                    self._read_to = self.position
                    await self._feed.seek(self.tp, self.position)
            except Exception as error:  # noqa: BLE001  (the broker is away, or the group moves on: again)
                self._failures += 1
                pause = self._restarts.pause(self._failures)
                self._log.warning(
                    "partition.take_over_failed",
                    pause=pause,
                    error=str(error),
                )
                self._discard_ledger()
                await asyncio.sleep(pause)
            else:
                break
        self._running = True
        self._log.info(
            "partition.taken_over",
            position=self.position,
            epoch=self.epoch,
        )
        self._feed.wake()

    async def _fence_and_load(self) -> None:
        # 1. Fence: from here a former owner, stalled or cut off, can't commit; what it left open is ended.
        ledger = self._open_ledger(self.tp)
        try:
            await ledger.open()
            # 2. Where to go on. A partition that was never committed, or whose next documents are deleted, gets its
            #    start committed before anything is read: going back to "what is committed" would else skip what was
            #    fetched and dropped, or count the deleted ones again.
            start = await self._feed.start_offset(self.tp)
            if start.committed is None or start.deleted:
                await ledger.commit((), start.position)
            # 3. Load what was committed up to there. It can't grow under our hands: we have fenced.
            memory = await self._load(self.tp)
        except BaseException:
            self._discard(ledger)
            raise
        if start.deleted:
            self._metrics.deleted_unread.labels(agent=self._agent).inc(start.deleted)
            self._log.error(
                "partition.deleted_unread", committed=start.committed,
                beginning=start.beginning, offsets=start.deleted,
            )  # fmt: skip
        self._ledger, self._memory, self.position = ledger, memory, start.position

    def _discard_ledger(self) -> None:
        ledger, self._ledger = self._ledger, None
        if ledger is not None:
            self._discard(ledger)

    def _discard(self, ledger: Ledger) -> None:
        task = asyncio.create_task(self._close(ledger), name=f"close ledger {self.tp.partition}")
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def _close(self, ledger: Ledger) -> None:
        try:
            await ledger.close()
        except LedgerError as error:
            self._log.debug("ledger.close_failed", error=str(error))
