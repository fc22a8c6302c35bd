"""Delay from a push to a committed entry, and from an HTTP push to SSE subscribers, at a steady rate.

python benchmarks/latency.py [--rate 200] [--seconds 10] [--subscribers 1000] [--rounds 3] [--json FOLDER]

Times are from the moment at which a push was due (a late start counts). In each round the broker alone is measured too,
with the same producer and consumer and no worker between: what the machine itself takes.
"""

import asyncio
import re
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import structlog
import uvloop
import yaml
from aiokafka import AIOKafkaConsumer, TopicPartition
from documents import POSTS, posts
from harness import OTHER, PARTITIONS, WORK, Results, kafka, on_core, options, percentile, topics
from processes import environment, running

from schemas import Document
from streams.ingest.producer import DocumentProducer
from streams.topology import Names

_COVERAGES = 20
_ENDING = 40.0  # seconds for the last ones; a worker that has just been started needs some for the first
# Of first revisions: a corroborated one names its old post again.
_POST_ID = re.compile(rb'"revision":1,"change":"created".*?"source_post_id":"([^"]+)"')
Push = Callable[[Document], Awaitable[Any]]


class Delays:
    """When each post was due, accepted, and seen."""

    def __init__(self) -> None:
        self.due: dict[bytes, float] = {}
        self.accepted: list[float] = []
        self.seen: list[float] = []
        self.posts: set[bytes] = set()

    def clear(self) -> None:
        """Forget all."""
        for kept in (self.due, self.accepted, self.seen, self.posts):
            kept.clear()

    def see(self, post: bytes) -> None:
        """Note that a post has come; what belongs to the warm-up is not ours."""
        due = self.due.get(post)
        if due is not None:
            self.seen.append((time.perf_counter() - due) * 1000)
            self.posts.add(post)


def new_posts(seed: int) -> Iterator[tuple[bytes, Document]]:
    """Yield posts that are all new, each with its id: every push must lead to one entry at least."""
    for document in posts(1_000_000, coverages=_COVERAGES, seed=seed):
        post = orjson.loads(document.body)
        post["id"] = name = f"p{seed}-{document.id}"
        yield name.encode(), document.model_copy(update={"body": orjson.dumps(post)})


async def push_steadily(push: Push, delays: Delays, rate: float, seconds: float, seed: int) -> None:
    """Push at the rate whatever the answers take."""
    found = new_posts(seed)
    ready = [next(found) for _ in range(int(rate * seconds))]
    began, tasks = time.perf_counter() + 0.2, []

    async def one(due: float, document: Document) -> None:
        await push(document)
        delays.accepted.append((time.perf_counter() - due) * 1000)

    for number, (name, document) in enumerate(ready):
        due = began + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        delays.due[name] = due
        tasks.append(asyncio.create_task(one(due, document)))
    await asyncio.gather(*tasks)
    deadline = time.monotonic() + _ENDING
    while len(delays.posts) < len(ready):
        await asyncio.sleep(0.02)
        if time.monotonic() > deadline:
            raise RuntimeError(f"{len(ready) - len(delays.posts)} of {len(ready)} posts were never seen")


@asynccontextmanager
async def reading(bootstrap: str, topic: str, see: Callable[[Any], None]) -> Any:
    """Hand each record to `see` as it comes, read committed."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, isolation_level="read_committed", enable_auto_commit=False,
                                auto_offset_reset="earliest")  # fmt: skip
    await consumer.start()
    consumer.assign([TopicPartition(topic, partition) for partition in range(PARTITIONS)])

    async def read() -> None:
        async for record in consumer:
            see(record)

    task = asyncio.create_task(read())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await consumer.stop()


async def through_kafka(bootstrap: str, names: Names, results: Results, chosen: Any, number: int) -> None:
    """Measure the broker alone, then with the worker between."""
    producer = DocumentProducer({"bootstrap_servers": bootstrap}, names.raw, log=structlog.get_logger())
    await producer.start()
    await asyncio.sleep(0.5)
    try:
        for what, topic in (("broker alone", names.raw), ("push to entry", names.entries)):
            delays = Delays()
            path = re.compile(rb'"id":"(p\d+-d\d+)"') if topic == names.raw else _POST_ID
            async with reading(bootstrap, topic, lambda r: [delays.see(name) for name in path.findall(r.value)[:1]]):  # noqa: B023
                seed = 1000 * number + len(what)
                await push_steadily(producer.send, delays, 20, 2, seed)  # a warm-up
                delays.clear()
                await push_steadily(producer.send, delays, chosen.rate, chosen.seconds, seed + 500)
            note(results, what, delays)
    finally:
        await producer.stop()


def note(results: Results, what: str, delays: Delays) -> None:
    """Take up a round's percentiles."""
    for share in (0.5, 0.99):
        results.add(f"{what}, p{share * 100:.0f} ms", percentile(delays.seen, share))
    results.add(f"{what}: accepted, p50 ms", percentile(delays.accepted, 0.5))


class Subscriber(asyncio.Protocol):
    """An SSE client that looks for the id of each post in what comes, and nothing else."""

    def __init__(self, coverage: str, see: Callable[[bytes], None], live: Callable[[], None]) -> None:
        self._coverage = coverage
        self._see = see
        self._live: Callable[[], None] | None = live
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the coverage's stream."""
        path = f"/v1/coverages/{self._coverage}/stream?duplicates=include"
        transport.write(f"GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n".encode())  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        """Take what is complete."""
        data = self._rest + data
        end = data.rfind(b"\n\n") + 2
        whole, self._rest = (data[:end], data[end:]) if end > 1 else (b"", data)
        if self._live is not None and b"event: live" in whole:
            self._live()
            self._live = None
        for found in _POST_ID.finditer(whole):
            self._see(found[1])


async def through_http(bootstrap: str, names: Names, results: Results, chosen: Any, number: int, folder: Path) -> None:
    """Measure HTTP push to SSE, with a gateway and a worker."""
    config, tokens = newsroom(folder)
    port = 20_000 + int(names.prefix[6:10], 16) % 20_000
    told = environment(bootstrap, names, config, LIVELINE_BIND=f"127.0.0.1:{port}",
                       LIVELINE_ARCHIVE=f"sqlite:///{folder}/archive-{number}.db", **tokens)  # fmt: skip
    delays, live = Delays(), 0

    def joined() -> None:
        nonlocal live
        live += 1

    with running("gateway", told, folder / "log", OTHER):
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            url = f"http://127.0.0.1:{port}"
            await ready(session, url)
            loop = asyncio.get_running_loop()
            transports = []
            for subscriber in range(chosen.subscribers):
                coverage = f"coverage-{subscriber % _COVERAGES}"
                made = Subscriber(coverage, delays.see, joined)
                transports.append((await loop.create_connection(lambda: made, "127.0.0.1", port))[0])  # noqa: B023
            while live < chosen.subscribers:  # noqa: ASYNC110
                await asyncio.sleep(0.05)

            async def push(document: Document) -> None:
                headers = {"Authorization": "Bearer bench", "Content-Type": POSTS}
                address = f"{url}/v1/sources/{document.source_id}/documents"
                async with session.post(address, data=document.body, headers=headers) as answer:
                    if answer.status != 202:
                        raise RuntimeError(await answer.text())

            await push_steadily(push, delays, chosen.rate, chosen.seconds, seed=1000 * number + 900)
            for transport in transports:
                transport.abort()
    note(results, "HTTP push to SSE", delays)
    results.add("deliveries", len(delays.seen))


async def ready(session: aiohttp.ClientSession, url: str) -> None:
    """Wait for the gateway."""
    async with asyncio.timeout(60):
        while True:
            try:
                async with session.get(f"{url}/readyz") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientConnectionError:
                pass
            await asyncio.sleep(0.1)


def newsroom(folder: Path) -> tuple[Path, dict[str, str]]:
    """Write the newsroom's file, and return it with the tokens."""
    coverages = [
        {"id": f"coverage-{n}", "sources": [{"id": f"source-{n}-{s}"} for s in "abc"]} for n in range(_COVERAGES)
    ]
    file = folder / "liveline.yaml"
    file.write_text(yaml.safe_dump({"coverages": coverages}))
    tokens = {f"LIVELINE_TOKEN_SOURCE_{n}_{s.upper()}": "bench" for n in range(_COVERAGES) for s in "abc"}
    return file, tokens


async def measure(bootstrap: str, results: Results, chosen: Any, folder: Path) -> None:
    """Run the rounds."""
    for number in range(1, chosen.rounds + 1):
        with topics(bootstrap) as names:
            config, tokens = newsroom(folder)
            with running("worker", environment(bootstrap, names, config, **tokens), folder / "log", WORK):
                await through_kafka(bootstrap, names, results, chosen, number)
                await through_http(bootstrap, names, results, chosen, number, folder)


def main() -> None:
    """Measure."""
    chosen = options(__doc__, rate=200, seconds=10, subscribers=1000)
    results = Results(
        "latency",
        f"{chosen.rate} posts/s in {_COVERAGES} coverages; {chosen.subscribers} subscribers, each of one coverage",
    )
    with (
        on_core(OTHER),
        kafka() as bootstrap,
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        runner.run(measure(bootstrap, results, chosen, Path(folder)))
    results.print(
        {
            "median": lambda name: f"{results.median(name):,.1f}",
            "best round": lambda name: f"{min(results.figures[name]):,.1f}",
        }
    )
    results.write(chosen.json)


if __name__ == "__main__":
    main()
