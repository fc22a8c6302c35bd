"""The workers of a chaos test: processes on one Kafka that come, go, are killed and stalled."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from streams.topology import Names

from chaos.lag import has_read, lag

_PATIENCE = 120.0  # seconds for the workers to finish after the last fault
_TESTS = Path(__file__).resolve().parents[1]


@dataclass
class Fleet:
    """Workers that share a log file and a folder in which faults wait for them."""

    bootstrap: str
    prefix: str
    folder: Path
    without: str | None = None
    """The protection that is taken out of each worker."""
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def log(self) -> Path:
        """What all of them have logged."""
        return self.folder / "workers.log"

    def start(self) -> subprocess.Popen[bytes]:
        """Start one more."""
        command = [sys.executable, "-m", "chaos.worker", self.bootstrap, self.prefix, str(self.folder)]
        with self.log.open("ab") as log:
            worker = subprocess.Popen(
                [*command, *([self.without] if self.without else [])],
                stdout=log,
                stderr=log,
                env={
                    **os.environ,
                    "PYTHONPATH": os.pathsep.join((str(_TESTS), str(_TESTS.parent))),
                    "PYTHONFAULTHANDLER": "1",  # where Python stood when a library in C ended the process
                },
            )
        self.workers.append(worker)
        return worker

    def revive(self) -> None:
        """Start one for each that has died."""
        dead = [worker for worker in self.workers if worker.poll() is not None]
        self.workers = [worker for worker in self.workers if worker not in dead]
        for worker in dead:
            with self.log.open("ab") as log:
                log.write(b"worker %d ended with %d\n" % (worker.pid, worker.returncode))
            self.start()

    def finish(self, partitions: int) -> None:
        """Wait until everything that was pushed is processed: the groups' offsets stand at the end."""
        deadline, names = time.monotonic() + _PATIENCE, Names(self.prefix)
        while lag(self.bootstrap, f"{self.prefix}app", names.raw, partitions) or not has_read(
            self.bootstrap, f"{self.prefix}app-alerts", names.entries, partitions
        ):
            self.revive()
            if time.monotonic() > deadline:
                raise TimeoutError(f"the workers did not finish; see {self.log}")
            time.sleep(0.2)

    def kill(self) -> None:
        """End all of them."""
        for worker in self.workers:
            worker.kill()
            worker.wait()

    def rebalances(self) -> int:
        """Return how many rebalances the entries' group has been through: each gives it a generation of its own."""
        events = self.events("group.rebalanced")
        return len({event["generation"] for event in events if event["agent"] == "entries"})

    def refused(self) -> int:
        """Return how many batches were refused because they left a gap."""
        return len(self.events("partition.batch_out_of_place"))

    def events(self, name: str) -> list[dict[str, object]]:
        """Return the log events of this name; a killed worker's last line may be cut off."""
        marked = [line for line in self.log.read_bytes().splitlines() if f'"{name}"'.encode() in line]
        return [orjson.loads(line) for line in marked if line.startswith(b"{") and line.endswith(b"}")]


def end(process: subprocess.Popen[bytes], signum: signal.Signals) -> None:
    """Send a signal that ends it, and wait for its end."""
    process.send_signal(signum)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGUSR1)  # its stacks go to the log
        time.sleep(1)
        process.kill()
        process.wait()
        raise
