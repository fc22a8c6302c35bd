"""A sink in a world of its own: a clock that jumps, attempts that fail, a deliverer that is killed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from schemas import Alert
from schemas.alert import Insistence
from schemas.alert_rule import Sink
from streams.archive.state import SinkStatus
from streams.sinks.plan import Planned, Sight, plan
from streams.sinks.rules import SinkRules
from streams.sinks.silence import Silence
from streams.sinks.waiting import GATHER, Waiting, gathers

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
RETRY = timedelta(seconds=5)
OPEN = {SinkStatus.PENDING, SinkStatus.SENDING, SinkStatus.QUIET, SinkStatus.DIGEST, SinkStatus.MOST}


def at(minutes: float) -> datetime:
    """Return a time, so many minutes after noon."""
    return NOON + timedelta(minutes=minutes)


def alert(name: str, revision: int = 1, change: str = "raised", minutes: float = 0, **fields: Any) -> Alert:
    """Return a revision of an alert."""
    return Alert.model_validate(
        {
            "alert_id": name, "revision": revision, "change": change, "notify": True, "rule_id": f"rule-{name}",
            "rule_version": "1", "coverage_id": "c", "subject": {"kind": "story", "id": f"story-{name}"},
            "at": at(minutes).isoformat(), "title": f"{name} {revision}", "reason": "because", "urgency": 3, **fields,
        }
    )  # fmt: skip


def entry(id_: str, revision: int = 1) -> dict[str, Any]:
    """Return an entry as an alert holds it."""
    return {
        "entry_id": id_, "revision": revision, "change": "created", "status": "usable", "coverage_id": "c",
        "source_id": "s", "received_at": NOON.isoformat(), "processed_at": NOON.isoformat(),
    }  # fmt: skip


@dataclass(frozen=True)
class Coming:
    """An alert revision that comes to the sink."""

    at: datetime
    alert: Alert
    insists: Insistence | None = None


@dataclass
class World:
    """What became of each revision, and the messages that were sent, each with its time."""

    rules: SinkRules
    silence: Callable[[datetime], Silence] = lambda _: Silence()
    works: Callable[[Planned], bool] = lambda _: True
    killed: Callable[[Planned], bool] = lambda _: False
    """Whether the deliverer ends between the sending of a message and the record of it."""
    now: datetime = NOON
    rows: dict[int, Waiting] = field(default_factory=dict)
    sent: list[tuple[datetime, tuple[str, ...]]] = field(default_factory=list)
    in_doubt: set[str] = field(default_factory=set)
    _counted: list[datetime] = field(default_factory=list)

    def run(self, comings: Iterable[Coming], *, until: datetime, one_by_one: bool = False) -> None:
        """Let alerts come, at once what comes at one time or one by one, and the clock go to a time."""
        for coming in sorted(comings, key=lambda each: each.at):
            self._go_to(coming.at)
            seq = len(self.rows)
            self.rows[seq] = Waiting(
                seq, coming.alert, gathers(coming.alert), SinkStatus.PENDING, coming.at + GATHER, coming.insists
            )
            if one_by_one:
                self._act()
        self._go_to(until)

    def status(self) -> dict[str, str]:
        """Return what became of each revision."""
        return {name(each): each.status.value for each in self.rows.values()}

    def messages(self) -> list[tuple[str, ...]]:
        """Return what was sent."""
        return [revisions for _, revisions in self.sent]

    def _go_to(self, to: datetime) -> None:
        while (look := self._act()) is not None and look <= to:
            self.now = max(self.now, look)
        self.now = max(self.now, to)

    def _act(self) -> datetime | None:
        """Do what is to be done now, until there is nothing more; return when to look again."""
        while True:
            found = plan(self._sight())
            for seq, status in found.over.items():
                self.rows[seq] = replace(self.rows[seq], status=status)
            for seq, (status, due) in found.held.items():
                self.rows[seq] = replace(self.rows[seq], status=status, due=due)
            if not found.messages and not found.over and not found.held:
                return self._look_at()
            for message in found.messages:
                self._send(message)

    def _look_at(self) -> datetime | None:
        """Return when something is to be done next, if nothing happens: all that is due now is done."""
        waits = (each.due for each in self.rows.values() if each.status in OPEN and each.status != SinkStatus.SENDING)
        return min((due for due in waits if due > self.now), default=None)

    def _sight(self) -> Sight:
        waiting = [each for each in self.rows.values() if each.status in OPEN]
        told = {each.alert.alert_id for each in self.rows.values() if each.attempt and each.status not in OPEN}
        return Sight(self.now, self.rules, waiting, told, self.silence(self.now), sorted(self._counted))

    def _send(self, message: Planned) -> None:
        works = self.works(message)
        if works:
            self.sent.append((self.now, tuple(name(each) for each in message.revisions)))
        killed = self.killed(message)
        if killed:
            self.in_doubt.add(message.id)
        if works and not killed:
            self._counted.append(self.now)
        for each in message.revisions:
            status = SinkStatus.SENT if works and not killed else SinkStatus.PENDING
            due = self.now if killed else self.now + RETRY
            self.rows[each.seq] = replace(
                self.rows[each.seq], status=status, due=due, attempt=each.attempt + 1, message=message.id
            )


def name(each: Waiting) -> str:
    """Return a revision's short name, such as `a2`."""
    return f"{each.alert.alert_id}{each.alert.revision}"


def rules(**given: Any) -> SinkRules:
    """Return a sink's rules as `liveline.yaml` would have them."""
    return SinkRules.of(Sink.model_validate({"id": "desk", **given}))
