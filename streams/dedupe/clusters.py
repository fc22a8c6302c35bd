"""The same news from several sources: the first report lists the others, and each of them names the first.

A change of one entry may change others: a new report corroborates the first; an edit that contradicts splits; when a
first report is taken back, the next one takes its place. Each change of an entry is a revision of it. A skeleton, whose
text is no longer kept, can't be compared: it neither corroborates nor is corroborated.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Protocol

from schemas.entry import Change
from streams.dedupe.memory.coverage import CoverageMemory
from streams.dedupe.memory.remembered import Remembered, Report, unpack
from streams.dedupe.reason import Rule
from streams.dedupe.same_news.similarity import ComparedText, Verdict, compare
from streams.dedupe.thresholds import Thresholds


class Reports(Protocol):
    """The texts of entries; a protocol, so that a test can count how many are made."""

    def of(self, known: Remembered) -> ComparedText:
        """Return the entry's text."""


@dataclass(frozen=True, slots=True)
class Moved:
    """An entry that another entry's change puts in another place among the reports."""

    known: Remembered
    change: Change
    rule: Rule


@dataclass(slots=True)
class Clusters:
    """The reports that one entry's change affects; each change has its own."""

    layer: CoverageMemory
    texts: Reports
    thresholds: Thresholds
    search: bool = True
    """Whether to look for an earlier report of the same news."""
    closest: tuple[str, Verdict] | None = None
    """The most similar candidate, for explanations."""
    _moved: dict[str, Moved] = field(default_factory=dict)

    def relate(self, entry: Remembered) -> tuple[Remembered, list[Moved]]:
        """Return the entry in its place, and the other entries that move; each of them is published once."""
        entry = self._check_first(entry)
        entry = self._check_reports(entry)
        if self.search and entry.standing and entry.signature and not entry.duplicate_of and not entry.reports:
            entry = self._find_first(entry)
        moved = [replace(m, known=m.known._replace(revision=m.known.revision + 1)) for m in self._moved.values()]
        return entry, moved

    def _get(self, entry_id: str) -> Remembered | None:
        moved = self._moved.get(entry_id)
        return moved.known if moved else self.layer.get(entry_id)

    def _move(self, known: Remembered, change: Change, rule: Rule) -> None:
        self._moved[known.entry_id] = Moved(known, change, rule)

    def _compare(self, a: Remembered, b: Remembered) -> Verdict:
        return compare(self.texts.of(a), self.texts.of(b), self.thresholds)

    def _check_first(self, entry: Remembered) -> Remembered:
        """Keep a duplicate with its first report, or separate the two."""
        if not entry.duplicate_of:
            return entry
        first = self._get(entry.duplicate_of)
        if first and first.standing and entry.standing:
            if first.skeleton or entry.skeleton:
                return entry
            verdict = self._compare(first, entry)
            if verdict.same:
                self.closest = first.entry_id, verdict
                return entry._replace(similarity=verdict.similarity)
        if first and any(report.entry_id == entry.entry_id for report in first.reports):
            left = tuple(report for report in first.reports if report.entry_id != entry.entry_id)
            self._move(first._replace(reports=left), Change.UPDATED, Rule.SPLIT)
        return entry._replace(duplicate_of=None, similarity=0.0)

    def _check_reports(self, entry: Remembered) -> Remembered:
        """Keep the reports that still agree with the first one; the others are grouped again."""
        if not entry.reports:
            return entry
        stay: list[Report] = []
        leave: list[Remembered] = []
        for report in entry.reports:
            other = self._get(report.entry_id)
            if other is None or other.skeleton:
                continue
            if entry.standing and self._compare(entry, other).same:
                stay.append(report)
            else:
                leave.append(other)
        self._regroup(leave, Rule.SPLIT if entry.standing else Rule.PROMOTED)
        return entry._replace(reports=tuple(stay))

    def _regroup(self, left: Iterable[Remembered], rule: Rule) -> None:
        firsts: list[Remembered] = []
        for other in left:
            for place, first in enumerate(firsts):
                verdict = self._compare(first, other)
                if verdict.same and first.source_id != other.source_id:
                    firsts[place] = _with_report(first, other, verdict.similarity)
                    joined = other._replace(duplicate_of=first.entry_id, similarity=verdict.similarity)
                    self._move(joined, Change.UPDATED, rule)
                    break
            else:
                firsts.append(other._replace(duplicate_of=None, similarity=0.0))
        for first in firsts:
            self._move(first, Change.UPDATED, rule)

    def _find_first(self, entry: Remembered) -> Remembered:
        """Look for an earlier report of the same news by another source."""
        best: tuple[float, int, Remembered] | None = None
        for first in self._candidates(entry):
            verdict = self._compare(first, entry)
            if self.closest is None or _nearness(verdict) > _nearness(self.closest[1]):
                self.closest = first.entry_id, verdict
            if verdict.same and (best is None or (-verdict.similarity, first.place) < best[:2]):
                best = -verdict.similarity, first.place, first
        if best is None:
            return entry
        similarity, first = -best[0], best[2]
        self._move(_with_report(first, entry, similarity), Change.CORROBORATED, Rule.CORROBORATED)
        return entry._replace(duplicate_of=first.entry_id, similarity=similarity)

    def _candidates(self, entry: Remembered) -> list[Remembered]:
        """Return the first reports that share the most passages, by other sources, the likeliest first."""
        most = self.thresholds.candidates
        shared: dict[str, tuple[int, Remembered]] = {}
        last = 0
        for entry_id, count in self.layer.alike(entry.signature).most_common():
            if count != last and len(shared) >= most:
                break  # the others share fewer
            last = count
            known = self._get(entry_id)
            if known and known.duplicate_of:
                known = self._get(known.duplicate_of)
            if known and _may_be_first(known, entry):
                shared.setdefault(known.entry_id, (count, known))
        likeliest = sorted(shared.values(), key=lambda found: (-found[0], found[1].place))
        return [known for _, known in likeliest[:most]]


def _may_be_first(known: Remembered, entry: Remembered) -> bool:
    other = known.source_id != entry.source_id and known.entry_id != entry.entry_id
    return other and known.standing and not known.skeleton


def _nearness(verdict: Verdict) -> tuple[bool, bool, float]:
    return verdict.same, verdict.veto is not None, verdict.similarity


def _with_report(first: Remembered, other: Remembered, similarity: float) -> Remembered:
    report = Report(other.source_id, other.entry_id, unpack(other.content).url, other.published, similarity)
    return first._replace(reports=(*first.reports, report))
