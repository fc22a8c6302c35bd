"""Skeletons: what is left of a quiet coverage's entries, in few bytes and found again."""

import gc
import tracemalloc
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from newsdesk import NOON, Newsdesk, post

from schemas import Coverage, Document, Source
from streams.dedupe import Memory
from streams.dedupe.identity.identity import entry_id
from streams.dedupe.memory.ages import Ages
from streams.dedupe.memory.remembered import UNHASHED, Remembered, State
from streams.dedupe.memory.skeletons import CHUNK_ROWS, Skeletons

_TIMES = st.none() | st.integers(-(10**17), 10**17)
_HASHES = st.binary(min_size=8, max_size=8).filter(any) | st.just(b"")
_NUMBER = st.integers(0, 2**48 - 1)
_FIELDS = st.fixed_dictionaries(
    {
        "entry_id": st.integers(0, 60).map(lambda number: entry_id("post", str(number))),
        "source_id": st.sampled_from(["post", "wire", "echo"]),
        "post_id": st.none(),
        "place": st.integers(0, 10**6),
        "revision": st.integers(1, 10**6),
        "state": st.sampled_from([State.USABLE, State.CANCELED, State.WITHHELD]),
        "fingerprint": _HASHES,
        "hash": st.just(UNHASHED),
        "received": st.just(7),
        "version": st.none() | st.sampled_from(["1", "v2.3", "20240501120000"]),
        "updated": _TIMES,
        "first_published": _TIMES,
        "buried": st.booleans(),
        "appearance": st.none() | st.tuples(st.none() | st.integers(-(10**9), 10**10), _NUMBER, _NUMBER),
        "form": st.integers(0, 5_000),
        "gist": _HASHES,
    }
)
ENTRIES = st.lists(
    _FIELDS.map(lambda fields: Remembered(**fields)), unique_by=lambda entry: entry.entry_id, min_size=1, max_size=40
)


@settings(max_examples=200, deadline=None)
@given(ENTRIES)
def test_what_is_packed_comes_out_again(entries: list[Remembered]) -> None:
    """Each is found by its id as it was, after having been written down as well, and the others are not there."""
    if len(entries) > 1:
        entries[0] = entries[0]._replace(duplicate_of=entries[-1].entry_id, story=entries[-1].entry_id)
        entries[-1] = entries[-1]._replace(story=entries[-1].entry_id)
    packed = Skeletons.of(entries, 7, None, 9)
    read = Skeletons.decode(list(packed.encode()))

    assert read == packed
    assert {entry.entry_id: entry for entry in read} == {entry.entry_id: entry for entry in entries}
    assert all(read.get(entry.entry_id) == entry for entry in entries)
    assert read.get(entry_id("post", "not there")) is None
    assert set(read.gone()) == {entry.entry_id for entry in entries if entry.awaits_tombstone}


@settings(max_examples=100, deadline=None)
@given(ENTRIES)
def test_those_without_ids_are_found_by_what_they_show(entries: list[Remembered]) -> None:
    """Fingerprint, appearance, minute, headline and body each lead to all the entries of the source that have it."""
    packed = Skeletons.of(entries, 7, None, 9)
    with_appearance = [(entry, entry.appearance) for entry in entries if entry.appearance]
    traits: list[Any] = [
        lambda entry, _: (entry.source_id, entry.fingerprint) if entry.fingerprint else None,
        lambda entry, appearance: (entry.source_id, appearance),
        lambda entry, appearance: (entry.source_id, "minute", appearance[0]) if appearance[0] is not None else None,
        lambda entry, appearance: (entry.source_id, "headline", appearance[1]) if appearance[1] else None,
        lambda entry, appearance: (entry.source_id, "body", appearance[2]) if appearance[2] else None,
    ]
    for trait in traits:
        for entry, appearance in with_appearance:
            if wanted := trait(entry, appearance):
                same = {other.entry_id for other, shown in with_appearance if trait(other, shown) == wanted}
                assert set(packed.find(wanted)) == same
    assert list(packed.find(("nobody", b"12345678"))) == []


def test_a_long_coverage_takes_several_records() -> None:
    """No record grows beyond what a message may hold, and all of them together say the same."""
    entries = [
        Remembered(
            entry_id=entry_id("post", str(number)), source_id="post", post_id=None, place=number, revision=1,
            state=State.USABLE, fingerprint=b"12345678", hash=UNHASHED, received=7, version=str(number),
        )
        for number in range(2 * CHUNK_ROWS + 10)
    ]  # fmt: skip
    packed = Skeletons.of(entries, 7, None, len(entries))
    records = list(packed.encode())

    assert len(records) == packed.chunks == 3
    assert max(map(len, records)) < 500_000
    assert Skeletons.decode(records) == packed
    assert packed.get(entries[-1].entry_id) == entries[-1]


@pytest.mark.parametrize("ids", [True, False])
def test_a_quiet_entry_takes_at_most_96_bytes(*, ids: bool) -> None:
    """Of 20,000 entries in coverages of 200, as tracemalloc counts the memory of the process."""
    desk = Newsdesk()
    for batch in range(2):
        shown = [
            post(f"p{batch}-{n}" if ids else None, f"Report {batch} number {n} of the day.", headline=f"Report {n}",
                 published_at=NOON + timedelta(minutes=n))
            for n in range(100)
        ]  # fmt: skip
        desk.push(*shown, source=f"s{batch}")
    log = dict(desk.log)
    tracemalloc.start()
    memory = Memory()
    for place in range(100):
        for key, value in log.items():
            memory.load(f"coverage-{place}\0".encode() + key.rpartition(b"\0")[2], bytes(bytearray(value or b"")))
    live = tracemalloc.get_traced_memory()[0]
    later = Document(
        id="d", source_id="s", coverage_id="now", received_at=NOON + timedelta(days=4), content_type="-", body=b"-"
    )
    draft = memory.draft()
    draft.decide(later, Source(id="s"), Coverage(id="now"), [], snapshot=False)
    memory.apply(draft)
    coverages = 0
    for _ in range(20):
        draft = memory.draft()
        coverages += len(draft.forget(NOON).coverages)
        memory.apply(draft)
    del draft
    gc.collect()
    quiet = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()

    assert coverages == 100
    assert quiet / 20_000 <= 96 < live / 20_000


def test_a_sweep_looks_at_what_is_due_alone() -> None:
    """However often a coverage is seen, it is looked at once a wait."""
    ages, looked = Ages(), list[str]()

    def wait(coverage_id: str) -> int:
        looked.append(coverage_id)
        return 48

    for hour in range(480):
        ages.put("busy", hour)
        if hour < 100:
            ages.put(f"once-{hour}", hour)
        list(ages.due(wait))

    assert looked.count("busy") <= 12
    # Those that are due stay so until a commit lets them rest; the others were looked at once and wait.
    assert set(ages.due(wait)) == {f"once-{hour}" for hour in range(100)}


def test_what_has_nothing_left_to_forget_is_not_looked_at_again() -> None:
    """A coverage that is wholly forgotten costs a sweep nothing until it is seen again."""
    ages, looked = Ages(), list[str]()
    ages.put("old", 1)
    ages.put("new", 100)
    for _ in range(3):
        list(ages.due(looked.append))

    assert looked == ["old"]
