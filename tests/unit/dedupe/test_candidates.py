"""The index of band keys finds what shares passages, whether it grew, was changed or was built at once."""

import random

from newsdesk import post

from streams.dedupe.candidates import Candidates
from streams.dedupe.signature import signature, unpack_keys
from streams.dedupe.similarity import told

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
    index.put("wire", told(post("a", wire)).signature)

    longer = told(post("b", f"{text(dice, 6)} {wire} {text(dice, 6)}")).signature

    assert any("wire" in owners for owners in index.hits(longer)[0].values())


def test_growing_changing_and_building_at_once_find_the_same() -> None:
    """An index that lived through thousands of changes answers as one that was just loaded."""
    dice = random.Random(2)
    texts = [text(dice) for _ in range(300)]
    lived, newest = Candidates(), {}
    for _ in range(1_500):
        entry = f"e{dice.randrange(120)}"
        newest[entry] = b"" if dice.random() < 0.1 else told(post("a", dice.choice(texts))).signature
        lived.put(entry, newest[entry])
    built = Candidates()
    built.build(list(newest.items()))

    for asked in texts:
        wanted = told(post("a", asked)).signature
        found = [{key: sorted(o) for key, o in index.hits(wanted)[0].items() if o} for index in (lived, built)]
        assert found[0] == found[1]
    assert len(lived) == len(built)
