"""What is done by hand for its speed is what the library does."""

from uuid import NAMESPACE_URL, uuid5

import ftfy
from hypothesis import given
from hypothesis import strategies as st

from streams.dedupe.identity.identity import entry_id
from streams.dedupe.notation.canonical import _DOUBTFUL
from streams.dedupe.same_news.boilerplate import _BEGINS, _BYLINE, _CREDIT, _INVITATION, _STAMP, _UNSEEN

_ODD = st.sampled_from(
    "\u20ac\u00e2\u00c3\u00c2\u00e9\u0153\u00f1\u00d0\u00d1\ufffd\u201c\u2019\u00a0\u0102a \u00ef5.T\u00e0\u00b0"
)
_REPORTING_NOTHING = st.sampled_from(
    ["By Ann Lee", "Photo: A. Lee", "(AP)", "via AFP", "Read more here", "\u00a9 Post", "Last updated at 12:34",
     "If you can't see this map, tap", "That's all for today", "Reporting by", "BREAKING news", "lire aussi: x"]
)  # fmt: skip


@given(st.text(max_size=20), st.text(max_size=20))
def test_an_entry_id_is_a_uuid_of_version_5(source: str, key: str) -> None:
    """Made of the digest by hand, it is what `uuid5` makes."""
    assert entry_id(source, key) == str(uuid5(uuid5(NAMESPACE_URL, f"liveline:{source}"), key))


@given(st.text(_ODD, max_size=12))
def test_ftfy_changes_nothing_that_it_is_not_shown(text: str) -> None:
    """A text without two odd characters side by side, and without the few that are odd alone, is no mojibake."""
    assert _DOUBTFUL.search(text) or ftfy.fix_encoding(text) == text


@given(st.text(" ('\u2014", max_size=2), _REPORTING_NOTHING, st.text(" .:ab", max_size=3))
def test_a_sentence_that_reports_nothing_begins_with_a_known_word(before: str, said: str, after: str) -> None:
    """The one look that most sentences get leaves none of them out."""
    sentence = f"{before}{said}{after}"
    nothing = any(pattern.match(sentence) for pattern in (_STAMP, _UNSEEN, _CREDIT, _INVITATION, _BYLINE))

    assert _BEGINS.match(sentence) or not nothing
