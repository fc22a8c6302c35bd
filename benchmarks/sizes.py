"""What documents, entries and deliveries take on Kafka, in archive and state database, and in the processes' memory.

python benchmarks/sizes.py [--documents 4000] [--together 500] [--json FOLDER]

`--together 1` pushes one document after the other, as on a quiet day: then each is compressed by itself.

Real Kafka, `liveline worker`, `gateway` and `deliver` (SQLite), one webhook. Topics, files and memory are measured
after each half of the documents; the figures are those of the second half: what is there once does not count.
"""

import os
import sqlite3
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil
from confluent_kafka import Consumer, TopicPartition
from documents import posts, raw
from harness import Results, fill, options, topics
from processes import environment, running

from streams.topology import Names, Role

from real_kafka import RealKafka, running_kafka

_SECRET = "whsec_" + "QUJD" * 11
_PATIENCE_SECONDS = 600
_PORTS = {"worker": 18091, "gateway": 18090, "deliver": 18093}


class _Takes(BaseHTTPRequestHandler):
    """A webhook's endpoint that takes everything."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Take a delivery."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def endpoint() -> Iterator[str]:
    """Serve it on a free port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Takes)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()


def metric(process: str, name: str) -> float:
    """Return the sum of a metric over its labels; infinite while the process does not answer."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{_PORTS[process]}/metrics", timeout=5) as answer:
            lines = answer.read().decode().splitlines()
    except OSError:
        return float("inf")
    values = [float(line.rpartition(" ")[2]) for line in lines if line.startswith((f"{name} ", f"{name}{{"))]
    return sum(values) if values else float("inf")


def wait_for(documents: int) -> None:
    """Wait until all are processed, archived and delivered."""
    end = time.monotonic() + _PATIENCE_SECONDS
    quiet = 0
    while quiet < 3:
        if time.monotonic() > end:
            raise RuntimeError("not done in time; see the processes' logs")
        time.sleep(1)
        done = (
            metric("worker", "liveline_documents_total") == documents
            and metric("gateway", "liveline_gateway_lag_records") == 0
            and metric("deliver", "liveline_webhook_pending") == 0
        )
        quiet = quiet + 1 if done else 0


@dataclass(frozen=True)
class Records:
    """What a reader finds in a topic; bytes of keys and values, as they are once a batch is unpacked."""

    count: int
    keys: int
    size: int
    newest: int
    """Bytes of the newest record of each key: what is left after compaction."""


def records(bootstrap: str, topic: str) -> Records:
    """Read a topic from its beginning to its end."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "sizes", "enable.partition.eof": True})
    places = consumer.list_topics(topic).topics[topic].partitions
    consumer.assign([TopicPartition(topic, partition, 0) for partition in places])
    count, total, newest, ended = 0, 0, dict[bytes, int](), 0
    while ended < len(places):
        for message in consumer.consume(1000, 1.0):
            if message.error():
                ended += 1
                continue
            size = len(message.key() or b"") + len(message.value() or b"")
            count, total = count + 1, total + size
            newest[message.key() or b""] = size
    consumer.close()
    return Records(count, len(newest), total, sum(newest.values()))


@dataclass(frozen=True)
class Look:
    """What was there after a part of the documents; sizes in bytes."""

    topics: dict[str, int]
    files: dict[str, int]
    memory: dict[str, int]
    records: dict[str, Records]


def look(cluster: RealKafka, names: Names, folder: Path, processes: dict[str, psutil.Popen]) -> Look:
    """Measure all."""
    segments = [path for path in cluster.data.rglob("*.log") if path.parent.name.startswith(names.prefix)]
    by_topic: dict[str, int] = {}
    for path in segments:
        role = path.parent.name.removeprefix(names.prefix).rpartition("-")[0]
        by_topic[role] = by_topic.get(role, 0) + path.stat().st_size
    for kind in ("archive", "state"):
        with closing(sqlite3.connect(folder / f"{kind}.db")) as database:
            database.execute("PRAGMA wal_checkpoint(PASSIVE)")
    return Look(
        by_topic,
        {kind: (folder / f"{kind}.db").stat().st_size for kind in ("archive", "state")},
        {name: process.memory_info().rss for name, process in processes.items()},
        {role: records(cluster.bootstrap, names.prefix + role) for role in by_topic},
    )


def main() -> None:
    """Push one half, look, push the other, look."""
    chosen = options(__doc__, documents=4000, together=500)
    results = Results("sizes", f"{chosen.documents} invented posts of 1.4 kB; bytes")
    waiting = [raw(document) for document in posts(2 * chosen.documents)]
    halves = waiting[: chosen.documents], waiting[chosen.documents :]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sizes-")))
        os.environ.setdefault("KAFKA_JVM_OPTS", "-Xms256m -Xmx512m")
        cluster = stack.enter_context(running_kafka())
        names = stack.enter_context(topics(cluster.bootstrap))
        url = stack.enter_context(endpoint())
        config = folder / "liveline.yaml"
        config.write_text(f"webhooks: [{{id: desk, url: '{url}'}}]\n")
        told = environment(
            cluster.bootstrap, names, config,
            LIVELINE_ARCHIVE=f"sqlite:///{folder}/archive.db", LIVELINE_STATE=f"sqlite:///{folder}/state.db",
            LIVELINE_WEBHOOK_INTERNAL="true", LIVELINE_WEBHOOK_SECRET_DESK=_SECRET,
            LIVELINE_WORKER_BIND=f"127.0.0.1:{_PORTS['worker']}", LIVELINE_BIND=f"127.0.0.1:{_PORTS['gateway']}",
            LIVELINE_DELIVER_BIND=f"127.0.0.1:{_PORTS['deliver']}",
        )  # fmt: skip
        processes = {name: stack.enter_context(running(name, told, folder / f"{name}.log")) for name in _PORTS}
        looks = []
        for number, half in enumerate(halves, 1):
            for place in range(0, len(half), chosen.together):
                fill(cluster.bootstrap, names.raw, half[place : place + chosen.together])
            wait_for(number * chosen.documents)
            looks.append(look(cluster, names, folder, processes))
    report(results, *looks)
    results.write(chosen.json)


def report(results: Results, first: Look, second: Look) -> None:
    """Print what the second half added, by document, record and entry."""
    entries = second.records[Role.LATEST].keys - first.records[Role.LATEST].keys
    revisions = second.records[Role.ENTRIES].count - first.records[Role.ENTRIES].count
    print(f"the second half: {revisions} revisions of {entries} new entries")
    for role, size in sorted(second.topics.items()):
        now, before = second.records[role], first.records[role]
        if added := now.count - before.count:
            results.add(f"{role}: a record on disk", (size - first.topics[role]) / added)
            results.add(f"{role}: a record unpacked", (now.size - before.size) / added)
            print(
                f"{role}: {added} records; {now.keys} keys, newest records are {now.newest / now.size:.0%} of the bytes"
            )
    for kind, size in second.files.items():
        results.add(f"{kind}: a revision", (size - first.files[kind]) / revisions)
    for name, size in second.memory.items():
        results.add(f"memory of {name}: an entry", (size - first.memory[name]) / entries)
        results.add(f"memory of {name}", size)
    results.print({"bytes": lambda name: f"{results.median(name):,.0f}"})


if __name__ == "__main__":
    main()
