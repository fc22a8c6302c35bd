"""Edits of posts without an id: which known entry a post is a new version of, and which posts are new."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from rapidfuzz.distance import Indel

from streams.dedupe.identity.identity import Appearance
from streams.dedupe.thresholds import Thresholds

Find = Callable[[Appearance], Iterable[str]]
"""Known entries of the source that share the minute, the headline or the body."""

Likely = Callable[[str, Appearance], float]
"""How likely it is that a post is an edit of an entry (0 to 1); 0 if it is not."""

_RUN_LETTERS: Final = 4


def likeness(old: Appearance, new: Appearance, thresholds: Thresholds, *, vanished: bool = False) -> float:
    """Return how likely it is that `new` is an edit of `old` (0 to 1), 0 if it is not.

    `vanished`: the document is complete and no longer shows `old`, so weaker evidence is enough.
    """
    if old.kind != new.kind:
        return 0.0
    body = _alike(old.body, new.body)
    headline = _alike(old.headline, new.headline)
    if old.minute == new.minute:
        return _at_the_same_time(old, new, headline, body, thresholds)
    if old.body != new.body or not old.body:
        return 0.0
    if headline < 1 and len(old.body) < 3 * thresholds.moved_body_length:
        return 0.0
    long_enough = len(old.body) + len(old.headline) >= thresholds.moved_body_length
    return 0.4 + headline * 0.1 if long_enough or (vanished and headline == 1) else 0.0


def _at_the_same_time(old: Appearance, new: Appearance, headline: float, body: float, thresholds: Thresholds) -> float:
    if _adds_nothing(old) or _adds_nothing(new):
        return 0.5 + headline / 2 if headline >= thresholds.same_time_headline else 0.0
    held = _held(old.body, new.body)
    if held >= thresholds.same_time_held:
        same_headline = bool(old.headline) and headline >= thresholds.same_time_headline
        if body >= thresholds.same_time_body or (same_headline and body >= thresholds.same_headline_body):
            return 0.5 + body * 0.4 + headline * 0.1
    long_enough = min(len(old.body), len(new.body)) >= thresholds.moved_body_length
    return 0.7 if long_enough and held >= thresholds.same_time_grown else 0.0


def _held(a: str, b: str) -> float:
    """Return the share of the shorter text's four-letter runs that the longer text has.

    Any two texts of a language share nearly half of their letters in order, but hardly a run of four.
    """
    if min(len(a), len(b)) < 2 * _RUN_LETTERS:
        return 1.0
    runs_a, runs_b = _runs(a), _runs(b)
    return len(runs_a & runs_b) / min(len(runs_a), len(runs_b))


def _runs(text: str) -> set[str]:
    return {text[start : start + _RUN_LETTERS] for start in range(len(text) - _RUN_LETTERS + 1)}


def _adds_nothing(shown: Appearance) -> bool:
    """Whether the body is missing or only repeats the headline."""
    return not shown.body or shown.body in shown.headline


def _alike(a: str, b: str) -> float:
    return 1.0 if a == b else Indel.normalized_similarity(a, b)


def likeness_of_skeleton(
    old: tuple[int | None, int, int], new: Appearance, thresholds: Thresholds, *, vanished: bool
) -> float:
    """Return `likeness` for an entry of which only the hashes are kept, not the text."""
    minute, headline, body = new.hashed
    same_headline, same_body = bool(headline) and old[1] == headline, bool(body) and old[2] == body
    if old[0] == minute:
        if same_headline or same_body:
            return 0.8 if same_body else 0.6
        # Nobody adds a new post at an old minute of a quiet page: a post that replaces one there is its edit.
        return 0.3 if vanished and minute is not None else 0.0
    long_enough = len(new.body) >= (1 if old[1] == headline else 3) * thresholds.moved_body_length
    return 0.4 if same_body and long_enough else 0.0


def recognise(
    appearances: Sequence[tuple[int, Appearance]], find: Find, likely: Likely, taken: set[str]
) -> Mapping[int, str]:
    """Return the known entry of each post, by the post's index; new posts are left out.

    An entry can be one post of a document only, so the likeliest pairs are taken first. The document still shows the
    entries in `taken` unchanged, so no other post is an edit of them: two posts of the same minute stay two.
    """
    pairs = [
        (likely(candidate, shown), index, candidate)
        for index, shown in appearances
        for candidate in find(shown)
        if candidate not in taken
    ]
    found: dict[int, str] = {}
    used: set[str] = set()
    for certainty, index, candidate in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if certainty > 0 and index not in found and candidate not in used:
            found[index] = candidate
            used.add(candidate)
    return found
