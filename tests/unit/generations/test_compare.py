"""Two generations compared by their newest revisions."""

from collections import Counter
from typing import Any

import pytest

from streams.generations.compare import Comparison, Kind, Newest, Reach, changes, counted

ALL = Reach({}, {0: 100})


def entry(offset: int | None = 5, **fields: Any) -> dict[str, Any]:
    """Return as much of an Entry as a comparison looks at."""
    origin = {} if offset is None else {"origin": {"topic": "liveline.raw", "partition": 0, "offset": offset}}
    told = {"status": "usable", "coverage_id": "fire", "change": "created", "content_hash": "a"}
    return {**told, "received_at": "2026-05-01T12:00:00Z", **origin, **fields}


def kind(live: dict[str, Any] | None, other: dict[str, Any] | None, live_reach: Reach, other_reach: Reach) -> Kind:
    """Return how one entry differs."""
    return Comparison(
        {} if live is None else {"e": Newest.of(live)},
        {} if other is None else {"e": Newest.of(other)},
        live_reach,
        other_reach,
    ).kind("e")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, Kind.SAME),
        ({"revision": 7, "processed_at": "2026-05-02T12:00:00Z", "enriched_by": "x", "offset": 9}, Kind.SAME),
        ({"content_hash": "b", "urgency": 1}, Kind.CONTENT),
        ({"coverage_id": "flood"}, Kind.CONTENT),
        ({"status": "canceled", "content_hash": None}, Kind.CONTENT),
        ({"urgency": 1}, Kind.ENRICHMENT),
        ({"places": [{"name": "Quayside"}]}, Kind.ENRICHMENT),
    ],
)
def test_content_goes_before_enrichment_and_numbers_do_not_count(change: dict[str, Any], expected: Kind) -> None:
    """An entry counts once; by which revision and when it was made is no difference."""
    assert kind(entry(), entry(**change), ALL, ALL) is expected


def test_of_two_that_are_gone_nothing_differs() -> None:
    """What is retracted has no content."""
    gone = entry(status="canceled", content_hash=None)

    assert kind(gone, {**gone, "urgency": 3}, ALL, ALL) is Kind.SAME


def test_an_entry_of_one_only_counts_where_the_other_has_its_documents() -> None:
    """Before its beginning, before its first time, or not processed yet: not compared."""
    later = Reach({0: 6}, {0: 100})
    since = Reach({}, {0: 100}, Newest.of(entry(received_at="2026-05-01T12:00:01Z")).received_at)

    assert kind(entry(5), None, ALL, ALL) is Kind.ONLY_LIVE
    assert kind(None, entry(5), ALL, ALL) is Kind.ONLY_OTHER
    assert kind(entry(5), None, ALL, later) is Kind.NOT_COMPARED
    assert kind(entry(6), None, ALL, later) is Kind.ONLY_LIVE
    assert kind(entry(5), None, ALL, since) is Kind.NOT_COMPARED
    assert kind(entry(5), None, ALL, Reach({}, {0: 5})) is Kind.NOT_COMPARED
    assert kind(None, entry(5), Reach({}, {}), ALL) is Kind.NOT_COMPARED
    assert kind(entry(None), None, ALL, later) is Kind.ONLY_LIVE


def test_what_others_made_of_an_old_entry_is_no_document_of_it() -> None:
    """Corroborated or retracted within, but first seen before: the other can't know it."""
    later = Reach({0: 3}, {0: 100})

    for change in ({"change": "corroborated"}, {"status": "canceled", "change": "retracted"}):
        assert kind(entry(5, **change), None, ALL, later) is Kind.NOT_COMPARED
        assert kind(entry(5, **change), None, ALL, ALL) is Kind.ONLY_LIVE


def test_an_entry_of_both_is_compared_although_its_document_is_older() -> None:
    """A page that still shows it made it in the other; but not when either has yet to see the newest document."""
    assert kind(entry(1), entry(9), ALL, Reach({0: 6}, {0: 100})) is Kind.SAME
    assert kind(entry(50, content_hash="b"), entry(9), ALL, Reach({}, {0: 20})) is Kind.NOT_COMPARED
    assert kind(entry(9), entry(50, content_hash="b"), Reach({}, {0: 20}), ALL) is Kind.NOT_COMPARED


def test_clusters_are_compared_by_the_entries_that_are() -> None:
    """Another report that is not in the other's documents makes no difference."""
    first = Newest.of(entry(5, sources=[{"source_id": "wire", "entry_id": "old"}]))
    alone, copy = Newest.of(entry(5)), Newest.of(entry(7, duplicate_of="e"))
    old, apart = Newest.of(entry(1)), Newest.of(entry(7))
    later = Reach({0: 3}, {0: 100})

    assert Comparison({"e": first, "old": old}, {"e": alone}, ALL, later).kind("e") is Kind.SAME
    assert Comparison({"e": first, "old": old}, {"e": alone, "old": old}, ALL, later).kind("e") is Kind.CLUSTERS
    assert Comparison({"e": alone, "c": copy}, {"e": alone, "c": apart}, ALL, ALL).kind("c") is Kind.CLUSTERS


def test_every_entry_is_counted_once_under_the_generations_name() -> None:
    """The counts' names are the contract's."""
    live = {"a": Newest.of(entry()), "b": Newest.of(entry())}
    other = {"b": Newest.of(entry()), "c": Newest.of(entry())}

    counts = counted(Counter(kind for _, kind in Comparison(live, other, ALL, ALL).kinds()), "week")

    assert counts == {
        "only_live": 1, "only_week": 1, "content": 0, "clusters": 0, "enrichment": 0, "same": 1, "not_compared": 0,
    }  # fmt: skip


def test_changes_name_the_fields_with_both_values() -> None:
    """An absent one is None."""
    assert changes(entry(headline="A", urgency=3), entry(headline="B")) == {
        "headline": ("A", "B"),
        "urgency": (3, None),
    }
