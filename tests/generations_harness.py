"""Generations on the session's Kafka: documents of the ledger test, the commands, and what must stand."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from replay_harness import Topics

from schemas.envelope import document_headers
from streams.topology import Names

from chaos.log import Report, Stored, read, run_alone, same_log
from chaos.workload import Pushed, Workload


@dataclass
class Bench(Topics):
    """Topics, and documents for them."""

    def __post_init__(self) -> None:
        """Make the topics."""
        super().__post_init__()
        self.documents: Iterator[Pushed] = iter(Workload(partitions=self.partitions))

    def push(self, count: int) -> None:
        """Write the next documents to `liveline.raw`."""
        for pushed in islice(self.documents, count):
            document = pushed.document
            self.producer.produce(
                self.names.raw, document.body, str(document.coverage_id), pushed.partition,
                timestamp=int(document.received_at.timestamp() * 1000), headers=list(document_headers(document)),
            )  # fmt: skip
        assert self.producer.flush(60) == 0

    def of(self, generation: str) -> Names:
        """Return a generation's topics."""
        return Names(self.prefix, generation)

    def stored(self, topic: str) -> list[Stored]:
        """Return what is committed of a topic."""
        return read(self.bootstrap, topic, self.partitions)

    def wrong(self, generation: str) -> Report:
        """Compare a generation's entries with one undisturbed run over all of `liveline.raw`, record by record."""
        report = Report()
        alone, letters = run_alone(self.stored(self.names.raw), self.names.raw)
        names = self.of(generation)
        same_log(self.stored(names.entries), alone, report)
        if len(found := self.stored(names.dead_letters)) != len(letters):
            report.note("dead letters", (len(found), len(letters)))
        return report

    def environment(self, **more: str) -> dict[str, str]:
        """Return what the commands run with: many small transactions, and a short session."""
        own = {
            "LIVELINE_APPLICATION": f"{self.prefix}app", "LIVELINE_SESSION_TIMEOUT": "3s",
            "LIVELINE_BATCH_MAX_RECORDS": "25", "LIVELINE_LOG_FORMAT": "json", "LIVELINE_LOG_LEVEL": "info",
        }  # fmt: skip
        return super().environment(**{**own, **more})

    @contextmanager
    def running(self, *arguments: str, **more: str) -> Iterator["Running"]:
        """Run a command that goes on; it is killed at the end."""
        log = self.folder / f"{arguments[0]}-{time.monotonic_ns()}.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                self.command(*arguments), cwd=self.folder, env=self.environment(**more), stdout=out, stderr=out
            )
        running = Running(process, log)
        try:
            yield running
        finally:
            running.kill()


@dataclass
class Running:
    """A process of Liveline's."""

    process: "subprocess.Popen[bytes]"
    log: Any
    code: int | None = field(default=None, init=False)

    def kill(self) -> None:
        """End it by kill -9."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait(30)

    def stop(self) -> int:
        """End it in good order; returns its exit code."""
        self.process.terminate()
        return self.process.wait(60)

    def said(self) -> str:
        """Return what it has written."""
        return str(self.log.read_text(errors="replace"))


def until(what: Callable[[], Any], seconds: float = 90.0) -> Any:
    """Wait for something to be true, and return it."""
    deadline = time.monotonic() + seconds
    while not (found := what()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} s")
        time.sleep(0.2)
    return found
