"""The newest revisions in memory."""

from gateway_harness import an_entry
from hypothesis import given
from hypothesis import strategies as st

from streams.archive import Revision
from streams.archive.facets import Facets
from streams.gateway.feed.window import Window

FACETS = Facets.of(an_entry(1).to_dict())


def revision(partition: int, offset: int, size: int = 10) -> Revision:
    """Return a record."""
    return Revision(partition, offset, 0, f"{partition}-{offset}", 1, b"x" * size, FACETS)


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(1, 4)), max_size=60),
    st.integers(1, 30),
    st.lists(st.integers(0, 100), min_size=3, max_size=3),
)
def test_what_follows_a_position_is_all_or_known_to_be_missing(
    steps: list[tuple[int, int]], size: int, asked: list[int]
) -> None:
    """With gaps in the offsets and any bound: the answer is exactly the log after a position, or None."""
    window = Window(dict.fromkeys(range(3), 0), max_count=size, max_bytes=10_000)
    log: list[Revision] = []
    ends = dict.fromkeys(range(3), 0)
    for partition, gap in steps:
        ends[partition] += gap
        log.append(revision(partition, ends[partition]))
        window.add(log[-1])
    position = dict(enumerate(asked))

    missed = window.after(position)

    expected = [each for each in log if each.offset >= position[each.partition]]
    forgotten = any(each.offset >= position[each.partition] for each in log[:-size])
    assert missed == (None if forgotten else expected)


def test_the_window_is_bounded_in_bytes() -> None:
    """A few large entries push many small ones out, and who needs those goes to the archive."""
    window = Window({0: 0}, max_count=1000, max_bytes=100)
    for offset in range(5):
        window.add(revision(0, offset, 30))

    assert window.after({0: 1}) is None
    assert window.after({0: 2}) == [revision(0, offset, 30) for offset in (2, 3, 4)]
    assert window.after({0: 99}) == []
