"""How alike two entries are: the cosine of their terms, each weighed by how few entries of the coverage have it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from math import log, sqrt
from typing import Final, NamedTuple

from streams.dedupe.memory.term_index import ABOUT_BITS
from streams.stories.terms import COMMON, WEIGHTS

_PRIOR_ENTRIES: Final = 50
"""A coverage begins as if it had these, so that no word is rare or frequent by its first entries alone."""
_PRIOR_COMMON: Final = 1.0
"""And as if so many of them had each common word; half as many any other."""
_PRIOR: Final = 0.5
_PRIOR_OTHERS: Final = 6
"""What most of a coverage's entries have, such as its name as every headline, says little from its sixth entry on."""
_ENOUGH_SHARED: Final = 3
"""Two entries that share fewer terms are less alike than their cosine."""
_DIGITS: Final = 6
"""Of a likeness, so that machines whose logarithms differ in the last place decide the same."""


class Weighed(NamedTuple):
    """An entry's terms, by number, each with its weight; and the sum of the weights' squares."""

    weights: dict[int, float]
    square: float


@dataclass(frozen=True, slots=True)
class Likeness:
    """The measure at one moment of a coverage: entries with terms, and how many have a certain one."""

    entries: int
    counts: Callable[[Sequence[int]], list[int]]
    _weights: dict[int, float] = field(default_factory=dict)
    """By how many have a term and what is said about it: logarithms are dear, and most terms are alike in that."""

    def weighed(self, terms: Sequence[int]) -> Weighed:
        """Return the weight of each term."""
        weights = {}
        numbers = [term & ~ABOUT_BITS for term in terms]
        for term, number, count in zip(terms, numbers, self.counts(numbers), strict=True):
            about = count << 3 | term & ABOUT_BITS
            weight = self._weights.get(about)
            if weight is None:
                weight = self._weights[about] = self._weight(count, about & ABOUT_BITS)
            weights[number] = weight
        return Weighed(weights, sum([weight * weight for weight in weights.values()]))

    def _weight(self, count: int, about: int) -> float:
        prior = _PRIOR_COMMON if about & COMMON else _PRIOR
        rarity = log((self.entries + _PRIOR_ENTRIES) / (count + prior))
        elsewhere = 1 - count / (self.entries + _PRIOR_OTHERS)
        return WEIGHTS[about] * rarity * sqrt(rarity) * elsewhere


def alike(a: Weighed, b: Weighed) -> float:
    """Return how alike two entries are by their weighed terms, 0 to 1."""
    shared = a.weights.keys() & b.weights.keys()
    if not shared or not a.square or not b.square:
        return 0.0
    dot = sum([a.weights[number] * b.weights[number] for number in sorted(shared)])
    return round(dot / sqrt(a.square * b.square) * min(1.0, len(shared) / _ENOUGH_SHARED), _DIGITS)


def at_most_alike(a: Weighed, terms: Iterable[int]) -> float:
    """Return what an entry with these terms can be alike at most, whatever they weigh: cheaper than weighing them."""
    weights = a.weights
    shared = [weights[number] for term in terms if (number := term & ~ABOUT_BITS) in weights]
    if not shared or not a.square:
        return 0.0
    return sqrt(sum([weight * weight for weight in shared]) / a.square) * min(1.0, len(shared) / _ENOUGH_SHARED)
