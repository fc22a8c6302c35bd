"""From settings to the sinks of alerts: their addresses checked, then what tells by them."""

import random
from collections.abc import Awaitable, Callable, Iterator, Mapping

import structlog

from streams.archive.state import State
from streams.exceptions import SettingsError
from streams.runtime.clock import Clock, system_clock
from streams.runtime.kafka.connection import KafkaConnection
from streams.settings import Settings
from streams.settings.variables import sink_variable
from streams.sinks.metrics import SinkMetrics
from streams.sinks.targets import AddressError, Target, target_of
from streams.sinks.teller import Teller, TellerConfig
from streams.topology import Names
from streams.webhooks.schedule import Schedule


def targets_of(settings: Settings) -> dict[str, Target]:
    """Return where each sink of `liveline.yaml` sends to; raises `SettingsError` with a line for each problem."""
    targets: dict[str, Target] = {}
    problems = list(_targets(settings, targets))
    if problems:
        raise SettingsError("\n".join(problems))
    return targets


def target_for(settings: Settings, sink: str) -> Target:
    """Return where one sink sends to, whatever the others say; raises `SettingsError`."""
    one = tuple(each for each in settings.newsroom.sinks if each.id == sink)
    newsroom = settings.newsroom.model_copy(update={"sinks": one})
    return targets_of(settings.model_copy(update={"newsroom": newsroom}))[sink]


def target_problems(settings: Settings) -> list[str]:
    """Return a line for each sink whose address is missing or wrong; an address is never in a line."""
    return list(_targets(settings, {}))


def _targets(settings: Settings, into: dict[str, Target]) -> Iterator[str]:
    for sink in settings.newsroom.sinks:
        name, address = sink_variable(sink.id), settings.sink_addresses.get(sink.id)
        if address is None:
            yield f"{name}: missing; sink {sink.id!r} of {settings.config} needs an Apprise URL, or print:"
            continue
        try:
            into[sink.id] = target_of(sink.id, address.get_secret_value())
        except AddressError as error:
            yield f"{name}: {error}"


def tellers_of(
    settings: Settings,
    connection: KafkaConnection,
    metrics: SinkMetrics,
    state: State,
    log_identity: Callable[[str], Awaitable[str | None]],
    targets: Mapping[str, Target],
    clock: Clock = system_clock,
) -> tuple[Teller, ...]:
    """Return what tells people of alerts; nothing without sinks."""
    if not targets:
        return ()
    config = TellerConfig(
        kafka=connection.aiokafka(),
        log_identity=log_identity,
        topic=Names(settings.topic_prefix).alerts,
        state=state,
        newsroom=settings.newsroom,
        targets=targets,
        schedule=Schedule(settings.alerts_send_schedule, random.random),
        timeout=settings.alerts_send_timeout,
        by_time=not settings.embedded,
        clock=clock,
        log=structlog.get_logger("liveline"),
    )
    return (Teller(config, metrics),)
