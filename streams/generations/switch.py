"""Another generation goes live, at one record on `liveline.control`; blocking.

Until that record stands, the old one is live; from then on the new one. In between the old one's partitions are
stopped, each by fencing, so that which documents it has processed is known to the offset.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import structlog

from streams.exceptions import BrokerError, LivelineError
from streams.generations.control import read_generations
from streams.generations.name import alerts_group_of, group_of
from streams.generations.pending import is_read
from streams.generations.place import entries_from
from streams.generations.record import LIVE_KEY, Live, Offsets
from streams.runtime.kafka.admin import Bounds, bounds_of, set_config
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.groups import committed_offsets, members_of
from streams.runtime.kafka.transactions import Transactions, fence
from streams.topology import GENERATION_ROLES, LIVE, TOPICS, Names

_FOLLOWING_SECONDS: Final = 20.0
_LOOK_SECONDS: Final = 0.1
_BEHIND_SECONDS: Final = 5.0
_SETTLED_SECONDS: Final = 5.0
"""Between two switches: every process that is awake has heard of the first one by then."""
GIVEN_UP_SECONDS: Final = 45.0
"""After so long a worker takes back a switch whose command was killed before its record."""

log = structlog.get_logger(__name__)

CatchUp = Callable[[Offsets], None]
"""Processes the new generation's documents up to, and without, these offsets."""


class SwitchRefusedError(LivelineError):
    """The generation is not ready to be live; the message says what it lacks."""


@dataclass(frozen=True, slots=True)
class Switch:
    """From the generation that is live to another one."""

    connection: KafkaConnection
    names: Names
    """As the new one sees them."""
    application: str
    rules: str
    """What workers' rules must be from then on."""
    catch_up: CatchUp | None
    """None: somebody follows, and does it."""
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    def run(self) -> Live:
        """Return the record that stands; raises `BrokerError` or `SwitchRefusedError`, and then the old one is live."""
        raw = self.names.raw
        with Transactions(self.connection, "switch", own_id=self.names.prefix) as control:
            live = read_generations(self.connection, self.names).live
            old = Names(self.names.prefix, live.generation)
            # 1. Whoever raises alerts looks again at what is told to where: below, the new generation may write behind
            #    the end of what it told when it was live the last time. Deliverers have had time to hear of that.
            self._settle(live)
            # 2. What can be done before is done before, so that the pause is short.
            if self.catch_up is not None:
                self.catch_up(_ends(self.connection, raw))
            # 3. Nobody takes a partition of the old one over any more. A kill from here to 7.: a worker takes this
            #    back after a while, and the old one goes on.
            stopped = live.stopped(self.now())
            self._write(control, stopped)
            try:
                record = self._over(live, old)
                # 7. The one record. A kill before: as in 3. After it: the new one is live.
                self._write(control, record)
            except BaseException:
                self._take_back(stopped)
                raise
        # 8. Retention as live's: twice is as good as once, so the same command after a kill does it.
        keep_as_live(self.connection, self.names)
        return record

    def _settle(self, live: Live) -> None:
        if live.at is not None:
            time.sleep(max(0.0, _SETTLED_SECONDS - max(0.0, (self.now() - live.at).total_seconds())))
        for partition in bounds_of(self.connection, self.names.raw):
            fence(self.connection, f"{alerts_group_of(self.application)}-{partition}")

    def _over(self, live: Live, old: Names) -> Live:
        raw = self.names.raw
        group = group_of(old, self.application)
        # 4. Who owns a partition of the old one can commit nothing more, and nobody can take it over.
        for partition in bounds_of(self.connection, raw):
            fence(self.connection, f"{group}-{partition}")
        # 5. So this is what the old one has processed, and what it has told.
        processed = self._processed(group)
        until = _ends(self.connection, old.entries)
        # 6. The new one gets there; what it has of later documents, nobody has been told yet.
        if self.catch_up is not None and not self._has(processed):
            self.catch_up(processed)
        self._wait_for(processed)
        begins = entries_from(self.connection, self.names.entries, processed)
        return live.switched(self.names.generation, self.rules, until, begins, self.now())

    def _processed(self, group: str) -> dict[int, int]:
        bounds = bounds_of(self.connection, self.names.raw)
        committed = committed_offsets(self.connection, group, self.names.raw, bounds)
        return {partition: committed.get(partition, bound.start) for partition, bound in bounds.items()}

    def _has(self, processed: Mapping[int, int]) -> bool:
        group = group_of(self.names, self.application)
        wanted = {partition: Bounds(0, offset) for partition, offset in processed.items()}
        return is_read(self.connection, group, self.names.raw, wanted)

    def _wait_for(self, processed: Mapping[int, int]) -> None:
        deadline = time.monotonic() + _FOLLOWING_SECONDS
        while not self._has(processed):
            if time.monotonic() > deadline:
                raise SwitchRefusedError(
                    f"{self.names.generation}: has not processed what {self.names.raw} holds within "
                    f"{_FOLLOWING_SECONDS:g} s; what was live goes on"
                )
            time.sleep(_LOOK_SECONDS)

    def _take_back(self, stopped: Live) -> None:
        try:
            take_back(self.connection, self.names, stopped)
        except BrokerError as error:  # a worker does it after a while
            log.warning("switch.not_taken_back", error=str(error))

    def _write(self, control: Transactions, live: Live) -> None:
        control.write(self.names.control, LIVE_KEY, live.to_json(), partition=0)
        control.commit()


def take_back(connection: KafkaConnection, names: Names, stopped: Live) -> None:
    """Let a generation go on that was stopped for a switch which did not come to be; raises `BrokerError`."""
    # Fenced, a command that was only stalled can't commit its record any more.
    with Transactions(connection, "switch", own_id=names.prefix) as control:
        live = read_generations(connection, names).live
        if live.stopping and live.at == stopped.at:
            log.warning("switch.taken_back", generation=live.generation)
            control.write(names.control, LIVE_KEY, live.resumed(datetime.now(UTC)).to_json(), partition=0)
            control.commit()


def change_rules(connection: KafkaConnection, names: Names, rules: str) -> Live:
    """Let the generation that is live go on by other rules; workers with the former ones stop."""
    with Transactions(connection, "switch", own_id=names.prefix) as control:
        live = read_generations(connection, names).live.with_rules(rules, datetime.now(UTC))
        control.write(names.control, LIVE_KEY, live.to_json(), partition=0)
        control.commit()
    return live


def keep_as_live(connection: KafkaConnection, names: Names) -> None:
    """Give a generation's topics the retention that live ones have."""
    if names.generation != LIVE:
        kept = {t.role: str(t.retention_ms) for t in TOPICS if t.role in GENERATION_ROLES and not t.compacted}
        set_config(connection, {names.of(role): {"retention.ms": value} for role, value in kept.items()})


def follows(connection: KafkaConnection, names: Names, application: str) -> bool:
    """Whether a process goes on with what comes for a generation."""
    found = read_generations(connection, names).others.get(names.generation)
    return found is not None and found.follows and bool(members_of(connection, group_of(names, application)))


def has_all(connection: KafkaConnection, names: Names, application: str, begins: Offsets) -> bool:
    """Whether a generation processes every document that there is now, from its beginning on, within some seconds.

    Where documents come all the while, who follows is always a moment behind.
    """
    wanted = {
        partition: Bounds(max(bound.start, begins.get(partition, 0)), bound.end)
        for partition, bound in bounds_of(connection, names.raw).items()
    }
    group, deadline = group_of(names, application), time.monotonic() + _BEHIND_SECONDS
    while not is_read(connection, group, names.raw, wanted):
        if time.monotonic() > deadline:
            return False
        time.sleep(_LOOK_SECONDS)
    return True


def _ends(connection: KafkaConnection, topic: str) -> dict[int, int]:
    return {partition: bound.end for partition, bound in bounds_of(connection, topic).items()}
