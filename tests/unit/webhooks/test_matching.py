"""Which revisions a webhook gets: what the streams' rule says, from what is remembered alone."""

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from streams.archive import Due, Revision, due
from streams.archive.due import Past, and_then
from streams.archive.facets import Facets
from streams.gateway.delivery.filters import Filter
from streams.webhooks.matching import judge

if TYPE_CHECKING:
    from streams.archive.state import Seen

FILTERS = st.builds(
    Filter,
    coverages=st.sampled_from([frozenset[str](), frozenset({"a"}), frozenset({"b"})]),
    key_event=st.sampled_from([None, True]),
    min_urgency=st.sampled_from([None, 3]),
    duplicates=st.booleans(),
)
FACETS = st.lists(
    st.builds(
        Facets,
        coverage=st.just("a"),
        source=st.just("s"),
        urgency=st.sampled_from([1, 5]),
        key_event=st.booleans(),
        original=st.booleans(),
        gone=st.booleans(),
    ),
    min_size=1,
    max_size=6,
)


def revision(number: int, facets: Facets, past: Past | None = None) -> Revision:
    """Return a revision of one entry."""
    return Revision(0, number, 0, "e", number, b"{}", facets, past)


@given(FILTERS, FACETS)
def test_it_agrees_with_the_streams(wanted: Filter, forms: list[Facets]) -> None:
    """Whatever an entry goes through, a webhook that was there from its beginning gets what a stream gets."""
    past: Past | None = None
    seen: Seen | None = None
    for number, facets in enumerate(forms, 1):
        # A retraction whose entry was never anything else has no past; a stream can't tell that from an unknown one.
        if number > 1 and past is None:
            return
        how, seen = judge(wanted, revision(number, facets), seen)
        assert how is due(wanted, revision(number, facets, past))
        past = and_then(past, facets)


@given(FILTERS, FACETS)
def test_reading_again_judges_the_same(wanted: Filter, forms: list[Facets]) -> None:
    """What a recovery reads again is due as it was, whatever was remembered since."""
    seen: Seen | None = None
    first = []
    for number, facets in enumerate(forms, 1):
        how, seen = judge(wanted, revision(number, facets), seen)
        first.append(how)
    again = []
    for number, facets in enumerate(forms, 1):
        how, seen = judge(wanted, revision(number, facets), seen)
        again.append(how)

    assert again == first


def test_a_retraction_of_an_entry_from_before_goes_out() -> None:
    """The receiver may have read it elsewhere; other edits of it that don't fit are none of its business."""
    wanted = Filter(key_event=True)
    plain = Facets(coverage="a", source="s")

    edit, seen = judge(wanted, revision(4, plain), None)
    gone, _ = judge(wanted, revision(5, replace(plain, gone=True)), seen)

    assert (edit, gone) == (Due.NOT, Due.LEFT)
