"""Words as search compares them."""

from hypothesis import given
from hypothesis import strategies as st

from streams.archive.folding import folded_words, words


@given(st.one_of(st.text(), st.text(st.characters(max_codepoint=127))))
def test_the_quick_way_finds_the_same_words(text: str) -> None:
    """An English text is parted by another expression; what is indexed stays what is asked for."""
    assert list(folded_words(text)) == [word.folded for word in words(text)]
