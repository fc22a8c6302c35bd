"""Documents a second through the `entries` step, against the pure step in a loop and against peers.

python benchmarks/entries_step.py [--documents 6000] [--pages 400] [--rounds 3] [--json FOLDER] [--quix PYTHON]

Each competitor is one process on one core; broker and measuring are on the other. After a warm-up its topic is filled
at once, and it is done when a read-committed consumer has seen all entries. `cpu` is documents a second of the
competitor's own processor time: what other processes on the machine take away is not in it.
"""

import argparse
import json
import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil
from confluent_kafka import Consumer, TopicPartition
from documents import pages, posts, raw, real_posts
from harness import OTHER, PARTITIONS, ROOT, WORK, Raw, Results, fill, kafka, on_core, options, topics

from schemas import Document
from streams.topology import Names

_HERE = Path(__file__).resolve().parent
_PATIENCE = 90.0  # seconds for one competitor

WORKER, PURE, PIPELINE = "Liveline's worker", "the pure step in a loop", "`Pipeline.run` alone"
PEERS = {
    "aiokafka loop": "aiokafka_loop.py",
    "confluent-kafka loop": "confluent_loop.py",
    "Quix Streams with state": "quix_state.py",
    "Faust with a table": "faust_table.py",
}


@contextmanager
def running(command: Sequence[str], log: Path, **environment: str) -> Iterator[psutil.Process]:
    """Start a competitor on the core of what is measured; end it."""
    path = os.pathsep.join((str(_HERE), str(ROOT), str(ROOT / "tests")))
    with on_core(WORK), log.open("ab") as told:
        process = psutil.Popen(
            command, stdout=told, stderr=told, cwd=log.parent, env={**os.environ, "PYTHONPATH": path, **environment}
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def pure(records: Sequence[Raw], folder: Path) -> dict[str, float]:
    """Run the pure step in a process of its own."""
    file = folder / "records.pickle"
    file.write_bytes(pickle.dumps([(r.partition, r.value, list(r.headers)) for r in records]))
    with on_core(WORK):
        done = subprocess.run(
            [sys.executable, str(_HERE / "peers" / "pure.py"), str(file), str(warm_part(records))],
            env={**os.environ, "PYTHONPATH": os.pathsep.join((str(_HERE), str(ROOT)))},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: dict[str, float] = json.loads(done.stdout)
    return found


class Watch:
    """Counts what a read-committed consumer sees of `entries`."""

    def __init__(self, bootstrap: str, topic: str, process: psutil.Process) -> None:
        self._process = process
        self._seen = 0
        self._deadline = time.monotonic() + _PATIENCE
        self._consumer = Consumer(
            {
                "bootstrap.servers": bootstrap,
                "group.id": "watch",
                "isolation.level": "read_committed",
                "enable.auto.commit": False,
                "fetch.wait.max.ms": 20,
                "queued.max.messages.kbytes": 200_000,
            }
        )
        self._consumer.assign([TopicPartition(topic, partition, 0) for partition in range(PARTITIONS)])

    def until(self, expected: int) -> tuple[float, float]:
        """Return time and the competitor's processor time at the moment when so many entries were seen."""
        while self._seen < expected:
            self._seen += sum(message.error() is None for message in self._consumer.consume(1000, 0.02))
            if time.monotonic() > self._deadline or self._process.status() == psutil.STATUS_ZOMBIE:
                raise RuntimeError(f"{self._seen} of {expected} entries, then time was up or the process had ended")
        return time.perf_counter(), _used(self._process)

    def more(self) -> bool:
        """Return whether entries come that nobody expects."""
        return any(message.error() is None for message in self._consumer.consume(10, 0.3))

    def close(self) -> None:
        """Disconnect."""
        self._consumer.close()


def measure(
    bootstrap: str, names: Names, records: Sequence[Raw], entries: tuple[int, int], process: psutil.Process
) -> tuple[float, float]:
    """Return documents a second, of time and of processor time, after a warm-up that is waited for."""
    watch, warm = Watch(bootstrap, names.entries, process), warm_part(records)
    try:
        fill(bootstrap, names.raw, records[:warm])
        watch.until(entries[0])
        time.sleep(0.5)  # let it commit, log, and come to rest
        began, used = time.perf_counter(), _used(process)
        fill(bootstrap, names.raw, records[warm:])
        ended, used_then = watch.until(entries[1])
        if watch.more():
            raise RuntimeError("more entries than the pure step makes of the same documents")
    finally:
        watch.close()
    return (len(records) - warm) / (ended - began), (len(records) - warm) / (used_then - used)


def warm_part(records: Sequence[Raw]) -> int:
    """Return how many records are the warm-up."""
    return len(records) // 4


def _used(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def compete(bootstrap: str, records: Sequence[Raw], chosen: argparse.Namespace, name: str, note: str) -> Results:
    """Let all take turns."""
    results = Results(name, note)
    for _ in range(chosen.rounds):
        with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
            measured = pure(records, Path(folder))
            entries = int(measured["warm_entries"]), int(measured["entries"])
            results.add(PURE, measured["rate"])
            results.add(f"{PURE}, cpu", measured["cpu_rate"])
            results.add(PIPELINE, measured["core_rate"])
            results.add(f"{PIPELINE}, cpu", measured["core_cpu_rate"])
            for competitor in competitors(chosen):
                log = Path(folder) / "log"
                with topics(bootstrap) as names:
                    command, environment = command_of(competitor, bootstrap, names.prefix, chosen.quix)
                    try:
                        with running(command, log, **environment) as process:
                            rate, cpu = measure(bootstrap, names, records, entries, process)
                    except RuntimeError as error:
                        raise RuntimeError(f"{competitor}: {error}\n{log.read_text()[-3000:]}") from error
                results.add(competitor, rate)
                results.add(f"{competitor}, cpu", cpu)
                print(f"  {competitor}: {rate:,.0f}/s, cpu {cpu:,.0f}/s", file=sys.stderr, flush=True)
    return results


def competitors(chosen: argparse.Namespace) -> list[str]:
    """Return who takes part."""
    names = [WORKER, *PEERS]
    if chosen.only:
        names = [name for name in names if any(part in name.lower() for part in chosen.only.lower().split(","))]
    return [name for name in names if chosen.quix or not name.startswith("Quix")]


def command_of(name: str, bootstrap: str, prefix: str, quix: str) -> tuple[list[str], dict[str, str]]:
    """Return how a competitor is started."""
    if name == WORKER:
        told = {
            "LIVELINE_KAFKA": bootstrap,
            "LIVELINE_TOPIC_PREFIX": prefix,
            "LIVELINE_APPLICATION": f"{prefix}app",
            "LIVELINE_REPLICATION": "1",
            "LIVELINE_CONFIG": os.devnull,
        }
        return [sys.executable, "-m", "streams", "worker"], told
    python = quix if name.startswith("Quix") else sys.executable
    return [python, str(_HERE / "peers" / PEERS[name]), bootstrap, prefix], {}


def show(results: Results, chosen: argparse.Namespace) -> None:
    """Print the table."""
    names = [PIPELINE, PURE, *competitors(chosen)]
    results.print(
        {
            "documents/s": lambda name: f"{results.median(name):,.0f}",
            "of pure": lambda name: f"{results.ratio(name, PURE):.2f}",
            "cpu": lambda name: f"{results.median(f'{name}, cpu'):,.0f}",
            "of pure, cpu": lambda name: f"{results.ratio(f'{name}, cpu', f'{PURE}, cpu'):.2f}",
            "worker's lead": lambda name: f"{results.ratio(WORKER, name):.2f}x" if WORKER in names else "",
            "cpu lead": lambda name: (
                f"{results.ratio(f'{WORKER}, cpu', f'{name}, cpu'):.2f}x" if WORKER in names else ""
            ),
        },
        names,
    )
    results.write(
        chosen.json,
        of_pure={name: results.ratio(name, PURE) for name in names},
        of_pure_cpu={name: results.ratio(f"{name}, cpu", f"{PURE}, cpu") for name in names},
    )


def main() -> None:
    """Measure single posts, then pages."""
    chosen = options(__doc__, {"only": "", "quix": ""}, documents=6000, pages=400, real=1)
    with on_core(OTHER), kafka() as bootstrap:
        for name, documents, note in (
            ("entries-step", list(posts(chosen.documents)), "single posts"),
            ("entries-step-real", list(real_posts(chosen.documents if chosen.real else 0)), "posts of real live blogs"),
            ("entries-step-pages", list(pages(chosen.pages, coverages=8)), "pages of 50 posts, 49 of them unchanged"),
        ):
            if documents:
                told = f"{len(documents)} {note}, {_size(documents):,} bytes in the middle"
                show(compete(bootstrap, [raw(document) for document in documents], chosen, name, told), chosen)


def _size(documents: Sequence[Document]) -> int:
    return sorted(len(document.body) for document in documents)[len(documents) // 2]


if __name__ == "__main__":
    main()
