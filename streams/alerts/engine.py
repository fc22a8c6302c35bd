"""The engine: revisions of entries in, revisions of alerts and changes of memory out.

A coverage's rules see its entries in the log's order. Its time is that of the documents: it never goes back, and a
timer that is due by a document's time fires before the document, however the entries were batched.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from streams.alerts.adopt import adopt
from streams.alerts.cel import OnlyId, Reading
from streams.alerts.compiled import CompiledRule
from streams.alerts.memory import CoverageClock, Memory
from streams.alerts.revise import Scene
from streams.alerts.rules import Kind, Seen, kind_of

if TYPE_CHECKING:
    from schemas.alert import Alert, Insistence
    from schemas.alert_rule import AlertRule
    from schemas.entry import Entry
    from schemas.newsroom import Coverage, Newsroom, Source


@dataclass(slots=True)
class _Watch:
    """A coverage with the rules that watch it."""

    clock: CoverageClock
    coverage: "Coverage | OnlyId"
    kinds: list[tuple[Scene, Kind]]
    due: datetime | None = None
    """When the next timer of any rule is due."""
    dues: list[datetime | None] = field(default_factory=list)

    def look_at_timers(self, numbers: Iterable[int]) -> None:
        """Ask rules for their next timer."""
        for number in numbers:
            self.dues[number] = self.kinds[number][1].due()
        self.due = min((due for due in self.dues if due is not None), default=None)


class Engine:
    """All rules of a newsroom over all coverages of a partition."""

    def __init__(
        self,
        newsroom: "Newsroom",
        rules: "Iterable[AlertRule] | None" = None,
        *,
        public_url: str | None = None,
        memory: Memory | None = None,
    ) -> None:
        self._coverages: dict[str, Coverage] = {coverage.id: coverage for coverage in newsroom.coverages}
        self._sources: dict[str, Source] = {source.id: source for source in newsroom.all_sources()}
        self._rules = [CompiledRule.of(rule) for rule in (newsroom.alerts if rules is None else rules)]
        self.public_url = public_url
        self._watches: dict[str, _Watch] = {}
        self.memory = memory or Memory()
        self.failures: Counter[str] = Counter()
        """How often each rule's conditions failed; the entry was no match then."""
        self.insists: dict[tuple[str, int], Insistence] = {}
        """Of alert and revision: why it is told although the alert was acknowledged or muted."""

    def by(self, newsroom: "Newsroom") -> "Engine":
        """Return the engine of another newsroom over the same memory, which is all written down.

        It goes on as one that starts with that newsroom: a rule that is as it was keeps what it knows, one that changed
        raises nothing for causes already told, and one that is gone stays remembered in case it comes back.
        """
        return Engine(newsroom, public_url=self.public_url, memory=self.memory)

    def see(self, entry: "Entry") -> "list[Alert]":
        """Return what a revision of an entry leads to, after what was due by its time."""
        watch = self._watch(entry.coverage_id)
        clock = watch.clock
        at = entry.received_at if clock.now is None else max(clock.now, entry.received_at)
        alerts = self._advance(watch, at)
        clock.see(entry, at)
        reading = Reading(entry, watch.coverage, self._sources.get(entry.source_id) or OnlyId(entry.source_id))
        seen = Seen(entry, at, clock.age(entry), reading, clock.began or at)
        moved = []
        for number, (scene, kind) in enumerate(watch.kinds):
            kind.see(seen)
            if scene.failures:
                self.failures[scene.compiled.rule.id] += len(scene.failures)
                scene.failures.clear()
            if scene.state.changed:
                moved.append(number)
                alerts += self._taken(scene)
        if moved:
            watch.look_at_timers(moved)
        return alerts

    def advance(self, coverage_id: str, to: datetime) -> "list[Alert]":
        """Return what is due in a coverage up to a time."""
        watch = self._watch(coverage_id)
        if watch.clock.now is None:
            return []
        return self._advance(watch, to)

    def due(self) -> datetime | None:
        """Return when the next timer of any coverage is due."""
        dues = (self._watch(coverage).due for coverage in self.memory.coverages())
        return min((due for due in dues if due is not None), default=None)

    def near_misses(self, entry: "Entry") -> "Iterator[tuple[str, str]]":
        """Yield the rules that an entry missed by one part of several of the condition, with that part."""
        if entry.duplicate_of is not None:
            return
        coverage = self._coverages.get(entry.coverage_id) or OnlyId(entry.coverage_id)
        reading = Reading(entry, coverage, self._sources.get(entry.source_id) or OnlyId(entry.source_id))
        for compiled in self._rules:
            when = compiled.when
            if when is None or entry.change not in compiled.rule.on or not compiled.watches(entry.coverage_id):
                continue
            missed = when.missed(reading) if len(when.parts) > 1 else []
            if len(missed) == 1:
                yield compiled.rule.id, missed[0]

    def _advance(self, watch: _Watch, to: datetime) -> "list[Alert]":
        alerts: list[Alert] = []
        while watch.due is not None and watch.due <= to:
            at = watch.due
            fired = [number for number, due in enumerate(watch.dues) if due == at]
            for number in fired:
                scene, kind = watch.kinds[number]
                kind.fire(at)
                alerts += self._taken(scene)
            watch.clock.advance(at)
            watch.look_at_timers(fired)
        return alerts

    @staticmethod
    def _taken(scene: Scene) -> "list[Alert]":
        taken, scene.out = scene.out, []
        scene.state.changed = False
        scene.state.unwritten = True
        return taken

    def _watch(self, coverage_id: str) -> _Watch:
        if (watch := self._watches.get(coverage_id)) is None:
            coverage = self._coverages.get(coverage_id) or OnlyId(coverage_id)
            kinds = []
            for compiled in self._rules:
                if compiled.watches(coverage_id):
                    state = self.memory.rule(coverage_id, compiled.rule.id)
                    scene = Scene(compiled, coverage, self._sources, state, self.public_url, insists=self.insists)
                    adopt(scene)
                    kinds.append((scene, kind_of(scene)))
            watch = _Watch(self.memory.clock(coverage_id), coverage, kinds, dues=[None] * len(kinds))
            watch.look_at_timers(range(len(kinds)))
            self._watches[coverage_id] = watch
        return watch
