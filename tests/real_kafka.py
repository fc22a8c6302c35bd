"""A real Kafka for tests: one of its own, on free ports, in a folder of its own, by deploy/kafka/kafka."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[1] / "deploy" / "kafka" / "kafka"
MISSING = 3
"""The script's exit code where Java, Maven or the jars can't be had."""


class KafkaMissing(Exception):  # noqa: N818  (a state of the machine)
    """This machine can't run Kafka; the message says why."""


@dataclass
class RealKafka:
    """A cluster of 1 or 3 nodes that lives as long as a test wants; its data outlives `stop` and `kill`."""

    data: Path
    nodes: int = 1
    bootstrap: str = field(default="", init=False)

    def start(self, node: int | None = None) -> str:
        """Start what doesn't run, wait until it answers, return the bootstrap servers."""
        first = () if self.bootstrap else ("--nodes", str(self.nodes), "--port", "0")
        self.bootstrap = self._run("start", *first, *_only(node))
        return self.bootstrap

    def stop(self, node: int | None = None) -> None:
        """End it in good order."""
        self._run("stop", *_only(node))

    def kill(self, node: int | None = None) -> None:
        """End it by kill -9."""
        self._run("kill", *_only(node))

    def restart(self, node: int | None = None, *, hard: bool = False) -> None:
        """Stop it, or kill it, and start it again with its data, on the same ports."""
        self._run("restart", *(("--hard",) if hard else ()), *_only(node))

    def _run(self, command: str, *options: str) -> str:
        done = subprocess.run(
            [str(SCRIPT), command, "--data", str(self.data), *options],
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )
        if done.returncode == MISSING:
            raise KafkaMissing(done.stderr.strip())
        if done.returncode:
            raise RuntimeError(done.stderr.strip() or done.stdout.strip())
        return done.stdout.strip()


@contextmanager
def running_kafka(nodes: int = 1) -> Iterator[RealKafka]:
    """Start a Kafka, hand it over, end it and its data whatever happened."""
    with tempfile.TemporaryDirectory(prefix="kafka-") as folder:
        kafka = RealKafka(Path(folder), nodes)
        try:
            kafka.start()
            yield kafka
        finally:
            if kafka.data.joinpath("cluster.json").exists():
                kafka.kill()


def must_run() -> bool:
    """Say whether a machine that can't run Kafka is a failure: in CI nothing is skipped."""
    return os.environ.get("LIVELINE_CI") == "1" or os.environ.get("CI") == "true"


def _only(node: int | None) -> tuple[str, ...]:
    return () if node is None else ("--node", str(node))
