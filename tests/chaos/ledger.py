"""The ledger test: documents are pushed while workers are killed and stalled and the broker restarts; then we count.

PYTHONPATH=tests python -m chaos.ledger --documents 5000 --kills 20 --stalls 3 --restarts 2 [--without fencing]
"""

import argparse
import itertools
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from streams.runtime.kafka.admin import create_topics
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.topic_plan import Plan as PlanOfTopics
from streams.topology import Names

from chaos.fleet import Fleet, end
from chaos.log import Report, judge, judge_subscriber
from chaos.sse_client import Subscriber
from chaos.steady_load import SteadyLoad
from chaos.unprotected import PROTECTIONS
from chaos.verdict import Verdict, verdict
from chaos.worker import SESSION
from chaos.workload import Workload
from real_kafka import RealKafka, running_kafka

PARTITIONS: Final = 4
KILL_GATEWAY: Final = "kill the gateway"
STEPS: Final = ("begin", "sent", "offset", "committed")
_WORKERS: Final = 2


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is pushed, and what goes wrong meanwhile."""

    documents: int = 5000
    """At least; as many as come while the faults last."""
    a_second: float = 40.0
    kills: int = 20
    stalls: int = 3
    failures: int = 4
    restarts: int = 2
    pause: tuple[float, float] = (0.5, 2.0)
    """Seconds between two faults, at random."""
    without: str | None = None
    seed: int = 3

    def faults(self) -> list[str]:
        """Return the faults in a random order; kills, stalls and failures take the steps in turn."""
        chance, steps = random.Random(self.seed), itertools.cycle((*STEPS, "anywhere"))
        faults = [f"kill {next(steps)}" for _ in range(self.kills)]
        inside = itertools.cycle(("offset", "sent", "anywhere"))
        faults += [f"stop {next(inside)}" for _ in range(self.stalls)]
        failing = itertools.cycle(("offset", "sent", "begin"))
        faults += [f"fail {next(failing)}" for _ in range(self.failures)]
        faults += ["move"] * (self.kills // 5) + [KILL_GATEWAY] * self.restarts
        chance.shuffle(faults)
        for number in range(self.restarts):  # spread evenly: the broker's own restart takes a while
            faults.insert((number + 1) * len(faults) // (self.restarts + 1), "restart the broker")
        return faults


@dataclass
class Run:
    """One run: its workers, its topics, and what was done to them."""

    kafka: RealKafka
    plan: Plan
    prefix: str = "ledger."
    done: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="ledger-test-"))
        self.chance = random.Random(self.plan.seed)
        self.workload = Workload(partitions=PARTITIONS)
        self.fleet = Fleet(self.kafka.bootstrap, self.prefix, self.folder, self.plan.without)
        self.load = SteadyLoad(
            self.kafka.bootstrap,
            Names(self.prefix).raw,
            self.workload,
            a_second=self.plan.a_second,
            least=self.plan.documents,
        )
        self.port = _free_port()
        self.subscriber = Subscriber(f"http://127.0.0.1:{self.port}")

    def __call__(self) -> Report:
        """Push, disturb, wait for the end, and judge."""
        connection = KafkaConnection(self.kafka.bootstrap)
        create_topics(connection, PlanOfTopics(Names(self.prefix), PARTITIONS, 1))
        self.gateway = self._gateway()
        self.subscriber.start()
        for _ in range(_WORKERS):
            self.fleet.start()
        self.load.start()
        try:
            time.sleep(3)
            for fault in self.plan.faults():
                time.sleep(self.chance.uniform(*self.plan.pause))
                self._disturb(fault)
                self.fleet.revive()
            self.load.stop()
            self.fleet.finish(PARTITIONS)
            report = judge(self.kafka.bootstrap, self.prefix, PARTITIONS, self.workload.expected)
            if report.right:  # a log that is wrong already needs no subscriber's word
                self._listen_to_the_end(report)
        finally:
            self.load.stop()
            self.subscriber.stop()
            self.fleet.kill()
            self.gateway.kill()
            self.gateway.wait()
        judge_subscriber(report, self.subscriber)
        return report

    def _gateway(self) -> subprocess.Popen[bytes]:
        settings = {
            "LIVELINE_KAFKA": self.kafka.bootstrap,
            "LIVELINE_TOPIC_PREFIX": self.prefix,
            "LIVELINE_REPLICATION": "1",
            "LIVELINE_BIND": f"127.0.0.1:{self.port}",
            "LIVELINE_ARCHIVE": f"sqlite:///{self.folder}/archive.db",
        }
        with (self.folder / "gateway.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "streams", "gateway"], stdout=log, stderr=log, env={**os.environ, **settings}
            )

    def _listen_to_the_end(self, report: Report) -> None:
        """Give the subscriber time to hear all that stands."""
        self.subscriber.stay()
        deadline = time.monotonic() + 60
        while len(self.subscriber.seen) < report.figures["revisions"] and time.monotonic() < deadline:
            time.sleep(0.1)

    def _disturb(self, fault: str) -> None:
        kind, _, step = fault.partition(" ")
        if kind == "restart":
            self.kafka.restart(hard=True)
        elif fault == KILL_GATEWAY:
            end(self.gateway, signal.SIGKILL)
            self.gateway = self._gateway()
        elif kind == "move":
            end(self.chance.choice(self.fleet.workers), signal.SIGTERM)
        elif step == "anywhere":
            self._at_random(kind)
        else:
            self._at_step(kind, step)
        self.done.append(fault)

    def _at_random(self, kind: str) -> None:
        worker = self.chance.choice(self.fleet.workers)
        if kind == "kill":
            end(worker, signal.SIGKILL)
        else:
            worker.send_signal(signal.SIGSTOP)
            time.sleep(SESSION.total_seconds() * 1.7)
            worker.send_signal(signal.SIGCONT)

    def _at_step(self, kind: str, step: str) -> None:
        """Leave the fault for whoever reaches the step next; its process takes it there."""
        (self.folder / f"{kind}.{step}").touch()
        deadline = time.monotonic() + 30
        while not (taken := list(self.folder.glob(f"{kind}.taken.*"))):
            if time.monotonic() > deadline:
                raise TimeoutError(f"no worker reached {step!r} within 30 s; see {self.fleet.log}")
            self.fleet.revive()
            time.sleep(0.02)
        taken[0].unlink()
        if kind == "stop":
            # Longer than the session: another worker takes the partition over and works on; then this one goes on.
            time.sleep(SESSION.total_seconds() * 1.7)
            os.kill(int(taken[0].suffix[1:]), signal.SIGCONT)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def run(plan: Plan) -> Verdict:
    """Run once on a Kafka of its own and say what was found."""
    started = time.monotonic()
    with running_kafka() as kafka:
        test = Run(kafka, plan)
        report = test()
    print(f"{len(test.done)} faults: {sorted(test.done)}")
    print(report.figures)
    print(f"the subscriber was cut off {test.subscriber.cuts} times and saw {len(test.subscriber.seen)} revisions")
    return verdict("ledger", report, test.fleet, time.monotonic() - started)


def main() -> int:
    """Return 0 when all was right, 1 when not."""
    parser, usual = argparse.ArgumentParser(description=__doc__), Plan()
    for name in ("documents", "kills", "stalls", "failures", "restarts", "seed"):
        parser.add_argument(f"--{name}", type=int, default=getattr(usual, name))
    parser.add_argument("--without", choices=PROTECTIONS)
    return 0 if run(Plan(**vars(parser.parse_args()))).right else 1


if __name__ == "__main__":
    sys.exit(main())
