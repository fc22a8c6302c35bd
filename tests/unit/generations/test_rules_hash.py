"""The hash of what decides what documents lead to."""

from schemas.newsroom import Coverage, KnownName, Newsroom, Source
from streams.generations.rules import rules_hash

FIRE = Coverage(id="fire", sources=(Source(id="post"), Source(id="wire")))
FLOOD = Coverage(id="flood", country="GB")


def hash_of(*coverages: Coverage, **bounds: str) -> str:
    """Return the hash of a newsroom."""
    return rules_hash(Newsroom(coverages=coverages), bounds)


def test_what_entries_do_not_depend_on_does_not_count() -> None:
    """Order, titles, who may read, and how documents are fetched."""
    shown = Coverage(
        id="fire", title="The fire", public=False, closed=True,
        sources=(Source(id="wire", url="https://wire.example/live", every="5s"), Source(id="post")),
    )  # fmt: skip

    assert hash_of(FLOOD, shown) == hash_of(FIRE, FLOOD)


def test_what_entries_depend_on_counts() -> None:
    """Of sources, of coverages, and of what else is set."""
    others = [
        hash_of(FIRE),
        hash_of(FIRE, FLOOD.model_copy(update={"country": "US"})),
        hash_of(FIRE, FLOOD.model_copy(update={"names": (KnownName(type="place", name="Quayside"),)})),
        hash_of(FIRE.model_copy(update={"sources": (Source(id="post", timezone="Europe/Berlin"),)}), FLOOD),
        hash_of(FIRE, FLOOD, enough_short="0.9"),
    ]

    assert len({hash_of(FIRE, FLOOD), *others}) == 6
