"""The rebalance storm: workers come, go, die and stall every few seconds while documents are pushed steadily.

PYTHONPATH=tests:. python -m chaos.storm --rebalances 60 [--without continuity]
"""

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from streams.runtime.kafka.admin import create_topics
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.topic_plan import Plan as PlanOfTopics
from streams.topology import Names

from chaos.fleet import Fleet, end
from chaos.log import Report, judge
from chaos.steady_load import SteadyLoad
from chaos.unprotected import PROTECTIONS
from chaos.verdict import Verdict, verdict
from chaos.worker import SESSION
from chaos.workload import Workload
from real_kafka import RealKafka, running_kafka

PARTITIONS: Final = 6
_FEWEST, _MOST = 1, 3  # workers that are awake
_STALL_SECONDS: Final = SESSION.total_seconds() * 1.5


@dataclass(frozen=True, slots=True)
class Plan:
    """How long it blows, and how hard."""

    rebalances: int = 60
    """It ends after as many, or fails if they don't come in time."""
    seconds: float = 400.0
    a_second: float = 60.0
    """Documents pushed."""
    pause: tuple[float, float] = (0.5, 2.5)
    """Seconds between two events, at random."""
    without: str | None = None
    seed: int = 3


@dataclass
class Storm:
    """One storm: what happens, and what stands at its end."""

    kafka: RealKafka
    plan: Plan
    prefix: str = "storm."
    done: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.plan.seed)
        self._crashed = 0
        self._stalled: dict[int, tuple[float, subprocess.Popen[bytes]]] = {}
        folder = Path(tempfile.mkdtemp(prefix="storm-test-"))
        self.fleet = Fleet(self.kafka.bootstrap, self.prefix, folder, self.plan.without)

    def __call__(self) -> Report:
        """Push, disturb, wait for the end, and judge."""
        create_topics(KafkaConnection(self.kafka.bootstrap), PlanOfTopics(Names(self.prefix), PARTITIONS, 1))
        workload = Workload(partitions=PARTITIONS)
        load = SteadyLoad(self.kafka.bootstrap, Names(self.prefix).raw, workload, a_second=self.plan.a_second)
        self.fleet.start()
        load.start()
        try:
            self._blow()
            load.stop()
            self.fleet.finish(PARTITIONS)
        finally:
            load.stop()
            self._wake(time.monotonic() + _STALL_SECONDS)
            self.fleet.kill()
        report = judge(self.kafka.bootstrap, self.prefix, PARTITIONS, workload.expected)
        if self.fleet.rebalances() < self.plan.rebalances:
            report.note("too few rebalances", f"{self.fleet.rebalances()} of {self.plan.rebalances}")
        if self._crashed:
            report.note("workers that ended by themselves", self._crashed)
        return report

    def _blow(self) -> None:
        deadline = time.monotonic() + self.plan.seconds
        while self.fleet.rebalances() < self.plan.rebalances and time.monotonic() < deadline:
            self._wake(time.monotonic())
            self._crashed += sum(worker.poll() is not None for worker in self.fleet.workers)
            self.fleet.revive()
            self._happen(self._chance.choice(self._possible()))
            time.sleep(self._chance.uniform(*self.plan.pause))
        while self._stalled:  # who was stalled finds others at work with what was its own
            self._wake(time.monotonic())
            time.sleep(0.1)

    def _awake(self) -> list[subprocess.Popen[bytes]]:
        return [worker for worker in self.fleet.workers if worker.pid not in self._stalled]

    def _possible(self) -> list[str]:
        awake = len(self._awake())
        if awake <= _FEWEST:
            return ["come"]
        return ["go", "kill", "stall"] if awake >= _MOST else ["come", "go", "kill", "stall"]

    def _happen(self, event: str) -> None:
        self.done[event] += 1
        if event == "come":
            self.fleet.start()
            return
        worker = self._chance.choice(self._awake())
        if event == "stall":
            worker.send_signal(signal.SIGSTOP)
            self._stalled[worker.pid] = (time.monotonic() + _STALL_SECONDS, worker)
        else:
            end(worker, signal.SIGTERM if event == "go" else signal.SIGKILL)
            self.fleet.workers.remove(worker)

    def _wake(self, now: float) -> None:
        for pid, (until, worker) in list(self._stalled.items()):
            if until <= now:
                del self._stalled[pid]
                worker.send_signal(signal.SIGCONT)


def run(plan: Plan) -> Verdict:
    """Run once on a Kafka of its own and say what was found."""
    started = time.monotonic()
    with running_kafka() as kafka:
        storm = Storm(kafka, plan)
        report = storm()
    print(f"events: {dict(storm.done)}")
    print(report.figures)
    return verdict("storm", report, storm.fleet, time.monotonic() - started)


def main() -> int:
    """Return 0 when all was right, 1 when not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rebalances", type=int, default=Plan().rebalances)
    parser.add_argument("--seed", type=int, default=Plan().seed)
    parser.add_argument("--without", choices=PROTECTIONS)
    told = parser.parse_args()
    return 0 if run(Plan(rebalances=told.rebalances, seed=told.seed, without=told.without)).right else 1


if __name__ == "__main__":
    sys.exit(main())
