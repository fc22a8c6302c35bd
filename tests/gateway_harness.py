"""A real gateway over a real Kafka for tests: topics of its own, a stand-in for the worker, SSE clients."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self
from uuid import NAMESPACE_URL, uuid4, uuid5

import aiohttp
import orjson
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from schemas import Change, Coverage, Entry, Newsroom, Source, Status
from streams.bootstrap.gateway_server import GatewayServer
from streams.client import sse
from streams.gateway.config import GatewayConfig
from streams.topology import MAX_MESSAGE_BYTES, Names

NEWSROOM = Newsroom(
    coverages=(
        Coverage(id="harbour-fire", title="Harbour fire", sources=(Source(id="evening-post"), Source(id="radio-quay"))),
        Coverage(id="election", title="Election night", sources=(Source(id="gazette"),)),
    )
)
TOKENS = {"evening-post": "token-of-the-post", "radio-quay": "token-of-the-quay", "gazette": "token-of-the-gazette"}
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


def an_entry(number: int, revision: int = 1, **fields: Any) -> Entry:
    """Return a revision; the same number is the same entry."""
    values: dict[str, Any] = {
        "entry_id": str(uuid5(NAMESPACE_URL, f"entry {number}")),
        "revision": revision,
        "change": Change.CREATED if revision == 1 else Change.UPDATED,
        "status": Status.USABLE,
        "coverage_id": "harbour-fire",
        "source_id": "evening-post",
        "published_at": NOON,
        "first_published_at": NOON,
        "received_at": NOON,
        "processed_at": NOON,
        "headline": f"Update {number}",
        "body_text": f"What happened at {number}, told for the {revision}. time.",
        "kind": "post",
    }
    return Entry.model_validate({**values, **fields})


def partition_of(entry: Entry, partitions: int) -> int:
    """Return a partition for its coverage, the same each time."""
    return sum(entry.coverage_id.encode()) % partitions


@dataclass
class Worker:
    """Writes entries as the worker does, in transactions, some of which are aborted."""

    bootstrap: str
    topic: str
    partitions: int
    producer: AIOKafkaProducer = field(init=False)

    async def __aenter__(self) -> Self:
        """Connect."""
        self.producer = AIOKafkaProducer(
            bootstrap_servers=self.bootstrap, transactional_id=f"test-{uuid4()}", max_request_size=MAX_MESSAGE_BYTES
        )
        await self.producer.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Disconnect."""
        await self.producer.stop()

    async def publish(self, entries: Sequence[Entry], *, abort: bool = False) -> None:
        """Write entries in one transaction; one that is aborted leaves its offsets behind as a gap."""
        await self.producer.begin_transaction()
        for entry in entries:
            await self.producer.send_and_wait(
                self.topic,
                entry.to_json(),
                key=entry.entry_id.encode(),
                partition=partition_of(entry, self.partitions),
            )
        await (self.producer.abort_transaction() if abort else self.producer.commit_transaction())


@dataclass(frozen=True)
class Event:
    """One event as a browser would have it."""

    event: str
    id: str
    data: str

    @property
    def json(self) -> Any:
        """The data, read."""
        return orjson.loads(self.data)

    @property
    def revision(self) -> tuple[str, int]:
        """Which revision an entry event is."""
        return self.json["entry_id"], self.json["revision"]


async def read_events(response: aiohttp.ClientResponse) -> AsyncIterator[Event]:
    """Read events as a browser does."""
    async for event in sse.read_events(response):
        yield Event(event.event, event.id, event.data)


@dataclass
class Bench:
    """A gateway, its worker and a client session."""

    bootstrap: str
    folder: Path
    partitions: int
    names: Names
    worker: Worker
    session: aiohttp.ClientSession
    options: dict[str, Any]
    identity: str = ""
    archive: str = ""
    """URL of the archive; a file in the folder by default."""
    server: GatewayServer = field(init=False)

    def config(self) -> GatewayConfig:
        """Return the gateway's configuration."""

        async def identity() -> str:
            return self.identity or self.names.prefix

        return GatewayConfig(
            kafka={"bootstrap_servers": self.bootstrap},
            log_identity=identity,
            archive=self.archive or f"sqlite:///{self.folder}/archive.db",
            names=self.names,
            newsroom=NEWSROOM,
            tokens=TOKENS,
            **{"port": 0, **self.options},
        )

    async def start(self) -> None:
        """Start a gateway, with the archive of the last one."""
        self.server = GatewayServer(self.config())
        await self.server.__aenter__()

    async def stop(self) -> None:
        """Stop it."""
        await self.server.__aexit__()

    async def ready(self) -> None:
        """Wait until the gateway is ready."""
        await self.until("/readyz", 200)

    async def until(self, path: str, status: int, seconds: float = 30) -> aiohttp.ClientResponse:
        """Ask until the answer has this status."""
        async with asyncio.timeout(seconds):
            while True:
                answer = await self.get(path)
                if answer.status == status:
                    return answer
                await asyncio.sleep(0.05)

    async def holds(self, entry: Entry) -> None:
        """Wait until the gateway has read a revision, and told those who are live."""
        async with asyncio.timeout(30):
            while True:
                answer = await self.get(f"/v1/entries/{entry.entry_id}")
                if answer.status == 200 and (await answer.json())["revision"] >= entry.revision:
                    break
                await asyncio.sleep(0.02)
        # A moment lies between the two. The archive's writer does one thing after the other, so this one, which prunes
        # nothing, comes after what was written, and after the hub heard of that.
        await self.server.hub.archive.prune(0)

    async def get(self, path: str, **options: Any) -> aiohttp.ClientResponse:
        """Get and read an answer."""
        async with self.session.get(self.server.url + path, **options) as response:
            await response.read()
            return response

    async def push(self, source: str, body: bytes, **headers: str) -> aiohttp.ClientResponse:
        """Push a document with the source's own token."""
        sent = {
            "Authorization": f"Bearer {TOKENS.get(source, '')}",
            "Content-Type": "application/vnd.liveline.post+json",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        url = f"{self.server.url}/v1/sources/{source}/documents"
        async with self.session.post(url, data=body, headers=sent) as response:
            await response.read()
            return response

    @asynccontextmanager
    async def stream(self, path: str = "/v1/stream", cursor: str | None = None) -> AsyncIterator[AsyncIterator[Event]]:
        """Open a stream and hand over its events."""
        headers = {"Last-Event-ID": cursor} if cursor else {}
        timeout = aiohttp.ClientTimeout(total=None)
        async with self.session.get(self.server.url + path, headers=headers, timeout=timeout) as response:
            assert response.status == 200, await response.text()
            yield read_events(response)


@asynccontextmanager
async def a_bench(bootstrap: str, folder: Path, *, partitions: int = 3, **options: Any) -> AsyncIterator[Bench]:
    """Make topics, start a gateway and a worker; end both."""
    names = Names(f"test-{uuid4().hex[:8]}.")
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics(
            [NewTopic(name, partitions, 1, topic_configs={"max.message.bytes": str(MAX_MESSAGE_BYTES)})
             for name in (names.raw, names.entries, names.alerts)]
        )  # fmt: skip
    finally:
        await admin.close()
    async with (
        Worker(bootstrap, names.entries, partitions) as worker,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session,
    ):
        bench = Bench(bootstrap, folder, partitions, names, worker, session, options)
        await bench.start()
        try:
            yield bench
        finally:
            await bench.stop()


async def until(events: AsyncIterator[Event], name: str, seconds: float = 20) -> list[Event]:
    """Return the events up to the first with this name."""
    found = []
    async with asyncio.timeout(seconds):
        async for event in events:
            found.append(event)
            if event.event == name:
                return found
    raise AssertionError(f"the stream ended before an event {name!r}: {found}")


async def take(events: AsyncIterator[Event], count: int, seconds: float = 20) -> list[Event]:
    """Return the next entry events."""
    found: list[Event] = []
    async with asyncio.timeout(seconds):
        while len(found) < count:
            event = await anext(events)
            if event.event == "entry":
                found.append(event)
    return found
