"""What each kind of process tells of itself on `liveline.control`."""

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from pathlib import Path
from typing import Any

from streams.archive import ArchiveError
from streams.archive.database import read_url
from streams.distribution import installed_version
from streams.gateway.api.rest import rfc3339
from streams.gateway.delivery.hub import Hub
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.heartbeat import Heartbeat, Tell
from streams.runtime.worker import Worker
from streams.settings import Settings
from streams.topology import Names


def beating(
    settings: Settings,
    connection: KafkaConnection,
    kind: str,
    *tells: Tell,
    watch: Callable[[], object] = lambda: None,
) -> AbstractAsyncContextManager[object]:
    """Return what writes heartbeats while it is entered; on the embedded broker nobody else could read them."""
    if settings.embedded:
        return nullcontext()

    async def tell() -> Mapping[str, Any]:
        told: dict[str, Any] = {}
        for each in tells:
            told |= await each()
        return told

    topic = Names(settings.topic_prefix).control
    return Heartbeat(connection.aiokafka(), topic, kind, installed_version(), tell, watch)


def at_work(worker: Worker) -> Mapping[str, Any]:
    """Return which partitions a worker has, and why it is not at work."""
    partitions = {host.identity.name: sorted(tp.partition for tp in host.ownership.partitions) for host in worker.hosts}
    return {"partitions": partitions, **_reason(worker.not_ready())}


def tell_worker(worker: Worker) -> Tell:
    """Return what tells how a worker is at work."""

    async def tell() -> Mapping[str, Any]:
        return at_work(worker)

    return tell


def tell_gateway(settings: Settings, hub: Hub) -> Tell:
    """Return what tells how far a gateway has read, how large its archive is, and when each source was heard."""
    url = read_url("LIVELINE_ARCHIVE", settings.archive)
    file = Path(url.database or "") if url.get_backend_name() == "sqlite" else None
    heard: dict[str, str] = {}
    again = 0.0

    async def sources() -> Mapping[str, str]:
        nonlocal heard, again
        if (began := time.monotonic()) >= again:
            heard = {each.source_id: rfc3339(each.received_at) for each in await hub.archive.sources()}
            # It looks at every entry: of a large archive's time a twentieth at most.
            again = time.monotonic() + 20 * (time.monotonic() - began)
        return heard

    async def tell() -> Mapping[str, Any]:
        told: dict[str, Any] = {"position": {str(each): place for each, place in hub.position.items()}}
        try:
            if file is not None:
                told["archive_bytes"] = (await asyncio.to_thread(file.stat)).st_size
            told["sources"] = await sources()
        except (OSError, ArchiveError):
            pass  # it is being built; `not_ready` says so
        return {**told, **_reason(hub.not_ready())}

    return tell


def _reason(reason: str | None) -> dict[str, str]:
    return {"not_ready": reason} if reason is not None else {}
