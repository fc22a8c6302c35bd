"""Webhooks while the deliverer is killed: one endpoint is slow, one fails by turns, one is gone; nothing is missing.

`make chaos-webhooks` runs the long form (5,000 revisions, 10 kills) on a Kafka of its own.
"""

import asyncio
import os
import random
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from deliver_harness import Desk, a_desk
from gateway_harness import an_entry
from webhook_endpoints import Endpoint, by_turns, gone, serving, slow, until

from schemas import Entry
from schemas.webhook import WebhookStatus

from real_kafka import running_kafka

_PATIENCE_SECONDS = 900


@dataclass(frozen=True)
class Plan:
    """How much is published, and how often the deliverer is killed."""

    revisions: int = 5_000
    entries: int = 400
    kills: int = 10
    seed: int = 1


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    plan: Plan
    expected: int
    missing: dict[str, int]
    out_of_order: dict[str, int]
    unverified: int
    twice: dict[str, int]
    after_gone: int
    gone_disabled: bool
    seconds: float

    @property
    def right(self) -> bool:
        """Whether all is there, in order, and verified."""
        return not any((*self.missing.values(), *self.out_of_order.values(), self.unverified)) and self.gone_disabled

    @property
    def line(self) -> str:
        """One line for a person."""
        return (
            f"webhooks: {'right' if self.right else 'WRONG'}: {self.expected} revisions, {self.plan.kills} kills, "
            f"missing {self.missing}, out of order {self.out_of_order}, unverified {self.unverified}, "
            f"sent twice {self.twice}, requests to the one that is gone {self.after_gone}, {self.seconds:.0f} s"
        )


def revisions_of(plan: Plan) -> list[Entry]:
    """Return revisions of many entries, mixed, each entry's in order."""
    chance = random.Random(plan.seed)
    newest: dict[int, int] = {}
    made = []
    for _ in range(plan.revisions):
        number = chance.randrange(plan.entries)
        newest[number] = newest.get(number, 0) + 1
        made.append(an_entry(number, newest[number], coverage_id=f"coverage-{number % 7}"))
    return made


async def play(bootstrap: str, folder: Path, plan: Plan) -> Outcome:
    """Publish, deliver and kill; returns what the endpoints have in the end."""
    began = time.monotonic()
    endpoints = {"slow": Endpoint(slow), "by_turns": Endpoint(by_turns)}
    leaving = Endpoint(gone)
    revisions = revisions_of(plan)
    wanted = {f"{each.entry_id}:{each.revision}" for each in revisions}
    async with a_desk(bootstrap, folder) as desk, serving(**endpoints, gone=leaving):
        webhooks = {name: desk.webhook(endpoint.url) for name, endpoint in endpoints.items()}
        left = desk.webhook(leaving.url)
        for name, endpoint in endpoints.items():
            endpoint.secret = webhooks[name].secret or ""
        await asyncio.sleep(0.01)
        publishing = asyncio.create_task(_publish(desk, revisions))
        try:
            for kill in range(plan.kills):
                process = await _deliver(desk)
                # Each life does some of the work: killed in the midst of it, wherever that is.
                goal = len(wanted) * (kill + 1) // (plan.kills + 1)
                await until(
                    lambda goal=goal: all(len(set(each.ids)) >= goal for each in endpoints.values()),  # type: ignore[misc]
                    f"{goal} deliveries", _PATIENCE_SECONDS,
                )  # fmt: skip
                process.kill()
                await process.wait()
            process = await _deliver(desk)
            await until(
                lambda: all(set(each.ids) >= wanted for each in endpoints.values()), "all deliveries", _PATIENCE_SECONDS
            )
            process.terminate()
            await process.wait()
            await publishing
        finally:
            publishing.cancel()
        return Outcome(
            plan,
            len(wanted),
            {name: len(wanted - set(each.ids)) for name, each in endpoints.items()},
            {name: len(each.out_of_order()) for name, each in endpoints.items()},
            sum(len(each.unverified) for each in endpoints.values()),
            {name: len(each.ids) - len(set(each.ids)) for name, each in endpoints.items()},
            leaving.requests,
            desk.now(left).status is WebhookStatus.DISABLED,
            time.monotonic() - began,
        )


async def _publish(desk: Desk, revisions: list[Entry]) -> None:
    for start in range(0, len(revisions), 50):
        await desk.worker.publish(revisions[start : start + 50], abort=False)
        if start % 500 == 0:
            await desk.worker.publish(revisions[:1], abort=True)  # never to be seen


async def _deliver(desk: Desk) -> asyncio.subprocess.Process:
    settings = desk.settings
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "streams", "deliver",
        env={
            **os.environ, "LIVELINE_KAFKA": settings.kafka, "LIVELINE_TOPIC_PREFIX": settings.topic_prefix,
            "LIVELINE_PARTITIONS": str(settings.partitions), "LIVELINE_STATE": settings.state,
            "LIVELINE_WEBHOOK_INTERNAL": "true", "LIVELINE_WEBHOOK_SCHEDULE": ",".join(["100ms"] * 30),
            "LIVELINE_LOG_LEVEL": "warning",
        },
    )  # fmt: skip


def main() -> int:
    """Run the long form on a Kafka of its own; returns 0 when all was right."""
    with running_kafka() as kafka, tempfile.TemporaryDirectory() as folder:
        outcome = asyncio.run(play(kafka.bootstrap, Path(folder), Plan()))
    print(outcome.line)
    return 0 if outcome.right else 1


if __name__ == "__main__":
    sys.exit(main())
