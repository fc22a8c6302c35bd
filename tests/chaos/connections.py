"""A gateway with very many connections of which a tenth never read, and under attack: bounded, the others undisturbed.

`make chaos-connections` runs the long form (10,000 connections, 20,000 attempts) on a Kafka of its own.
"""

import asyncio
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from gateway_harness import Worker, an_entry

from streams.runtime.kafka.admin import create_topics
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.topic_plan import Plan as PlanOfTopics
from streams.topology import Names

from chaos.attacked_gateway import SOURCE, TOKEN, AttackedGateway
from chaos.crowd import Crowd
from chaos.vital_signs import Vitals, Watch, vitals, watching
from real_kafka import running_kafka

CLIENTS: Final = 2
"""Client processes."""
_TEXT: Final = "What is told here, at some length, so that it adds up for one who does not read. " * 40
_HISTORY: Final = 100
"""Entries of before, 3 kB each: more than the kernel takes for one who asks for the current state and reads nothing."""
_PATIENCE_SECONDS: Final = 90
_PULSE_SECONDS: Final = 1.0
_RESERVED: Final = 300
"""Descriptors for all but the connections of a plan."""
_LITTLE_KB: Final = 48 * 1024
"""What memory may differ by after an attack: allocators keep some."""


@dataclass(frozen=True)
class Plan:
    """How many connections of each kind there are, and the gateway's bounds."""

    connections: int = 10_000
    stalled: int = 1_000
    """Of the connections, those that never read."""
    entries: int = 24
    a_second: float = 2.0
    half_heads: int = 5_000
    slow_seconds: float = 15.0
    endless_heads: int = 300
    huge_frames: int = 300
    attempts: int = 20_000
    per_address: int = 2_000
    stall_seconds: float = 20.0
    head_seconds: float = 10.0

    @property
    def readers(self) -> int:
        """Those that read."""
        return self.connections - self.stalled

    def within(self, descriptors: int) -> "Plan":
        """Return a plan of which no process needs more descriptors; the same one where there are enough."""
        gateway = self.connections + CLIENTS * self.per_address
        client = (self.connections + max(self.attempts, self.half_heads)) // CLIENTS
        share = (descriptors - _RESERVED) / max(gateway, client)
        if share >= 1:
            return self
        counts = ("connections", "stalled", "half_heads", "endless_heads", "huge_frames", "attempts", "per_address")
        return replace(self, **{name: int(getattr(self, name) * share) for name in counts})


@dataclass
class Outcome:
    """What came of it."""

    plan: Plan
    kb_sse: float = 0.0
    kb_websocket: float = 0.0
    delays: dict[str, str] = field(default_factory=dict)
    attacks: dict[str, str] = field(default_factory=dict)
    vitals: dict[str, Vitals] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def right(self) -> bool:
        """Whether all readers had each entry once, and everything stayed within its bounds."""
        return not self.wrong

    @property
    def line(self) -> str:
        """A few lines for a person; the last is the verdict."""
        memory = ", ".join(
            f"{when} {found.resident_kb // 1024} MB and {found.descriptors}" for when, found in self.vitals.items()
        )
        verdict = "right" if self.right else f"WRONG ({len(self.wrong)}): {'; '.join(self.wrong[:5])}"
        verdict = (
            f"connections: {verdict}: {self.plan.connections} held, {self.plan.stalled} of them stalled, "
            f"{self.plan.attempts} attempts, {self.seconds:.0f} s"
        )
        return "\n".join(
            (
                f"a connection: SSE {self.kb_sse:.1f} kB, WebSocket {self.kb_websocket:.1f} kB",
                *(f"delay, {name}: {told}" for name, told in self.delays.items()),
                f"memory and descriptors: {memory}",
                *(f"{name}: {told}" for name, told in self.attacks.items()),
                verdict,
            )
        )


class Run:
    """One gateway, its crowds, and the entries that were published so far."""

    def __init__(self, plan: Plan, gateway: AttackedGateway, crowds: Sequence[Crowd], worker: Worker) -> None:
        self.outcome = Outcome(plan)
        self._plan = plan
        self._gateway = gateway
        self._crowds = crowds
        self._worker = worker
        self._published = 0

    async def go(self) -> None:
        """Hold, stall, attack and leave, in this order."""
        began = time.monotonic()
        await self._hold()
        await self._measure("without those that stall")
        await self._stall()
        count = self._plan
        await self._attack("slowloris", count.half_heads, seconds=count.slow_seconds)
        await self._attack("endless_heads", count.endless_heads)
        await self._attack("huge_frames", count.huge_frames)
        await self._attack("attempts", count.attempts)
        self._need_some_refused()
        await self._all_received("after the attacks")
        await self._each("leave")
        await self._connections_are(0)
        self._note("after all have left")
        self._need(
            self.outcome.vitals["after all have left"].descriptors <= self.outcome.vitals["at first"].descriptors + 8,
            "descriptors were not given back",
        )
        self.outcome.seconds = time.monotonic() - began

    async def _hold(self) -> None:
        before = self._note("at first")
        share = self._plan.readers // (2 * CLIENTS)
        await self._each("hold", count=share, websocket=False)
        sse = self._note("with SSE")
        await self._each("hold", count=share, websocket=True)
        both = self._note("with all readers")
        self.outcome.kb_sse = (sse.resident_kb - before.resident_kb) / (share * CLIENTS)
        self.outcome.kb_websocket = (both.resident_kb - sse.resident_kb) / (share * CLIENTS)

    async def _stall(self) -> None:
        """Let a tenth stall, publish and measure, and wait until these are dropped."""
        await self._each("stall", count=self._plan.stalled // CLIENTS)
        async with self._watching() as watch:
            await self._measure("with those that stall")
        self._need(not watch.failures, f"while some stalled: {watch.failures[:3]}")
        self.outcome.attacks["stalled"] = self._told(watch, {})
        async with self._pulse():  # until more waits for each than the kernel takes
            readers = await self._readers_alone()
        self.outcome.attacks["stalled"] += f"; then {readers} connections are left"
        self._note("without the stalled")

    async def _attack(self, name: str, count: int, **options: Any) -> None:
        before = vitals(self._gateway.pid)
        async with self._watching() as watch, self._pulse():
            found = await self._each("attack", name=name, count=count // CLIENTS, **options)
        told: Counter[str] = sum(map(Counter, found), Counter())
        self.outcome.attacks[name] = self._told(watch, told)
        self._need(not watch.failures, f"during {name}: {watch.failures[:3]}")
        most = self._plan.readers + CLIENTS * self._plan.per_address + _RESERVED
        self._need(watch.most_descriptors <= most, f"{watch.most_descriptors} descriptors during {name}")
        self._need(not told["waiting"], f"{name} was endured: {dict(told)}")
        await self._readers_alone()
        after = self._note(f"after {name}")
        self._need(after.descriptors <= before.descriptors + 8, f"descriptors were not given back after {name}")
        self._need(
            after.resident_kb <= before.resident_kb + _LITTLE_KB,
            f"{name}: {before.resident_kb} kB before and {after.resident_kb} kB after",
        )

    async def _measure(self, name: str) -> None:
        """Publish at a steady rate; returns once all readers have it."""
        await self._each("delays")
        began = time.monotonic()
        for number in range(self._plan.entries):
            await self._publish()
            await asyncio.sleep(max(0.0, began + (number + 1) / self._plan.a_second - time.monotonic()))
        await self._all_received(name)
        delays: Counter[int] = Counter()
        for found in await self._each("delays"):
            for ms, count in found:
                delays[ms] += count
        self.outcome.delays[name] = _quantiles(delays)

    @asynccontextmanager
    async def _pulse(self) -> AsyncIterator[None]:
        """Publish an entry now and then meanwhile."""
        ended = asyncio.Event()

        async def publish() -> None:
            while not ended.is_set():
                await self._publish()
                await asyncio.sleep(_PULSE_SECONDS)

        publishing = asyncio.create_task(publish())
        try:
            yield
        finally:
            ended.set()
            await publishing

    async def _publish(self) -> None:
        headline = f"Update {self._published} at {time.monotonic_ns() // 1000}"
        await self._worker.publish([an_entry(self._published, headline=headline, body_text=_TEXT)])
        self._published += 1

    async def _all_received(self, when: str) -> None:
        """Wait until each reader has what was published, and see that it has nothing else."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            found = await self._each("received", count=self._published)
            if not sum(each["behind"] for each in found) or time.monotonic() > deadline:
                break
            await asyncio.sleep(0.2)
        for name in ("wrong", "lost"):
            readers = sum(each[name] for each in found)
            self._need(not readers, f"{readers} readers {name} {when}")

    async def _readers_alone(self) -> int:
        return await self._connections_are(self._plan.readers // (2 * CLIENTS) * 2 * CLIENTS)

    async def _connections_are(self, count: int) -> int:
        """Wait until the gateway has so many connections, beside the one that asks."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while (found := await self._gateway.connections()) != count and time.monotonic() < deadline:
            await asyncio.sleep(0.2)
        self._need(found == count, f"{found} connections instead of {count}")
        return found

    def _watching(self) -> Any:
        return watching(self._gateway.pid, self._gateway.url, SOURCE, TOKEN)

    def _told(self, watch: Watch, told: dict[str, int]) -> str:
        return (
            f"{', '.join(f'{count} {what}' for what, count in sorted(told.items())) or 'none told'}; at most "
            f"{watch.most_kb // 1024} MB and {watch.most_descriptors} descriptors, {watch.answers} health checks and "
            f"pushes of which {len(watch.failures)} failed, the slowest {watch.slowest_seconds:.1f} s"
        )

    def _need_some_refused(self) -> None:
        told = self.outcome.attacks["attempts"]
        self._need(" 429" in told, f"nobody was told 429: {told}")

    async def _each(self, what: str, **options: Any) -> list[Any]:
        return await asyncio.gather(*(crowd.do(what, **options) for crowd in self._crowds))

    def _note(self, when: str) -> Vitals:
        found = self.outcome.vitals[when] = vitals(self._gateway.pid)
        return found

    def _need(self, good: object, otherwise: str) -> None:
        if not good:
            self.outcome.wrong.append(otherwise)


def _quantiles(delays: Counter[int]) -> str:
    """Say the median, the 99th percentile and the longest of delays in ms, each with its count."""
    ordered = sorted(delays.items())
    bounds = {"p50": delays.total() * 0.5, "p99": delays.total() * 0.99, "most": delays.total()}
    found = {}
    for name, bound in bounds.items():
        seen = 0
        for ms, count in ordered:
            seen += count
            if seen >= bound:
                found[name] = ms
                break
    return ", ".join(f"{name} {ms} ms" for name, ms in found.items()) + f" of {delays.total():,} deliveries"


async def play(bootstrap: str, folder: Path, plan: Plan) -> Outcome:
    """Start a gateway on topics of its own, hold and attack; returns what came of it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))  # of what is started; ours is put back
    try:
        plan = plan.within(hard)
        names = Names(f"connections-{uuid4().hex[:8]}.")
        await asyncio.to_thread(create_topics, KafkaConnection(bootstrap), PlanOfTopics(names, 1, -1))
        async with AsyncExitStack() as stack:
            worker = await stack.enter_async_context(Worker(bootstrap, names.entries, 1))
            history = [an_entry(10**6 + n, headline="Before", body_text=_TEXT) for n in range(_HISTORY)]
            await worker.publish(history)
            gateway = await stack.enter_async_context(
                AttackedGateway(
                    bootstrap, names.prefix, folder, GATEWAY_CONNECTIONS_PER_ADDRESS=plan.per_address,
                    GATEWAY_STALL_TIMEOUT=f"{plan.stall_seconds:g}s", GATEWAY_HEAD_TIMEOUT=f"{plan.head_seconds:g}s",
                )
            )  # fmt: skip
            await gateway.ready(history[-1])
            crowds = [await stack.enter_async_context(Crowd(gateway.port, number)) for number in range(CLIENTS)]
            run = Run(plan, gateway, crowds, worker)
            await run.go()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return run.outcome


def main() -> int:
    """Run the long form on a Kafka of its own; returns 0 when all was right."""
    wanted = Plan()
    with running_kafka() as kafka, tempfile.TemporaryDirectory() as folder:
        outcome = asyncio.run(play(kafka.bootstrap, Path(folder), wanted))
    if outcome.plan != wanted:
        print(f"scaled to {outcome.plan.connections} connections: processes here may not open enough files")
    print(outcome.line)
    return 0 if outcome.right else 1


if __name__ == "__main__":
    sys.exit(main())
