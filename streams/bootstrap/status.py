"""How a deployment stands, gathered from Kafka alone: no process is asked, so that it works when some are down."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import orjson

from streams.exceptions import BrokerError
from streams.replay.letter_shelf import LetterShelf
from streams.runtime.kafka.admin import Bounds, check_topics
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.groups import committed_offsets
from streams.runtime.kafka.heartbeat import KEY
from streams.runtime.kafka.read_until import ReadUntil
from streams.runtime.kafka.topic_plan import Plan
from streams.runtime.kafka.watermarks import watermarks_of
from streams.settings import Settings
from streams.topology import TOPICS, Names

_SILENT_BEATS: Final = 3
"""A process that has missed so many counts as gone."""
_LOST_SECONDS: Final = 3600.0
"""One that fell silent longer ago is listed, and no problem any more: its host may be gone for good."""
_SECONDS: Final = 15.0


@dataclass(slots=True)
class Status:
    """What `liveline status` prints; `problems` says what is wrong."""

    topics: list[dict[str, Any]] = field(default_factory=list)
    lag: list[dict[str, Any]] = field(default_factory=list)
    processes: list[dict[str, Any]] = field(default_factory=list)
    sources: list[dict[str, Any]] = field(default_factory=list)
    archives: list[dict[str, Any]] = field(default_factory=list)
    dead_letters: list[dict[str, Any]] = field(default_factory=list)
    """How many wait, by source and stage."""
    failed_sinks: list[dict[str, Any]] = field(default_factory=list)
    """Sinks of alerts at which something failed within a day, as the deliverers tell."""
    problems: list[str] = field(default_factory=list)


def gather(settings: Settings, connection: KafkaConnection, plan: Plan, now: datetime) -> Status:
    """Return the status; raises `BrokerError` if Kafka does not answer."""
    names, status = Names(settings.topic_prefix), Status()
    status.problems += [f"topic {problem}" for problem in check_topics(connection, plan)]
    bounds = _topics(connection, names, status)
    _processes(_beats(connection, names.control, bounds.get(names.control, {})), now, status)
    groups = [(settings.application, "entries", names.raw)]
    if settings.newsroom.alerts:
        groups.append((f"{settings.application}-alerts", "alerts", names.entries))
    for group, agent, topic in groups:
        _lag(connection, group, agent, topic, bounds.get(topic, {}), status)
    _archives(bounds.get(names.entries, {}), status)
    note_failed_sinks(status)
    _sources(settings, now, status)
    if {names.dead_letters, names.control} <= bounds.keys():
        shelf = LetterShelf(connection, names)
        shelf.refresh()
        status.dead_letters = [
            {"source": source, "stage": stage, "waiting": count}
            for (source, stage), count in shelf.waiting().most_common()
        ]
    return status


def _topics(connection: KafkaConnection, names: Names, status: Status) -> dict[str, Mapping[int, Bounds]]:
    found: dict[str, Mapping[int, Bounds]] = {}
    for topic in TOPICS:
        name = names.of(topic.role)
        try:
            found[name] = bounds = watermarks_of(connection, name)
        except BrokerError:
            if not status.problems:
                raise
            continue  # it is absent, and among the problems
        offsets = sum(bound.end - bound.start for bound in bounds.values())
        status.topics.append({"topic": name, "partitions": len(bounds), "offsets": offsets})
    return found


def _beats(connection: KafkaConnection, topic: str, bounds: Mapping[int, Bounds]) -> dict[str, dict[str, Any]]:
    """Return the newest heartbeat of each process that did not say that it stopped, by the record's key."""
    told: dict[str, dict[str, Any]] = {}
    with ReadUntil(connection, topic, bounds) as reading:
        while not reading.done:
            for message in reading.read():
                key, value = (message.key() or b"").decode(errors="replace"), message.value()
                if not key.startswith(KEY):
                    continue
                if value is None:
                    told.pop(key, None)
                else:
                    told[key] = orjson.loads(value)
    return told


def _processes(told: Mapping[str, dict[str, Any]], now: datetime, status: Status) -> None:
    for key, process in sorted(told.items(), key=lambda each: (each[1].get("kind", ""), each[0])):
        age = (now - datetime.fromisoformat(process["at"])).total_seconds()
        alive = age <= _SILENT_BEATS * process["every_seconds"]
        shown = {"id": key.removeprefix(KEY), **process, "age_seconds": round(age, 1), "alive": alive}
        status.processes.append(shown)
        where = f"{process['kind']} on {process['host']}, pid {process['pid']}"
        if not alive:
            if age <= _LOST_SECONDS and not _came_back(process, told.values()):
                status.problems.append(f"{where}: not heard for {age:,.0f} s, and it did not say that it stopped")
        elif reason := process.get("not_ready"):
            status.problems.append(f"{where}: not ready: {reason}")
    for kind in ("worker", "gateway"):
        if not any(each["alive"] and each["kind"] in (kind, "up") for each in status.processes):
            status.problems.append(f"no {kind} is alive")


def _came_back(gone: Mapping[str, Any], told: Iterable[Mapping[str, Any]]) -> bool:
    """Whether its host has started a process of its kind since it fell silent."""
    last = datetime.fromisoformat(gone["at"])
    return any(
        (each["kind"], each["host"]) == (gone["kind"], gone["host"]) and datetime.fromisoformat(each["since"]) > last
        for each in told
    )


def _lag(
    connection: KafkaConnection, group: str, agent: str, topic: str, bounds: Mapping[int, Bounds], status: Status
) -> None:
    owned = {
        partition
        for each in status.processes
        if each["alive"]
        for partition in each.get("partitions", {}).get(agent, ())
    }
    committed = committed_offsets(connection, group, topic, bounds)
    for partition, bound in bounds.items():
        behind = bound.end - max(bound.start, committed.get(partition, 0))
        status.lag.append({"group": group, "topic": topic, "partition": partition, "offsets": behind})
        if behind and partition not in owned:
            status.problems.append(f"{topic} partition {partition}: {behind:,} offsets wait, and no worker has it")


def _archives(entries: Mapping[int, Bounds], status: Status) -> None:
    for each in status.processes:
        if each["alive"] and "position" in each:
            position: Mapping[str, int] = each.pop("position")
            behind = sum(max(0, bound.end - position.get(str(number), 0)) for number, bound in entries.items())
            status.archives.append(
                {"host": each["host"], "pid": each["pid"], "bytes": each.get("archive_bytes"), "offsets_behind": behind}
            )


def note_failed_sinks(status: Status) -> None:
    """Take from the processes what deliverers tell of their sinks; one that nothing has reached since is a problem."""
    told = {}
    for each in status.processes:
        for sink in each.pop("failed_sinks", ()):
            told[sink["sink"]] = sink  # deliverers of one state database tell the same
    status.failed_sinks = [told[name] for name in sorted(told)]
    for sink in status.failed_sinks:
        if sink["last_at"] > sink.get("sent_at", ""):
            status.problems.append(f"sink {sink['sink']}: nothing has reached it since it failed: {sink['error']}")


def _sources(settings: Settings, now: datetime, status: Status) -> None:
    heard: dict[str, str] = {}
    for each in status.processes:
        for source, time in each.pop("sources", {}).items():
            heard[source] = max(time, heard.get(source, ""))
    configured: Sequence[tuple[str, str]] = [
        (coverage.id, source.id) for coverage in settings.newsroom.coverages for source in coverage.sources
    ]
    for coverage, source in configured:
        time = heard.get(source)
        age = {"age_seconds": round((now - datetime.fromisoformat(time)).total_seconds())} if time else {}
        status.sources.append({"id": source, "coverage": coverage, **({"received_at": time} if time else {}), **age})
