"""The agent "alerts": one partition's entries in, revisions of alerts and the rules' memory out, all or nothing.

The rules change their memory as they see an entry, so what is not committed is not known either: the partition starts
again, and its memory is loaded anew.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog
from faust.types import TP

from schemas.alert import Alert, Insistence
from schemas.entry import Entry
from schemas.envelope import alert_headers
from streams.agents.scope import ALL, Scope
from streams.alerts import Engine
from streams.record import Record
from streams.runtime.batch import Batch, RawRecord
from streams.runtime.clock import Clock, system_clock
from streams.runtime.ledger.ledger import Ledger, LedgerError, RecordRefusedError
from streams.runtime.limits import MOST_AHEAD, TransactionLimits
from streams.runtime.metrics import WorkerMetrics
from streams.runtime.partition.owned import OwnedPartition
from streams.runtime.partition.ownership import Ownership
from streams.topology import Names

log = structlog.get_logger(__name__)

ON_THE_WAY: Final = timedelta(seconds=2)
"""How far timers stay behind the clock: a document that was received before may still be on its way to this agent."""
_AGAIN: Final = timedelta(minutes=10)
"""After a timer that raised, until timers are looked at again."""


@dataclass
class AlertsAgent:
    """Lets the rules see a partition's entries, and time pass when nothing comes."""

    names: Names
    ownership: Ownership[Engine]
    metrics: WorkerMetrics
    clock: Clock = system_clock
    limits: TransactionLimits = field(default_factory=TransactionLimits)
    scope: Scope = ALL
    """Where another generation goes on telling."""
    _one_by_one: set[TP] = field(default_factory=set)
    _raised: dict[TP, int] = field(default_factory=dict)
    """The offset of an entry that, alone, made the rules or the ledger raise."""
    _passed_over: dict[TP, set[int]] = field(default_factory=dict)
    """Offsets of entries that did so twice."""
    _time_again: dict[TP, datetime] = field(default_factory=dict)

    async def process(self, batch: Batch) -> None:
        """Commit a batch in one or more transactions, or leave it to the partition's next start."""
        owned = self.ownership.partitions.get(batch.tp)
        if owned is None:  # revoked while the batch was on its way
            return
        async with owned.turn(batch) as ledger:
            if ledger is None:
                return
            most = 1 if batch.tp in self._one_by_one else self.limits.records
            for records in batch.split(most, self.limits.bytes):
                # A seek of a former epoch may have gone further back than what is committed by now.
                fresh = [record for record in records if self._is_due(owned, record)]
                if fresh and owned.still(batch):
                    await self._take(owned, ledger, fresh)
            self._one_by_one.discard(batch.tp)

    async def tick(self) -> None:
        """Raise and end what is due by the clock, where every entry that there is has been seen."""
        for owned in list(self.ownership.partitions.values()):
            if owned.idle and await owned.unread() == 0:
                async with owned.turn(None) as ledger:
                    if ledger is not None and await owned.unread() == 0:
                        await self._let_time_pass(owned, ledger)

    # -- entries

    def _is_due(self, owned: OwnedPartition[Engine], record: RawRecord) -> bool:
        return record.offset >= owned.position and self.scope.before_its_end(owned.tp.partition, record.offset)

    async def _take(self, owned: OwnedPartition[Engine], ledger: Ledger, records: Sequence[RawRecord]) -> None:
        try:
            alerts = [seen for record in records for seen in self._see(owned, record)]
            await self._commit(owned, ledger, alerts, records[-1].offset + 1)
        except Exception as error:
            if isinstance(error, RecordRefusedError) or not isinstance(error, LedgerError):
                self._single_out(owned.tp, records, error)
            raise

    def _see(self, owned: OwnedPartition[Engine], record: RawRecord) -> Iterator[tuple[Alert, str | None]]:
        if record.offset in self._passed_over.get(owned.tp, ()):
            return
        try:
            entry = Entry.from_json(record.value or b"")
        except ValueError as error:  # a record of others
            self._pass_over(owned.tp, record.offset, "unreadable", error)
            return
        trace = next((value for name, value in record.headers if name == "traceparent"), None)
        for alert in owned.memory.see(entry):
            yield alert, trace.decode(errors="replace") if trace else None

    def _single_out(self, tp: TP, records: Sequence[RawRecord], error: Exception) -> None:
        """Find the entry that can't be taken: alone at the next start, and passed over at the one after."""
        offset = records[0].offset
        if len(records) > 1:
            self._one_by_one.add(tp)
        elif self._raised.get(tp) == offset:
            self._passed_over.setdefault(tp, set()).add(offset)
            self._pass_over(tp, offset, "failed", error)
        else:  # once may be chance
            self._raised[tp] = offset
            self._one_by_one.add(tp)

    def _pass_over(self, tp: TP, offset: int, reason: str, error: Exception) -> None:
        self.metrics.entries_passed_over.labels(reason=reason).inc()
        log.error(
            "alerts.entry_passed_over", topic=tp.topic, partition=tp.partition, offset=offset, reason=reason,
            error=repr(error)[:500], exc_info=error if reason == "failed" else None,
        )  # fmt: skip

    # -- time

    async def _let_time_pass(self, owned: OwnedPartition[Engine], ledger: Ledger) -> None:
        now, engine = self.clock(), owned.memory
        to = now - ON_THE_WAY
        if now < self._time_again.get(owned.tp, now) or (due := engine.due()) is None or due > to:
            return
        try:
            passed = [alert for coverage in engine.memory.coverages() for alert in engine.advance(coverage, to)]
            await self._commit(owned, ledger, [(alert, None) for alert in passed], owned.position)
        except Exception as error:
            if isinstance(error, RecordRefusedError) or not isinstance(error, LedgerError):
                self._time_again[owned.tp] = now + _AGAIN
                log.exception("alerts.timers_failed", partition=owned.tp.partition, again_at=now + _AGAIN)
            raise

    # -- both

    async def _commit(
        self, owned: OwnedPartition[Engine], ledger: Ledger, alerts: Sequence[tuple[Alert, str | None]], offset: int
    ) -> None:
        engine = owned.memory
        insists = engine.insists
        records = [self._record(alert, trace, insists.get((alert.alert_id, alert.revision))) for alert, trace in alerts]
        records += [Record(self.names.alerts_memory, key, value) for key, value in engine.memory.changes()]
        with self.metrics.transaction_seconds.labels(agent="alerts").time():
            await ledger.commit(records, offset)
        owned.committed(offset)
        for alert, _ in alerts:
            self.metrics.alerts.labels(change=alert.change, held_back=alert.held_back or "").inc()
        for rule, count in engine.failures.items():
            self.metrics.rule_failures.labels(rule=rule).inc(count)
        engine.failures.clear()
        engine.insists.clear()

    def _record(self, alert: Alert, traceparent: str | None, insists: Insistence | None) -> Record:
        time = min(alert.at, self.clock() + MOST_AHEAD)
        return Record(
            self.names.alerts,
            alert.alert_id.encode(),
            alert.to_json(),
            alert_headers(alert, traceparent, insists),
            max(0, int(time.timestamp() * 1000)),
        )
