"""The index of band keys finds what shares passages, whether it grew, was changed or was built at once."""

import random

import pytest
from newsdesk import post

from streams.dedupe.same_news.candidates import COMMON_ENTRIES, Candidates
from streams.dedupe.same_news.minhash import signature, unpack_keys
from streams.dedupe.same_news.similarity import compared_text

_WORDS = [
    f"{a}{b}"
    for a in ("har", "qua", "cre", "smo", "bri", "tra", "pol", "fir")
    for b in ("bour", "lis", "ton", "ke", "dge")
]


def text(dice: random.Random, sentences: int = 4) -> str:
    """Return an invented text."""
    return " ".join(" ".join(dice.choices(_WORDS, k=12)).capitalize() + "." for _ in range(sentences))


def test_a_signature_is_the_same_for_ever() -> None:
    """Signatures are kept, so the hashing must not change between versions or machines."""
    keys = unpack_keys(signature(["Crews fought the fire at the north quay.", "Nobody was hurt."])).tolist()

    assert keys[:3] == [69224510, 254705589, 435347912]
    assert len(keys) == 21


def test_a_paragraph_inside_a_longer_text_is_found() -> None:
    """Passages have keys of their own."""
    dice = random.Random(1)
    wire = text(dice, 2)
    index = Candidates()
    index.put("wire", compared_text(post("a", wire)).signature)

    longer = compared_text(post("b", f"{text(dice, 6)} {wire} {text(dice, 6)}")).signature

    assert any("wire" in owners for owners in index.hits(longer)[0].values())


def test_growing_changing_and_building_at_once_find_the_same() -> None:
    """An index that lived through thousands of changes answers as one that was just loaded."""
    dice = random.Random(2)
    texts = [text(dice) for _ in range(300)]
    lived, newest = Candidates(), {}
    for _ in range(1_500):
        entry = f"e{dice.randrange(120)}"
        newest[entry] = b"" if dice.random() < 0.1 else compared_text(post("a", dice.choice(texts))).signature
        lived.put(entry, newest[entry])
    built = Candidates()
    built.build(list(newest.items()))

    for asked in texts:
        wanted = compared_text(post("a", asked)).signature
        found = [{key: sorted(o) for key, o in index.hits(wanted)[0].items() if o} for index in (lived, built)]
        assert found[0] == found[1]
    assert len(lived) == len(built)


@pytest.mark.parametrize("written", [1, 40], ids=["newest alone", "settled too"])
def test_a_key_that_many_share_is_told_apart_and_one_that_few_share_is_not(written: int) -> None:
    """However many look alike, a copy among them is found by what only the two have."""
    dice = random.Random(3)
    index = Candidates()
    for number in range(COMMON_ENTRIES + 10):
        for version in range(written):
            body = f"{text(dice, 1)} The swell keeps ferries in the outer harbour until noon. {version}"
            index.put(f"e{number}", compared_text(post("a", body)).signature)
    last = compared_text(post("a", body)).signature

    rare, common = index.hits(last)

    assert common
    assert not common & rare.keys()
    assert all(f"e{COMMON_ENTRIES + 9}" in owners for owners in rare.values())


def test_what_is_hidden_does_not_count() -> None:
    """Entries that a layer above knows anew are no owners of a key, be they ever so many."""
    index = Candidates()
    signature = compared_text(post("a", "Ferries leave at noon because of the swell, the operator says.")).signature
    for number in range(2 * COMMON_ENTRIES):
        index.put(f"e{number}", signature)
    hidden = {f"e{number}" for number in range(1, 2 * COMMON_ENTRIES)}

    rare, common = index.hits(signature, hidden.__contains__, len(hidden))

    assert not common
    assert set(map(tuple, rare.values())) == {("e0",)}
