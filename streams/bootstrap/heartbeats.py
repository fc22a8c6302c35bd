"""What each kind of process tells of itself on `liveline.control`."""

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from streams.archive import ArchiveError
from streams.archive.database import read_url
from streams.archive.state import State, StateError
from streams.archive.state.failed_sinks import FailedSink, failed_sinks
from streams.distribution import installed_version
from streams.gateway.api.rest import rfc3339
from streams.gateway.delivery.hub import Hub
from streams.runtime.clock import Clock, system_clock
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.heartbeat import Heartbeat, Tell
from streams.runtime.worker import Worker
from streams.settings import Settings
from streams.topology import Names

_FAILED_SINCE: Final = timedelta(days=1)


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


def tell_sinks(state: State, clock: Clock = system_clock) -> Tell:
    """Return what tells at which sinks of alerts something has failed within a day."""

    async def tell() -> Mapping[str, Any]:
        try:
            failed = await asyncio.to_thread(failed_sinks, state, clock() - _FAILED_SINCE)
        except StateError:
            return {}  # the deliverer's log says so
        return {"failed_sinks": [_failed(each) for each in failed]}

    return tell


def _failed(sink: FailedSink) -> Mapping[str, Any]:
    told = {"sink": sink.sink, "failed": sink.count, "last_at": _written(sink.last_at), "error": sink.last_error}
    return told | ({"sent_at": _written(sink.sent_at)} if sink.sent_at else {})


def _written(time: datetime) -> str:
    return rfc3339(int(time.timestamp() * 1000))


def _reason(reason: str | None) -> dict[str, str]:
    return {"not_ready": reason} if reason is not None else {}
