"""How urgent an update is, and why."""

from collections.abc import Callable
from typing import Any

import pytest

from schemas.entry import Bound, Entry, Figure, FigureKind
from schemas.newsroom import Coverage
from streams.enrich.urgency import find_urgency

COVERAGE = Coverage(id="harbour-fire")


def dead(value: int, bound: Bound | None = None) -> Figure:
    """Return a figure of dead people."""
    return Figure(kind=FigureKind.DEAD, value=value, bound=bound, text=str(value), start=0, end=1)


@pytest.mark.parametrize(
    ("fields", "urgency", "reason"),
    [
        ({"headline": "Fire", "breaking": True}, 1, "breaking: marked by the source"),
        ({"headline": "BREAKING: quay burns"}, 2, "breaking: BREAKING"),
        ({"headline": "Eilmeldung: Kai brennt"}, 2, "breaking: Eilmeldung"),
        ({"body_text": "Quay burns", "figures": (dead(12),)}, 2, "figure: dead 12"),
        ({"body_text": "Quay burns", "figures": (dead(2, Bound.LEAST),)}, 3, "figure: dead least 2"),
        ({"body_text": "Quay burns", "figures": (dead(2, Bound.MOST),)}, 5, "nothing speaks for more"),
        ({"headline": "Explosion at the quay"}, 3, "word: explosion"),
        ({"headline": "Quay open", "key_event": True}, 3, "key event: marked by the source"),
        ({"body_text": "HARBOUR MASTER SAYS QUAY TO STAY SHUT"}, 3, "capitals: an agency's snap"),
        ({"headline": "Quay open", "body_text": "An explosion shut it last year."}, 5, "nothing speaks for more"),
        ({"headline": "Explosion: what we know", "kind": "summary"}, 6, "kind: summary"),
        ({"headline": "I heard an explosion", "kind": "comment"}, 8, "kind: comment"),
    ],
)
def test_the_strongest_sign_decides_and_is_named(
    entry: Callable[..., Entry], fields: dict[str, Any], urgency: int, reason: str
) -> None:
    """The source's marks, figures, words of alarm where an update says what it is about."""
    found = find_urgency(entry(**fields), COVERAGE)

    assert (found.urgency, found.urgency_reason) == (urgency, reason)


def test_the_sources_own_urgency_stays_and_has_no_reason(entry: Callable[..., Entry]) -> None:
    """An editor knew better."""
    found = find_urgency(entry(headline="BREAKING: quay burns", urgency=4), COVERAGE)

    assert (found.urgency, found.urgency_reason) == (None, None)


def test_an_entry_without_text_has_no_urgency(entry: Callable[..., Entry]) -> None:
    """A picture alone says nothing."""
    assert find_urgency(entry(), COVERAGE).urgency is None
