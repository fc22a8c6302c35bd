"""What a rule would have raised over the last day: the rules' own engine over the archive."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from schemas.alert import Alert
from schemas.alert_rule import AlertRule
from schemas.entry import Entry
from schemas.newsroom import Newsroom
from streams.alerts.trial import Tally, Trial
from streams.archive import Archive
from streams.gateway.auth.access import Access
from streams.gateway.delivery.access import limited
from streams.gateway.delivery.filters import Filter

DAY: Final = timedelta(days=1)
MOST_ENTRIES: Final = 5_000
"""Revisions that a dry run looks at; it runs beside those who are live."""
_PAGE: Final = 500
_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class DryRun:
    """What came out."""

    tally: Tally
    told: Sequence[Alert]
    """What would have been told, newest first; the newest of them."""
    failures: int
    """How often the condition failed."""
    entries: int
    whole: bool
    """Whether it saw all of the day; otherwise the day had more, and it saw the first ones."""


@dataclass(slots=True)
class DryRuns:
    """Runs one dry run at a time, for all requests."""

    newsroom: Newsroom
    _turn: asyncio.Lock

    async def run(self, rule: AlertRule, archive: Archive, access: Access, now: datetime) -> DryRun:
        """Return what a rule would have raised over the entries of the last day that may be read."""
        async with self._turn:
            values, whole = await _values(archive, access, now)
            return await asyncio.to_thread(_tried, self.newsroom, rule, values, whole)


async def _values(archive: Archive, access: Access, now: datetime) -> tuple[Sequence[bytes], bool]:
    """Return revisions as they stand in the archive, in its order, and whether these are all of the day."""
    wanted = limited(Filter(coverages=access.coverages, duplicates=True), access)
    since = int((now - DAY).timestamp() * 1000)
    place, _ = await archive.since(since)
    position = dict(place)
    values: list[bytes] = []
    following: int | None = None
    while True:
        page = await archive.after(position, wanted, following, _PAGE)
        values += [revision.value for revision in page.revisions if revision.timestamp >= since]
        if len(values) >= MOST_ENTRIES:
            return values[:MOST_ENTRIES], page.next is None and len(values) <= MOST_ENTRIES
        if page.next is None:
            return values, True
        position.update(page.position)
        following = page.next


def _tried(newsroom: Newsroom, rule: AlertRule, values: Sequence[bytes], whole: bool) -> DryRun:  # noqa: FBT001
    trial = Trial(newsroom, [rule])
    entries = []
    for value in values:
        try:
            entries.append(Entry.from_json(value))
        except ValueError:  # of a newer worker; what this gateway can't read, it can't judge
            continue
    raised = [alert for entry in sorted(entries, key=lambda each: each.received_at) for alert in trial.see(entry)]
    raised += trial.finish()
    told = [alert for alert in raised if alert.notify]
    return DryRun(trial.tallies[rule.id], told[::-1][:_SHOWN], trial.failures[rule.id], len(entries), whole)
