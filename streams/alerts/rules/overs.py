"""When alerts are over: nothing matched for `over_after`."""

from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush, heapreplace

from streams.alerts.state import AlertState, RuleState


class Overs:
    """The alerts that stand, by the time at which they are over.

    A match makes that later without touching the heap: a time that comes too early is put right when it is looked at.
    """

    def __init__(self, state: RuleState, after: timedelta) -> None:
        self._state = state
        self._after = after
        self._number = 0
        self._heap: list[tuple[datetime, int, str]] = []
        for alert in state.alerts.values():
            self._heap.append(self._item(alert))
        heapify(self._heap)

    def add(self, alert: AlertState) -> None:
        """Take up a new alert."""
        heappush(self._heap, self._item(alert))

    def next(self) -> datetime | None:
        """Return when the next alert is over."""
        while self._heap:
            stored, number, alert_id = self._heap[0]
            alert = self._state.alerts.get(alert_id)
            if alert is None:
                heappop(self._heap)
            elif (over := self._over(alert)) != stored:
                heapreplace(self._heap, (over, number, alert_id))
            else:
                return stored
        return None

    def due(self, at: datetime) -> list[AlertState]:
        """Take out the alerts that are over by a time, those first that are over first."""
        found = []
        while (over := self.next()) is not None and over <= at:
            found.append(self._state.alerts[heappop(self._heap)[2]])
        return found

    def _item(self, alert: AlertState) -> tuple[datetime, int, str]:
        self._number += 1  # of two that are over at once, the older one ends first
        return self._over(alert), self._number, alert.alert_id

    def _over(self, alert: AlertState) -> datetime:
        return max(alert.last_match + self._after, alert.raised_at)
