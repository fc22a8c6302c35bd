"""The entry of a coverage that is most like a new one, among those that share its rarest terms."""

from dataclasses import dataclass
from typing import Final, NamedTuple

from streams.dedupe.memory.coverage import CoverageMemory
from streams.dedupe.memory.remembered import Remembered
from streams.dedupe.notation.instant import span
from streams.stories.likeness import Likeness, Weighed, alike, at_most_alike
from streams.stories.story_thresholds import StoryThresholds
from streams.stories.terms import unpacked

_SEARCHED_TERMS: Final = 12
"""So many of an entry's weightiest terms find candidates."""
_COMMON_ENTRIES: Final = 32
"""A term that more entries have finds no candidates."""
_WEIGHT_STEPS: Final = 1_000
_CANDIDATES: Final = 3
"""So many of the likeliest are compared."""


class Nearest(NamedTuple):
    """An entry with how alike it is, and what the two share, the weightiest first."""

    known: Remembered
    likeness: float
    shared: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """A search for one entry, whose terms the memory has already."""

    layer: CoverageMemory
    entry: Remembered
    thresholds: StoryThresholds

    def nearest(self, *, explain: bool = False) -> tuple[Nearest | None, bool]:
        """Return the most alike entry, if any, and whether it is alike enough to be of its story.

        One that is not alike enough is only looked for to explain.
        """
        measure = Likeness(*self.layer.term_counts())
        own = measure.weighed(unpacked(self.entry.terms))
        best: Nearest | None = None
        enough = False
        for known in self._candidates(own, measure):
            terms, left = unpacked(known.terms), self._left_of(known)
            if not explain and at_most_alike(own, terms) * left < self.thresholds.joins:
                continue
            theirs = measure.weighed(terms)
            likeness = round(alike(own, theirs) * left, 4)
            fits = likeness >= self.thresholds.joins and self._fits_story(measure, own, known)
            if best is None or (fits, likeness) > (enough, best.likeness):
                best, enough = Nearest(known, likeness, _shared(own, theirs) if explain else ()), fits
        return best, enough

    def _candidates(self, own: Weighed, measure: Likeness) -> list[Remembered]:
        """Return the entries that share most of the weight, the likeliest first."""
        counts = measure.counts(list(own.weights))
        searched = sorted(
            [
                (-weight, term)
                for (term, weight), count in zip(own.weights.items(), counts, strict=True)
                if 1 < count <= _COMMON_ENTRIES
            ]
        )
        shared: dict[str, int] = {}
        for negative, term in searched[:_SEARCHED_TERMS]:
            weight = -int(negative * _WEIGHT_STEPS)  # whole numbers: their sum is the same in any order
            for owner in self.layer.having(term):
                shared[owner] = shared.get(owner, 0) + weight
        shared.pop(self.entry.entry_id, None)
        found: list[Remembered] = []
        for _, entry_id in sorted([(-weight, entry_id) for entry_id, weight in shared.items()]):
            known = self.layer.get(entry_id)
            if known is not None and known.standing and known.story:
                found.append(known)
                if len(found) == _CANDIDATES:
                    break
        return found

    def _fits_story(self, measure: Likeness, own: Weighed, known: Remembered) -> bool:
        """Whether an entry also resembles the first one of the story: else a story wanders from topic to topic."""
        first = self.layer.get(known.story)
        if first is None or not first.terms or known.story in {known.entry_id, self.entry.entry_id}:
            return True
        return alike(own, measure.weighed(unpacked(first.terms))) >= self.thresholds.fits

    def _left_of(self, known: Remembered) -> float:
        """Return what time leaves of a likeness."""
        apart = abs(_told(self.entry) - _told(known))
        return float(0.5 ** (apart / span(self.thresholds.half_life)))


def _shared(own: Weighed, theirs: Weighed) -> tuple[int, ...]:
    """Return the numbers of the terms that two entries share, the weightiest first."""
    a, b = own.weights, theirs.weights
    return tuple(sorted(a.keys() & b.keys(), key=lambda number: (-a[number] * b[number], number)))


def _told(known: Remembered) -> int:
    return known.received if known.first_published is None else known.first_published
