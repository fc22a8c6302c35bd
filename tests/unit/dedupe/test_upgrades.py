"""Upgrades: what an older version wrote is read, what a newer one wrote is named, and better text is no news."""

from datetime import timedelta

import pytest
from newsdesk import NOON, Newsdesk, at, post, told

from streams.dedupe import Memory
from streams.dedupe.memory.record_version import RECORD_VERSION
from streams.exceptions import NewerMemoryError

FIRE = "Firefighters are tackling a blaze in a warehouse on the north quay, the harbour master said on Wednesday."


def test_a_newer_parser_makes_no_revisions() -> None:
    """The same pages, read better: nothing is published, and the next true edit is told from the better text."""
    desk = Newsdesk()
    desk.push(*(post(f"p{n}", f"Report{n}.Second sentence.", published_at=at("11:00")) for n in range(20)), parser=1)
    desk = desk.restart()
    better = [post(f"p{n}", f"Report {n}. Second sentence, told.", published_at=at("11:00")) for n in range(20)]

    assert desk.push(*better, parser=2) == []
    assert desk.restart().push(*better, parser=2) == []
    edit = post("p1", "Report 1. Second sentence, told.", headline="New", published_at=at("11:00"))
    (edited,) = desk.push(edit, parser=2)
    assert (edited.revision, edited.changed_fields) == (2, ("headline",))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"updated_at": at("11:10")}, {"updated_at": at("11:20")}),
        ({"version": "1"}, {"version": "2"}),
        ({}, {"updated_at": NOON + timedelta(minutes=5)}),
    ],
)
def test_a_true_edit_is_published_under_a_newer_parser(before: dict[str, object], after: dict[str, object]) -> None:
    """A newer update time or version is the source's word that it changed the post."""
    desk = Newsdesk()
    desk.push(post("p1", "Two crews.", published_at=at("11:00"), **before), parser=1)
    said = desk.push(
        post("p1", "Four crews.", published_at=at("11:00"), **after), parser=2, received=NOON + timedelta(hours=1)
    )

    assert told(said) == [("updated", 2, "Four crews.")]


def test_an_unchanged_post_is_seen_under_the_newer_parser() -> None:
    """What the new parser reads as the old one did is compared with that from then on: its first edit is published."""
    desk = Newsdesk()
    desk.push(post("p1", "Two crews."), parser=1)
    assert desk.push(post("p1", "Two crews."), parser=2) == []

    assert told(desk.restart().push(post("p1", "Four crews."), parser=2)) == [("updated", 2, "Four crews.")]


def test_posts_without_ids_keep_their_entries_under_a_newer_parser() -> None:
    """Their looks are taken over too."""
    desk = Newsdesk()
    desk.push(post(None, FIRE.replace(", the", ",the"), published_at=at("11:00")), snapshot=True, parser=1)
    assert desk.push(post(None, FIRE + " Read on.", published_at=at("11:00")), snapshot=True, parser=2) == []

    said = desk.push(post(None, FIRE + " It is out.", published_at=at("11:00")), snapshot=True, parser=2)
    assert [(d.change, d.revision) for d in said] == [("updated", 2)]


def test_a_deletion_counts_whatever_the_parser() -> None:
    """Only content is taken over silently."""
    desk = Newsdesk()
    desk.push(post("p1", "Two crews."), parser=1)
    (gone,) = desk.push(post("p1", status="canceled"), parser=2)

    assert (gone.change, gone.revision) == ("retracted", 2)


def test_reports_of_the_same_stay_together_over_an_upgrade() -> None:
    """That a parser reads one of them otherwise moves neither of them."""
    desk = Newsdesk()
    desk.push(post("p1", FIRE, published_at=at("11:00")), parser=1)
    desk.push(post("w1", FIRE, published_at=at("11:05")), source="wire", parser=1)

    assert desk.push(post("w1", "Another text.", published_at=at("11:05")), source="wire", parser=2) == []
    assert desk.push(post("p1", FIRE + " Read on.", published_at=at("11:00")), parser=2) == []


def test_a_skeleton_takes_the_newer_parsers_text_over() -> None:
    """A page that comes back after a quiet time and an upgrade says nothing."""
    desk = Newsdesk()
    desk.push(post("p1", "Two crews."), parser=1)
    desk.sweep(NOON + timedelta(days=3))

    assert desk.push(post("p1", "Two crews, said."), parser=2, received=NOON + timedelta(days=3)) == []
    assert told(desk.push(post("p1", "Four crews."), parser=2)) == [("updated", 2, "Four crews.")]


@pytest.mark.parametrize("key", [b"harbour-fire\0", b"harbour-fire\0#0", b"harbour-fire\0an-entry"])
def test_memory_of_a_newer_version_is_refused(key: bytes) -> None:
    """The error names the version and says what to do."""
    with pytest.raises(NewerMemoryError, match=rf"is {RECORD_VERSION + 1}, this Liveline knows {RECORD_VERSION}.*Run"):
        Memory().load(key, bytes((RECORD_VERSION + 1,)) + b"whatever")


def test_no_length_is_too_large_for_a_record() -> None:
    """An id, a version or an address of a megabyte is written and read like any other."""
    long = "1" * 1_000_000
    desk = Newsdesk()
    desk.push(post(long, "One", version=long, url=f"https://example.org/{long}"))
    desk = desk.restart()
    assert told(desk.push(post(long, "Two", version=long))) == [("updated", 2, "Two")]
    desk.sweep(NOON + timedelta(days=3))
    desk = desk.restart()

    assert told(desk.push(post(long, "Three", version=long), received=NOON + timedelta(days=3))) == [
        ("updated", 3, "Three")
    ]
