"""Which sinks an alert revision comes to, by its rule's `to`."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from schemas.alert import Alert, AlertChange
from schemas.newsroom import Newsroom
from streams.alerts.cel import compile_alert_condition


@dataclass(frozen=True, slots=True)
class Routes:
    """The rules' sinks, each with its condition."""

    _to: Mapping[str, tuple[tuple[str, Callable[[Alert], bool]], ...]]
    _sinks: frozenset[str]

    @classmethod
    def of(cls, newsroom: Newsroom) -> "Routes":
        """Compile the conditions of all rules."""
        to = {
            rule.id: tuple((each.sink, compile_alert_condition(each.condition or "true")) for each in rule.to)
            for rule in newsroom.alerts
        }
        return cls(to, frozenset(sink.id for sink in newsroom.sinks))

    def sinks(self, alert: Alert, had: Collection[str] = ()) -> Iterator[str]:
        """Yield the sinks that are to be told, each once; what tells nobody comes to none.

        A withdrawal comes to those that `had` the alert, whatever the rule and its conditions say by now.
        """
        if not alert.notify:
            return
        if alert.change is AlertChange.WITHDRAWN:
            yield from sorted(self._sinks & set(had))
            return
        found = (sink for sink, holds in self._to.get(alert.rule_id, ()) if holds(alert))
        yield from dict.fromkeys(found)
