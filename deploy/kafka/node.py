"""One broker process: started apart from us, known by its pid file, ended only if it is ours."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from failure import Failure
from java import HERE, classpath, java

# Small and quick to start: no second compiler, the plain collector. KAFKA_JVM_OPTS replaces them for measuring.
JVM_OPTIONS = "-Xms128m -Xmx512m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
STOP_SECONDS = 20.0


@dataclass(frozen=True)
class Node:
    """A node's folder: its settings, its log, its pid, its data."""

    number: int
    folder: Path

    @property
    def properties(self) -> Path:
        """Its settings; the path stands in its command line and tells it from any other process."""
        return self.folder / "server.properties"

    @property
    def data(self) -> Path:
        """What survives a restart."""
        return self.folder / "data"

    @property
    def pid(self) -> int | None:
        """The pid of its living process, None if there is none."""
        try:
            pid = int((self.folder / "pid").read_text())
        except (FileNotFoundError, ValueError):
            return None
        # Pids are used again: one whose command line doesn't name our settings is somebody else's.
        return pid if str(self.properties) in _command_line(pid) else None

    def format(self, cluster_id: str) -> None:
        """Prepare an empty data folder; one that has been formatted stays as it is."""
        if (self.data / "meta.properties").exists():
            return
        done = subprocess.run(
            [*self._java(), "kafka.tools.StorageTool", "format", "-t", cluster_id, "-c", str(self.properties)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Failure(f"formatting {self.data} failed: {(done.stderr or done.stdout).strip().splitlines()[-1]}")

    def launch(self) -> None:
        """Start the process; it may not answer yet."""
        log_file = self.folder / "broker.log"
        # One log a start and the one before: what is read of a failed start is its own, and the disk is not filled.
        if log_file.exists():
            log_file.replace(self.folder / "broker.log.1")
        with log_file.open("wb") as log:
            process = subprocess.Popen(
                [*self._java(), "kafka.Kafka", str(self.properties)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                start_new_session=True,  # Ctrl-C in a terminal is not for the broker
            )
        (self.folder / "pid").write_text(str(process.pid))
        # Its command line shows a moment after it was started; until then `pid` would say that it has ended.
        while self.pid is None and process.poll() is None:
            time.sleep(0.005)
        process.returncode = 0  # it outlives us; without this Python warns that nobody waited for it

    def tell(self, *, hard: bool) -> None:
        """Tell it to end in good order; hard: end it as a power cut would."""
        self._signal(signal.SIGKILL if hard else signal.SIGTERM)

    def wait(self) -> None:
        """Wait until it has ended; if that takes too long, kill it."""
        if not self._ended(STOP_SECONDS):
            self._signal(signal.SIGKILL)
            if not self._ended(STOP_SECONDS):
                raise Failure(f"node {self.number} (pid {self.pid}) does not end")
        (self.folder / "pid").unlink(missing_ok=True)

    def last_words(self) -> str:
        """Return the end of its log, for when it did not start."""
        lines = (self.folder / "broker.log").read_text(errors="replace").splitlines()
        told = [line for line in lines if " ERROR " in line or " FATAL " in line or "Exception" in line]
        return (told or lines or ["it printed nothing"])[-1].strip()

    def _signal(self, number: int) -> None:
        pid = self.pid
        if pid is not None:
            # It may end by itself between the look and the signal.
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def _ended(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while self.pid is not None and time.monotonic() < deadline:
            time.sleep(0.05)
        return self.pid is None

    def _java(self) -> list[str]:
        options = os.environ.get("KAFKA_JVM_OPTS", JVM_OPTIONS).split()
        log = f"-Dlog4j2.configurationFile={HERE / 'log4j2.properties'}"
        return [java(), *options, log, "-cp", classpath()]


def _command_line(pid: int) -> str:
    """Return how a process was called; empty if it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        if Path("/proc/self").exists():
            return ""
    # No /proc: macOS.
    told = subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return told.stdout
