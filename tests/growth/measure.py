"""What work costs: processor time beside that of a known loop, and memory in a process of its own."""

import gc
import os
import resource
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_CALIBRATION_ROUNDS: Final = 60_000
_KILLED_AFTER_SECONDS: Final = 20


def seconds(work: Callable[[], object], runs: int = 1) -> float:
    """Return the least processor time of some runs."""
    least = float("inf")
    for _ in range(runs):
        began = time.process_time()
        work()
        least = min(least, time.process_time() - began)
    return least


def calibration() -> float:
    """Return the processor time of a known loop, some 30 ms: what this machine can do at the moment."""
    return seconds(_known_loop, 3)


def _known_loop() -> int:
    words: dict[str, int] = {}
    for number in range(_CALIBRATION_ROUNDS):
        word = f"word {number % 997}".upper()
        words[word] = words.get(word, 0) + len(word.split())
    return len(words)


@dataclass(frozen=True)
class Cost:
    """What one run took."""

    seconds: float
    megabytes: int
    """The most that the process had in memory, its interpreter and libraries included."""
    killed: bool = False


def cost_alone(prepare: Callable[[], Callable[[], object]]) -> Cost:
    """Return what work costs in a process of its own, which is killed when it takes too long."""
    gc.collect()
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (_KILLED_AFTER_SECONDS, _KILLED_AFTER_SECONDS))
            resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
            signal.signal(signal.SIGXCPU, signal.SIG_DFL)
            work = prepare()
            took = seconds(work)
            os.write(writing, f"{took} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}".encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(pid, 0)
    if not answer:
        return Cost(_KILLED_AFTER_SECONDS, 0, killed=True)
    took_text, most = answer.split()
    return Cost(float(took_text), int(most))
