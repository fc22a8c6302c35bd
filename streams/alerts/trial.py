"""A dry run of rules: what they would have raised over entries of the past, counted a rule."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from schemas.alert import HeldBack
from streams.alerts.engine import Engine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from schemas.alert import Alert
    from schemas.alert_rule import AlertRule
    from schemas.entry import Entry
    from schemas.newsroom import Newsroom


@dataclass(slots=True)
class Tally:
    """What a rule raised."""

    told: int = 0
    held_back: Counter[HeldBack] = field(default_factory=Counter)
    hours: Counter[datetime] = field(default_factory=Counter)
    """How often it told, by the hour."""

    def add(self, alert: "Alert") -> None:
        """Count a revision."""
        if alert.held_back is not None:
            self.held_back[alert.held_back] += 1
        else:
            self.told += 1
            self.hours[alert.at.replace(minute=0, second=0, microsecond=0)] += 1

    @property
    def busiest(self) -> tuple[datetime, int] | None:
        """The hour in which it told most, the first of several."""
        return min(self.hours.items(), key=lambda hour: (-hour[1], hour[0]), default=None)


class Trial:
    """Rules over entries of the past; it ends at the latest entry's time."""

    def __init__(self, newsroom: "Newsroom", rules: "Iterable[AlertRule]", public_url: str | None = None) -> None:
        rules = tuple(rules)
        self.tallies = {rule.id: Tally() for rule in rules}
        self._engine = Engine(newsroom, rules, public_url=public_url)
        self._end: datetime | None = None

    @property
    def failures(self) -> Counter[str]:
        """How often each rule's conditions failed."""
        return self._engine.failures

    def see(self, entry: "Entry") -> "list[Alert]":
        """Return what a revision leads to."""
        self._end = max(self._end or entry.received_at, entry.received_at)
        return self._counted(self._engine.see(entry))

    def finish(self) -> "list[Alert]":
        """Return what was still due at the latest entry's time."""
        if self._end is None:
            return []
        end = self._end
        return self._counted([a for each in self._engine.memory.coverages() for a in self._engine.advance(each, end)])

    def near_misses(self, entry: "Entry") -> "Iterator[tuple[str, str]]":
        """Yield the rules that an entry missed by one part of the condition, with that part."""
        return self._engine.near_misses(entry)

    def _counted(self, alerts: "list[Alert]") -> "list[Alert]":
        for alert in alerts:
            self.tallies[alert.rule_id].add(alert)
        return alerts
