"""Liveline's own processes, as a deployment starts them, for benchmarks."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from harness import PARTITIONS, ROOT, WORK, on_core

from streams.topology import Names

_STOP = 25.0  # seconds


def environment(bootstrap: str, names: Names, config: Path | None = None, **more: str) -> dict[str, str]:
    """Return what a process is told."""
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "LIVELINE_KAFKA": bootstrap,
        "LIVELINE_TOPIC_PREFIX": names.prefix,
        "LIVELINE_APPLICATION": f"{names.prefix}app",
        "LIVELINE_PARTITIONS": str(PARTITIONS),
        "LIVELINE_REPLICATION": "1",
        "LIVELINE_CONFIG": str(config or os.devnull),
        **more,
    }


def start(command: str, told: dict[str, str], log: Path, core: int = WORK) -> psutil.Popen:
    """Start `liveline worker` or `liveline gateway` on a core."""
    with on_core(core), log.open("ab") as to:
        return psutil.Popen([sys.executable, "-m", "streams", command], stdout=to, stderr=to, cwd=log.parent, env=told)


@contextmanager
def running(command: str, told: dict[str, str], log: Path, core: int = WORK) -> Iterator[psutil.Popen]:
    """Start one and end it, whatever happens."""
    process = start(command, told, log, core)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_STOP)
        except psutil.TimeoutExpired:
            process.kill()
            process.wait()
